//go:build unix

package register

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/readmit/readmit/installer/browser"
)

func TestAProgramForEverybodyCanBeStartedByEverybody(t *testing.T) {
	// The one folder that is everybody's everywhere; a test's own may be closed.
	folder, err := os.MkdirTemp("/tmp", "readmit-everybody-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // everybody's
		t.Fatal(err)
	}
	program := filepath.Join(folder, "readmit-host")
	if err := os.WriteFile(program, nil, 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	for _, step := range []struct {
		path string
		mode os.FileMode
		open bool
	}{{program, 0o700, false}, {program, 0o755, true}, {folder, 0o700, false}, {folder, 0o711, true}} {
		if err := os.Chmod(step.path, step.mode); err != nil {
			t.Fatal(err)
		}
		if err := ForEverybody(program); (err == nil) != step.open {
			t.Errorf("%s %v: %v", filepath.Base(step.path), step.mode, err)
		}
	}
}

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
		"etc/chromium": 0o755, "etc/chromium/native-messaging-hosts": 0o755, "etc/chromium/native-messaging-hosts/" + FileName: 0o644, "state": 0o755, "state/" + RecordName: 0o644,
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
