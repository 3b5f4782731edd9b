package demo

import (
	"os/exec"
	"syscall"
)

// endWithDemo has the kernel end the program when the thread that started it
// is gone, which is all that is left to do when the demo itself is killed.
func endWithDemo(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}
