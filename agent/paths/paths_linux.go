package paths

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

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
	if runtime := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) && !othersRuntime(runtime, uid) {
		dirs.Runtime = filepath.Join(runtime, name)
	}
	return dirs, nil
}

// othersRuntime reports whether dir is logind's runtime folder of another
// user: su and sudo often leave the variable of the user who called them.
func othersRuntime(dir string, uid int) bool {
	owner, found := strings.CutPrefix(filepath.Clean(dir), "/run/user/")
	owner, _, _ = strings.Cut(owner, "/")
	return found && owner != fmt.Sprint(uid)
}
