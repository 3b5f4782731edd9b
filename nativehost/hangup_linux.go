package nativehost

import (
	"os"

	"golang.org/x/sys/unix"
)

// hungUp reports whether the other end of a pipe or socket is closed, even if
// there is still something to read.
func hungUp(f *os.File) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return true // closed
	}
	var events int16
	err = raw.Control(func(fd uintptr) {
		poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
		if _, err := unix.Poll(poll, 0); err == nil {
			events = poll[0].Revents
		}
	})
	return err != nil || events&(unix.POLLHUP|unix.POLLRDHUP|unix.POLLERR|unix.POLLNVAL) != 0
}
