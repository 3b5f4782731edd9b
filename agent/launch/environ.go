package launch

import (
	"os"
	"runtime"
	"strings"

	"github.com/readmit/readmit/agent/paths"
)

// allowed are the variables an agent may inherit; a name that ends in an
// underscore stands for all that begin with it. What loads code into a program
// (LD_*, DYLD_*, GODEBUG and their like) is not among them.
var allowed = []string{
	"HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_", "TZ",
	"XDG_", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY",
	paths.ConfigEnv, paths.StateEnv, paths.RuntimeEnv,
}

// allowedWindows is what Windows programs need besides; names there have no
// case.
var allowedWindows = []string{
	"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "USERPROFILE", "USERNAME", "USERDOMAIN",
	"APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "TEMP", "TMP",
}

// environment picks from environ what the agent may have, and makes sure that
// it will use the folders of its caller.
func environment(environ []string, dirs paths.Dirs) []string {
	kept := map[string]string{}
	picked := searchPath()
	for _, entry := range environ {
		name, value, found := strings.Cut(entry, "=")
		if found && inherits(name) {
			picked = append(picked, entry)
			kept[name] = value
		}
	}
	same, err := paths.For(func(name string) string { return kept[name] }, kept["HOME"], os.Getuid())
	if err == nil && same == dirs {
		return picked
	}
	// Of two entries for one name the later counts.
	return append(picked,
		paths.ConfigEnv+"="+dirs.Config, paths.StateEnv+"="+dirs.State, paths.RuntimeEnv+"="+dirs.Runtime)
}

func inherits(name string) bool {
	if runtime.GOOS == "windows" {
		name = strings.ToUpper(name)
		for _, other := range allowedWindows {
			if name == other {
				return true
			}
		}
	}
	for _, other := range allowed {
		if name == other || strings.HasSuffix(other, "_") && strings.HasPrefix(name, other) {
			return true
		}
	}
	return false
}
