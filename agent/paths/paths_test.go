//go:build linux

package paths_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/paths"
)

func TestForFollowsXDGAndOverrides(t *testing.T) {
	const home = "/home/anna"
	byDefault := paths.Dirs{
		Config:  "/home/anna/.config/readmit",
		State:   "/home/anna/.local/state/readmit",
		Runtime: "/home/anna/.local/state/readmit/run",
	}
	for _, test := range []struct {
		name string
		env  map[string]string
		want paths.Dirs
	}{
		{"an empty environment", nil, byDefault},
		{"all of XDG", map[string]string{
			"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_RUNTIME_DIR": "/run/user/1000",
		}, paths.Dirs{Config: "/c/readmit", State: "/s/readmit", Runtime: "/run/user/1000/readmit"}},
		{"relative XDG values count as unset", map[string]string{
			"XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": "./s", "XDG_RUNTIME_DIR": "run",
		}, byDefault},
		{"another user's runtime folder, as after su, counts as unset",
			map[string]string{"XDG_RUNTIME_DIR": "/run/user/0"}, byDefault},
		{"a user whose number only begins like ours is another",
			map[string]string{"XDG_RUNTIME_DIR": "/run/user/10001"}, byDefault},
		{"overrides win and are cleaned", map[string]string{
			"XDG_CONFIG_HOME": "/c", "READMIT_CONFIG_DIR": "/x/../oc/", "READMIT_STATE_DIR": "/os", "READMIT_RUNTIME_DIR": "/or",
		}, paths.Dirs{Config: "/oc", State: "/os", Runtime: "/or"}},
		{"the runtime folder follows a moved state folder",
			map[string]string{"READMIT_STATE_DIR": "/os"}, paths.Dirs{Config: byDefault.Config, State: "/os", Runtime: "/os/run"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := paths.For(func(name string) string { return test.env[name] }, home, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheFolderHasTheProjectsName(t *testing.T) {
	dirs, err := paths.For(func(string) string { return "" }, "/home/anna", 1000)
	if err != nil || filepath.Base(dirs.Config) != about.Name {
		t.Errorf("%+v, %v", dirs, err)
	}
}

func TestForRefusesRelativePaths(t *testing.T) {
	for _, name := range []string{paths.ConfigEnv, paths.StateEnv, paths.RuntimeEnv} {
		_, err := paths.For(func(asked string) string {
			if asked == name {
				return "relative"
			}
			return ""
		}, "/home/anna", 1000)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=relative: %v", name, err)
		}
	}
	if _, err := paths.For(func(string) string { return "" }, "", 1000); err == nil {
		t.Error("an unknown home folder passed")
	}
}

func TestSocketAlwaysFitsSunPath(t *testing.T) {
	for _, test := range []struct {
		name    string
		runtime string
		moved   bool
	}{
		{"a usual path stays", "/run/user/1000/readmit", false},
		{"100 bytes stay", "/" + strings.Repeat("r", 88), false},
		{"101 bytes move", "/" + strings.Repeat("r", 89), true},
		{"a very long path moves", "/" + strings.Repeat("long/", 200), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			socket := paths.Dirs{Runtime: test.runtime}.Socket()
			if len(socket) > 100 {
				t.Errorf("%s has %d bytes", socket, len(socket))
			}
			if stays := filepath.Dir(socket) == test.runtime; stays == test.moved {
				t.Errorf("the socket is %s", socket)
			}
		})
	}
	one := paths.Dirs{Runtime: "/a/" + strings.Repeat("r", 100)}
	other := paths.Dirs{Runtime: "/b/" + strings.Repeat("r", 100)}
	if one.Socket() == other.Socket() {
		t.Error("two runtime folders share a socket")
	}
}
