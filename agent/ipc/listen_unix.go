//go:build unix

package ipc

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/readmit/readmit/agent/paths"
	"golang.org/x/sys/unix"
)

const lockName = "agent.lock"

// listener accepts only this user's processes and owns lock and socket.
type listener struct {
	*net.UnixListener
	lock   *os.File
	socket string      // to be removed; empty when a service manager owns it
	bound  os.FileInfo // the socket as it was made
	uid    int         // who may connect
	once   sync.Once
	err    error
}

func listen(dirs paths.Dirs) (net.Listener, error) {
	socket := dirs.Socket()
	folder := filepath.Dir(socket)
	if err := paths.Private(folder); err != nil {
		return nil, fmt.Errorf("preparing the runtime folder: %w", err)
	}
	lock, err := takeLock(filepath.Join(folder, lockName))
	if err != nil {
		return nil, err
	}
	l, err := listenLocked(socket)
	if err != nil {
		_ = lock.Close()
		return nil, err
	}
	l.lock = lock
	return l, nil
}

// takeLock returns the open lock file; closing it, or dying, gives it back.
// The file itself stays: removing it would let two agents lock two files.
func takeLock(path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the agent's lock: %w", err)
	}
	err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		// Whoever finds an agent that does not answer wants to know which it is.
		// On a full disk it goes without.
		_ = lock.Truncate(0)
		_, _ = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
		return lock, nil
	}
	_ = lock.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, ErrRunning
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}

func holder(dirs paths.Dirs) int {
	lock, err := os.OpenFile(filepath.Join(filepath.Dir(dirs.Socket()), lockName), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return 0
	}
	defer func() { _ = lock.Close() }()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_SH|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
		return 0
	}
	const longest = 20 // digits
	data, err := io.ReadAll(io.LimitReader(lock, longest))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(string(data))
	if err != nil || pid < 2 {
		return 0
	}
	return pid
}

func listenLocked(socket string) (*listener, error) {
	inherited, err := activated()
	if err != nil {
		return nil, err
	}
	if inherited != nil {
		return &listener{UnixListener: inherited, uid: os.Getuid()}, nil
	}
	if err := removeStale(socket); err != nil {
		return nil, err
	}
	// The folder is private, so that nobody connects between bind and chmod.
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	l.SetUnlinkOnClose(false)
	if err := os.Chmod(socket, 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("making the socket private: %w", err)
	}
	bound, err := os.Lstat(socket)
	if err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("looking at the socket: %w", err)
	}
	return &listener{UnixListener: l, socket: socket, bound: bound, uid: os.Getuid()}, nil
}

// removeStale removes the socket of an agent that is gone. Only the holder of
// the lock may call it.
func removeStale(socket string) error {
	info, err := os.Lstat(socket)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking at the socket: %w", err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return &paths.UnsafeError{Path: socket, Problem: "it is not a socket", Hint: "move it away: mv " + paths.Quote(socket) + " " + paths.Quote(socket+".old")}
	}
	if err := os.Remove(socket); err != nil {
		return fmt.Errorf("removing the socket of an earlier agent: %w", err)
	}
	return nil
}

// Accept returns the next connection of this user.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.AcceptUnix()
		if err != nil {
			return nil, err
		}
		if peer, err := peerOf(conn); err == nil && peer.UID == l.uid {
			return conn, nil
		}
		_ = conn.Close()
	}
}

// Close removes the socket before the lock goes, so that the next agent's
// socket is never the one removed; nor is it when the folder was cleared and
// another agent began anew in it.
func (l *listener) Close() error {
	l.once.Do(func() {
		l.err = l.UnixListener.Close()
		if now, err := os.Lstat(l.socket); err == nil && os.SameFile(now, l.bound) {
			l.err = errors.Join(l.err, os.Remove(l.socket))
		}
		l.err = errors.Join(l.err, l.lock.Close())
	})
	return l.err
}
