//go:build unix

package register

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/readmit/readmit/installer/browser"
)

// What is set up for everybody can be read by everybody, whatever the
// administrator's umask is.
func TestWhatIsForEverybodyCanBeReadByEverybody(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Umask(unix.Umask(0o077))
	if err := os.MkdirAll(filepath.Join(root, "etc"), 0o700); err != nil {
		t.Fatal(err)
	}
	b, _ := browser.ByID("chromium")
	plan, err := New(Options{
		Browsers: []browser.Browser{b}, Base: browser.Base{Home: root, Root: root}, HostPath: "/opt/readmit/readmit-host", OS: "linux", System: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	state := filepath.Join(root, "state")
	if _, err := Apply(plan, state, false); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		"etc/chromium": 0o755, "etc/chromium/native-messaging-hosts": 0o755, "etc/chromium/native-messaging-hosts/" + FileName: 0o644, "state": 0o700,
	} {
		if info, err := os.Stat(filepath.Join(root, path)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v, want %v", path, info.Mode().Perm(), err, want)
		}
	}
	if _, err := Undo(state); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "etc/chromium")); !os.IsNotExist(err) {
		t.Error("a folder that was made stays")
	}
}
