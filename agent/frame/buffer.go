package frame

import (
	"encoding/binary"
	"errors"
	"io"
)

// Buffer holds one frame on its way from one stream to another, header and
// payload side by side, so that passing it on is a single write. The zero
// value is ready. It is reused: each Fill forgets the frame before.
type Buffer struct{ data []byte }

// Fill reads the next frame, with the errors of Read. After an error the
// buffer is empty.
func (b *Buffer) Fill(r io.Reader, max int) error {
	b.Clear()
	if err := b.fill(r, int64(max)); err != nil {
		b.Clear()
		return err
	}
	return nil
}

func (b *Buffer) fill(r io.Reader, max int64) error {
	b.data = b.data[:0]
	if err := b.extend(r, headerSize); err != nil {
		return err // io.EOF only when not one byte of the header came
	}
	size := int64(binary.NativeEndian.Uint32(b.data))
	if err := check(size, max); err != nil {
		return err
	}
	if err := b.extend(r, headerSize+int(size)); err != nil {
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	return nil
}

// extend reads until the buffer holds total bytes, growing it only once the
// bytes that fit have arrived.
func (b *Buffer) extend(r io.Reader, total int) error {
	for len(b.data) < total {
		if len(b.data) == cap(b.data) {
			b.grow(total)
		}
		have := len(b.data)
		room := b.data[have:min(total, cap(b.data))]
		n, err := io.ReadFull(r, room)
		b.data = b.data[:have+n]
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *Buffer) grow(total int) {
	size := max(2*cap(b.data), headerSize+firstChunk)
	if size > total {
		size = max(total, headerSize+firstChunk)
	}
	old := b.data
	b.data = make([]byte, len(old), size)
	copy(b.data, old)
	clear(old)
}

// Payload is the frame's payload; it is valid until the next Fill or Clear.
func (b *Buffer) Payload() []byte {
	if len(b.data) < headerSize {
		return nil
	}
	return b.data[headerSize:]
}

// Bytes is the whole frame, header included, and valid as long as Payload.
func (b *Buffer) Bytes() []byte { return b.data }

// Clear overwrites the frame with zeros and lets go of a buffer that an
// unusually large frame had made grow.
func (b *Buffer) Clear() {
	clear(b.data)
	if cap(b.data) > keepAtMost {
		b.data = nil
		return
	}
	b.data = b.data[:0]
}
