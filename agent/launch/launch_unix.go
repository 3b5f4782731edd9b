//go:build unix

package launch

import "syscall"

// detached puts the agent in a session of its own: Chromium and Firefox end
// the process group of a native host.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// searchPath is the PATH an agent gets, whatever its caller's was.
func searchPath() []string { return []string{"PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"} }
