package launch

import (
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

// detached leaves the console and the job in which browsers put a native host.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		HideWindow:    true,
		CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS | windows.CREATE_BREAKAWAY_FROM_JOB,
	}
}

func searchPath() []string {
	root := os.Getenv("SystemRoot")
	return []string{"PATH=" + filepath.Join(root, "System32") + ";" + root}
}

// Harden does nothing: a Go program already keeps Windows' crash dialog away,
// and Windows writes no dumps of programs unless an administrator asked for it.
func Harden() error { return nil }

// closeInheritedOnExec does nothing: handles are passed on only by name.
func closeInheritedOnExec() {}
