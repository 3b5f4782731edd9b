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
	if err := ownSocket(socket, &stat, os.Getuid()); err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, notRunning(fmt.Errorf("connecting: %w", err))
	}
	if err := answeredBy(conn, os.Getuid()); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

func ownSocket(path string, stat *unix.Stat_t, uid int) error {
	problem := ""
	switch {
	case stat.Mode&unix.S_IFMT != unix.S_IFSOCK:
		problem = "it is not a socket"
	case stat.Uid != uint32(uid):
		problem = fmt.Sprintf("it belongs to user %d", stat.Uid)
	default:
		return nil
	}
	return &paths.UnsafeError{Path: path, Problem: problem, Hint: "remove it and start again: rm " + paths.Quote(path)}
}

func answeredBy(conn net.Conn, uid int) error {
	peer, err := peerOf(conn)
	if err == nil && peer.UID != uid {
		return ErrOtherUser
	}
	return err
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
