//go:build unix

package ipc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/readmit/readmit/agent/paths"
	"golang.org/x/sys/unix"
)

func dial(ctx context.Context, dirs paths.Dirs) (net.Conn, error) {
	socket := dirs.Socket()
	if err := paths.Check(filepath.Dir(socket)); err != nil {
		return nil, notRunning(err)
	}
	var stat unix.Stat_t
	if err := unix.Lstat(socket, &stat); err != nil {
		return nil, notRunning(fmt.Errorf("looking at the socket: %w", err))
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFSOCK || stat.Uid != uint32(os.Getuid()) {
		return nil, &paths.UnsafeError{Path: socket, Problem: "it is not a socket of this user", Hint: "run: rm " + socket}
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, notRunning(fmt.Errorf("connecting: %w", err))
	}
	peer, err := peerOf(conn)
	if err == nil && peer.UID != os.Getuid() {
		err = ErrOtherUser
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// notRunning makes what says that nobody listens an ErrNotRunning.
func notRunning(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%w: %w", ErrNotRunning, err)
	}
	return err
}

// credentials runs read on the connection's socket.
func credentials(conn net.Conn, read func(fd int) (Peer, error)) (Peer, error) {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return Peer{}, fmt.Errorf("asking who is connected: %T is no socket: %w", conn, errors.ErrUnsupported)
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return Peer{}, fmt.Errorf("asking who is connected: %w", err)
	}
	var peer Peer
	var readErr error
	if err := raw.Control(func(fd uintptr) { peer, readErr = read(int(fd)) }); err != nil {
		return Peer{}, fmt.Errorf("asking who is connected: %w", err)
	}
	if readErr != nil {
		return Peer{}, fmt.Errorf("asking who is connected: %w", readErr)
	}
	return peer, nil
}
