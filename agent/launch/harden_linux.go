package launch

import (
	"fmt"
	"math"

	"golang.org/x/sys/unix"
)

// Harden keeps the program's memory out of core dumps and out of reach of
// debuggers of the same user. A program calls it before it handles a secret.
func Harden() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("switching core dumps off: %w", err)
	}
	// A core handler that is a pipe ignores the limit but not this flag.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("making the process undumpable: %w", err)
	}
	return nil
}

// closeInheritedOnExec keeps what a browser left open in the host, such as the
// ends of its pipes, from the agent, which would hold it open for hours. A
// kernel before 5.11 does not know the call; then browsers' own care must do.
func closeInheritedOnExec() {
	const firstAfterStdio = 3
	_ = unix.CloseRange(firstAfterStdio, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
}
