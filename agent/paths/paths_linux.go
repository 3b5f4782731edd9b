package paths

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// runtimeVariable names a folder that the system makes at sign-in, logins.
const (
	runtimeVariable = "XDG_RUNTIME_DIR"
	logins          = "/run/user"
)

// environment is the process's own, completed: a shell of su or cron lacks
// XDG_RUNTIME_DIR, and would start a second agent on the journal of the one
// that the desktop's browsers use.
func environment(uid int) func(string) string { return completed(os.Getenv, logins, uid) }

func completed(getenv func(string) string, logins string, uid int) func(string) string {
	return func(name string) string {
		value := getenv(name)
		if value != "" || name != runtimeVariable {
			return value
		}
		folder := filepath.Join(logins, strconv.Itoa(uid))
		info, err := os.Lstat(folder)
		if err != nil || !info.IsDir() || info.Mode().Perm()&0o077 != 0 {
			return ""
		}
		if owner, ok := info.Sys().(*syscall.Stat_t); !ok || int(owner.Uid) != uid {
			return ""
		}
		return folder
	}
}

func system() string { return "/etc/" + name }

// defaults follows the XDG base directory specification, which says that
// relative values are to be ignored. An empty Runtime means beneath State.
// https://specifications.freedesktop.org/basedir-spec/latest/
func defaults(getenv func(string) string, home string, uid int) (Dirs, error) {
	if !filepath.IsAbs(home) {
		return Dirs{}, errors.New("the home folder is not known: HOME is not an absolute path")
	}
	base := func(variable string, fallback ...string) string {
		if value := getenv(variable); filepath.IsAbs(value) {
			return filepath.Join(value, name)
		}
		return filepath.Join(append(append([]string{home}, fallback...), name)...)
	}
	dirs := Dirs{
		Config: base("XDG_CONFIG_HOME", ".config"),
		State:  base("XDG_STATE_HOME", ".local", "state"),
	}
	if runtime := getenv(runtimeVariable); filepath.IsAbs(runtime) && !othersRuntime(runtime, uid) {
		dirs.Runtime = filepath.Join(runtime, name)
	}
	return dirs, nil
}

// othersRuntime reports whether dir is logind's runtime folder of another
// user: su and sudo often leave the variable of the user who called them.
func othersRuntime(dir string, uid int) bool {
	owner, found := strings.CutPrefix(filepath.Clean(dir), logins+"/")
	owner, _, _ = strings.Cut(owner, "/")
	return found && owner != fmt.Sprint(uid)
}
