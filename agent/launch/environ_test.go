//go:build linux

package launch

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/paths"
)

func TestTheEnvironmentIsPicked(t *testing.T) {
	own := paths.Dirs{
		Config:  "/home/anna/.config/readmit",
		State:   "/home/anna/.local/state/readmit",
		Runtime: "/run/user/7/readmit",
	}
	keep := []string{
		"HOME=/home/anna", "USER=anna", "LOGNAME=anna", "TMPDIR=/var/tmp", "LANG=de_DE.UTF-8", "LC_TIME=C", "TZ=Europe/Berlin",
		"XDG_CURRENT_DESKTOP=GNOME", "DBUS_SESSION_BUS_ADDRESS=unix:path=/bus", "DISPLAY=:0", "WAYLAND_DISPLAY=wayland-0",
	}
	drop := []string{
		"LD_PRELOAD=/evil.so", "LD_LIBRARY_PATH=/evil", "LD_AUDIT=/evil.so", "GODEBUG=x=1", "GOTRACEBACK=crash", "GCONV_PATH=/evil",
		"PATH=/evil", "HOMEDRIVE=x", "AWS_SECRET_ACCESS_KEY=hunter2", "LISTEN_FDS=1", "READMIT_OTHER=1", "LC=x", "xdg_runtime_dir=/x", "broken",
	}
	got := environment(slices.Concat(drop, keep), own)
	path := got[0]
	if !strings.HasPrefix(path, "PATH=/") || strings.Contains(path, "evil") {
		t.Errorf("first comes %s", path)
	}
	// The folders follow from the environment only with XDG_RUNTIME_DIR in it.
	set := []string{paths.ConfigEnv + "=" + own.Config, paths.StateEnv + "=" + own.State, paths.RuntimeEnv + "=" + own.Runtime}
	if diff := cmp.Diff(slices.Concat(keep, set), got[1:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFoldersAreSetOnlyWhenTheyWouldDiffer(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ []string
		dirs    paths.Dirs
		set     bool
	}{
		{"the defaults are not spelled out, so that a service manager may be used",
			[]string{"HOME=/h"}, paths.Dirs{Config: "/h/.config/readmit", State: "/h/.local/state/readmit", Runtime: "/h/.local/state/readmit/run"}, false},
		{"what the environment says already is not said twice",
			[]string{"HOME=/h", "READMIT_CONFIG_DIR=/c", "READMIT_STATE_DIR=/s", "READMIT_RUNTIME_DIR=/r"}, paths.Dirs{Config: "/c", State: "/s", Runtime: "/r"}, false},
		{"the caller's folders win over inherited ones",
			[]string{"HOME=/h", "READMIT_STATE_DIR=/other"}, paths.Dirs{Config: "/c", State: "/s", Runtime: "/r"}, true},
		{"a home that is not known leaves the caller's folders", nil, paths.Dirs{Config: "/c", State: "/s", Runtime: "/r"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			values := map[string]string{}
			got := environment(test.environ, test.dirs)
			for _, entry := range got {
				name, value, _ := strings.Cut(entry, "=")
				values[name] = value
			}
			if set := len(got) == 1+len(test.environ)+3; set != test.set {
				t.Errorf("the environment is %q", got)
			}
			home := values["HOME"]
			if home == "" {
				home = "/unknown"
			}
			dirs, err := paths.For(func(name string) string { return values[name] }, home, 7)
			if err != nil || dirs != test.dirs {
				t.Errorf("the agent would use %+v, %v", dirs, err)
			}
		})
	}
}
