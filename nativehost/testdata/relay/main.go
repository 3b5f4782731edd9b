// Command relay is what the native host is measured against: the least that
// connects a browser's pipes to a Unix socket. "relay SOCKET" copies bytes both
// ways; "relay -echo SOCKET" listens there and sends back what it gets.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 2:
		err = relay(os.Args[1])
	case len(os.Args) == 3 && os.Args[1] == "-echo":
		err = echo(os.Args[2])
	default:
		err = fmt.Errorf("usage: relay [-echo] SOCKET")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "relay:", err)
		os.Exit(1)
	}
}

func relay(socket string) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	ended := make(chan error, 2)
	go func() { ended <- pump(conn, os.Stdin) }()
	go func() { ended <- pump(os.Stdout, conn) }()
	return <-ended
}

func echo(socket string) error {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer func() { _ = conn.Close() }()
			_ = pump(conn, conn)
		}()
	}
}

// pump copies through one buffer: io.Copy would splice, which is slower for
// messages this small.
func pump(w io.Writer, r io.Reader) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
