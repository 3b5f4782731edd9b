// Package frame reads and writes the frames of native messaging: a length of
// four bytes in the machine's own byte order, then that many bytes of payload.
//
// It promises that no frame larger than the caller's limit is read or stored,
// that memory grows with the bytes that arrived and never with the length that
// was claimed, and that buffers it owned are cleared before it lets go of them,
// because a payload may carry a secret.
//
// Limits: it does not look into payloads, and it has no time limits; the
// caller closes the stream to end a read.
// https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging
package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The largest payloads. Browsers end a port whose host sends more than 1 MiB;
// the other direction is our own limit, far below what browsers allow.
const (
	MaxToBrowser   = 1 << 20
	MaxFromBrowser = 4 << 20
)

const (
	headerSize = 4
	// firstChunk is what is allocated before any payload arrived; a report of
	// usual size fits.
	firstChunk = 16 << 10
	// keepAtMost is the largest buffer kept for the next frame.
	keepAtMost = 64 << 10
)

// ErrBadFrame means a frame that no peer may send: one without payload.
var ErrBadFrame = errors.New("frame without payload")

// ErrTooLarge is what every *TooLargeError is.
var ErrTooLarge = errors.New("frame too large")

// TooLargeError says how large a frame claimed to be and what was allowed.
type TooLargeError struct{ Size, Max int64 }

// Error implements error.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("frame of %d bytes is larger than the %d allowed", e.Size, e.Max)
}

// Is makes errors.Is(err, ErrTooLarge) true.
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }

// Read reads one frame and returns its payload, at most max bytes. It returns
// io.EOF when the stream ended between frames, io.ErrUnexpectedEOF when it
// ended inside one, ErrBadFrame for an empty frame and a *TooLargeError for
// one above max. After any error but io.EOF the stream is out of step and must
// be closed.
func Read(r io.Reader, max int) ([]byte, error) {
	var b Buffer
	if err := b.Fill(r, max); err != nil {
		return nil, err
	}
	return b.Payload(), nil
}

// Write writes payload as one frame in one call of w.Write. Empty payloads and
// those above MaxFromBrowser, the largest limit of all, are refused.
func Write(w io.Writer, payload []byte) error {
	if err := check(int64(len(payload)), MaxFromBrowser); err != nil {
		return err
	}
	whole := make([]byte, headerSize+len(payload))
	defer clear(whole)
	binary.NativeEndian.PutUint32(whole, uint32(len(payload)))
	copy(whole[headerSize:], payload)
	_, err := w.Write(whole)
	return err
}

func check(size, max int64) error {
	switch {
	case size == 0:
		return ErrBadFrame
	case size > max:
		return &TooLargeError{Size: size, Max: max}
	}
	return nil
}
