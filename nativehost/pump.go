package nativehost

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/readmit/readmit/agent/frame"
)

var errAgentGone = errors.New("the agent ended the connection")

// fromBrowser passes frames on to the agent until the browser closes its end,
// for which it returns nil.
func fromBrowser(conn net.Conn, stdin *os.File) *failure {
	var buffer frame.Buffer
	defer buffer.Clear()
	for {
		err := buffer.Fill(stdin, frame.MaxFromBrowser)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable("browser", err)
		}
		left, err := forward(conn, buffer.Bytes(), stdin)
		if left {
			return nil
		}
		if err != nil {
			return unavailable(fmt.Errorf("%w: %w", errAgentGone, err))
		}
		buffer.Clear()
	}
}

// forward writes a frame to the agent. As long as the agent reads nothing, it
// keeps looking whether the browser left, since nobody reads the input then.
func forward(conn net.Conn, data []byte, stdin *os.File) (left bool, err error) {
	for {
		if err := conn.SetWriteDeadline(time.Now().Add(hangUpCheck)); err != nil {
			return false, err
		}
		n, err := conn.Write(data)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return false, err
		}
		if hungUp(stdin) {
			return true, nil
		}
		data = data[n:]
	}
}

// toBrowser passes frames on to the browser until the agent ends. Each is
// complete before its first byte is written, so that what follows a broken one
// can still be an error that the extension understands.
func toBrowser(stdout *os.File, conn net.Conn) *failure {
	var buffer frame.Buffer
	defer buffer.Clear()
	for {
		err := buffer.Fill(conn, frame.MaxToBrowser)
		switch {
		case errors.Is(err, frame.ErrTooLarge), errors.Is(err, frame.ErrBadFrame):
			return unreadable("agent", err)
		case errors.Is(err, io.EOF):
			return unavailable(errAgentGone)
		case err != nil:
			return unavailable(fmt.Errorf("%w: %w", errAgentGone, err))
		}
		if _, err := stdout.Write(buffer.Bytes()); err != nil {
			return nil // the browser is gone
		}
		buffer.Clear()
	}
}
