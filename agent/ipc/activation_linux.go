package ipc

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"

	"github.com/readmit/readmit/agent/paths"
	"golang.org/x/sys/unix"
)

// firstInherited is SD_LISTEN_FDS_START.
const firstInherited = 3

// activated returns the socket that a service manager handed over, or nil.
// The protocol of sd_listen_fds(3) is read here because the library for it
// links crypto/tls, which the native host would have to start as well.
func activated() (*net.UnixListener, error) {
	if os.Getenv(paths.RuntimeEnv) != "" {
		return nil, nil
	}
	pid, err := strconv.Atoi(os.Getenv("LISTEN_PID"))
	if err != nil || pid != os.Getpid() {
		return nil, nil
	}
	count := os.Getenv("LISTEN_FDS")
	for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		if err := os.Unsetenv(name); err != nil {
			return nil, fmt.Errorf("taking over the service manager's socket: %w", err)
		}
	}
	if count != "1" {
		return nil, fmt.Errorf("taking over the service manager's socket: one expected, LISTEN_FDS=%q", count)
	}
	unix.CloseOnExec(firstInherited)
	file := os.NewFile(firstInherited, "inherited socket")
	defer func() { _ = file.Close() }() // the listener has its own copy
	l, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("taking over the service manager's socket: %w", err)
	}
	inherited, ok := l.(*net.UnixListener)
	if !ok {
		_ = l.Close()
		return nil, errors.New("taking over the service manager's socket: it is not a Unix socket")
	}
	return inherited, nil
}
