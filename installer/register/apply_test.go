package register

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/installer/browser"
)

// desk is a home folder with a Chromium in use.
type desk struct {
	t                         *testing.T
	home, state, folder, file string
}

func newDesk(t *testing.T) *desk {
	home := filepath.Join(t.TempDir(), "home")
	d := &desk{t: t, home: home, state: filepath.Join(home, ".local/state/readmit")}
	d.folder = filepath.Join(home, ".config/chromium/NativeMessagingHosts")
	d.file = filepath.Join(d.folder, FileName)
	d.mkdir(filepath.Dir(d.folder))
	return d
}

func (d *desk) mkdir(dir string) {
	d.t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) write(path, content string) {
	d.t.Helper()
	d.mkdir(filepath.Dir(path))
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) link(target, path string) {
	d.t.Helper()
	if err := os.Symlink(target, path); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) plan(host string) Plan {
	d.t.Helper()
	b, _ := browser.ByID("chromium")
	plan, err := New(Options{
		Browsers: []browser.Browser{b}, OS: "linux", HostPath: host,
		Base: browser.Base{Home: d.home, Config: filepath.Join(d.home, ".config")},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return plan
}

func (d *desk) apply(plan Plan) Change {
	d.t.Helper()
	changes, err := Apply(plan, d.state, false)
	if err != nil || len(changes) != 1 {
		d.t.Fatalf("Apply = %v, %v, want one change", changes, err)
	}
	return changes[0]
}

func (d *desk) undo() Change {
	d.t.Helper()
	changes, err := Undo(d.state)
	if err != nil || len(changes) != 1 {
		d.t.Fatalf("Undo = %v, %v, want one change", changes, err)
	}
	return changes[0]
}

// tree lists every path beneath the home with mode and content.
func (d *desk) tree() map[string]string {
	d.t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(d.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content := ""
		switch {
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content = string(data)
		case info.Mode()&fs.ModeSymlink != 0:
			if content, err = os.Readlink(path); err != nil {
				return err
			}
		}
		tree[path] = info.Mode().String() + " " + content
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return tree
}

func (d *desk) same(before map[string]string) {
	d.t.Helper()
	if diff := cmp.Diff(before, d.tree()); diff != "" {
		d.t.Errorf("the home folder changed (-before +after):\n%s", diff)
	}
}

func TestUndoLeavesTheHomeAsItWas(t *testing.T) {
	for _, tc := range []struct {
		name    string
		prepare func(*desk)
		did     Did
		undid   Did
	}{
		{"a browser in use", func(*desk) {}, Wrote, Removed},
		{"a manifest folder that exists", func(d *desk) { d.mkdir(d.folder) }, Wrote, Removed},
		{"a browser never started", func(d *desk) { _ = os.RemoveAll(filepath.Join(d.home, ".config")) }, Wrote, Removed},
		{"another host beside it", func(d *desk) { d.write(filepath.Join(d.folder, "org.other.json"), "{}") }, Wrote, Removed},
		{"a foreign manifest", func(d *desk) { d.write(d.file, `{"name":"theirs"}`) }, KeptAside, Restored},
		{"a manifest kept by an earlier run", func(d *desk) {
			d.write(d.file, `{"name":"theirs"}`)
			d.write(d.file+".kept", "earlier")
		}, KeptAside, Restored},
		{"a profile that is kept elsewhere", func(d *desk) {
			d.mkdir(filepath.Join(d.home, "disk/chromium"))
			_ = os.Remove(filepath.Dir(d.folder))
			d.link(filepath.Join(d.home, "disk/chromium"), filepath.Dir(d.folder))
		}, Wrote, Removed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t)
			tc.prepare(d)
			before := d.tree()
			if got := d.apply(d.plan("/opt/readmit-host")); got.Did != tc.did {
				t.Fatalf("Apply did %q (%v), want %q", got.Did, got.Err, tc.did)
			}
			info, err := os.Stat(d.file)
			if err != nil || info.Mode().Perm() != 0o644 {
				t.Fatalf("manifest: %v, %v, want mode 0644", info, err)
			}
			if got := d.undo(); got.Did != tc.undid {
				t.Errorf("Undo did %q (%v), want %q", got.Did, got.Err, tc.undid)
			}
			d.same(before)
		})
	}
}

func TestApplyAgain(t *testing.T) {
	d := newDesk(t)
	before := d.tree()
	d.apply(d.plan("/opt/old/readmit-host"))
	if got := d.apply(d.plan("/opt/old/readmit-host")); got.Did != Unchanged {
		t.Errorf("the same plan again did %q, want %q", got.Did, Unchanged)
	}
	if got := d.apply(d.plan("/opt/new/readmit-host")); got.Did != Replaced {
		t.Errorf("a new host's path did %q, want %q", got.Did, Replaced)
	}
	data, err := os.ReadFile(d.file)
	if err != nil || !strings.Contains(string(data), "/opt/new/readmit-host") {
		t.Errorf("manifest = %q, %v, want the new path", data, err)
	}
	if got := d.undo(); got.Did != Removed {
		t.Errorf("Undo did %q, want %q", got.Did, Removed)
	}
	d.same(before)
}

func TestUndoLeavesWhatIsNotOursAnyMore(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*desk)
		undid  Did
	}{
		{"a manifest changed since", func(d *desk) { d.write(d.file, `{"name":"changed"}`) }, Left},
		{"a link in the manifest's place", func(d *desk) {
			_ = os.Remove(d.file)
			d.write(filepath.Join(d.home, "precious"), "precious")
			d.link(filepath.Join(d.home, "precious"), d.file)
		}, Left},
		{"a manifest removed since", func(d *desk) { _ = os.Remove(d.file) }, Gone},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t)
			d.mkdir(d.folder)
			d.apply(d.plan("/opt/readmit-host"))
			tc.change(d)
			want := d.tree()
			for path := range want {
				if strings.HasPrefix(path, filepath.Join(d.home, ".local")) {
					delete(want, path)
				}
			}
			if got := d.undo(); got.Did != tc.undid {
				t.Errorf("Undo did %q (%v), want %q", got.Did, got.Err, tc.undid)
			}
			d.same(want)
		})
	}
}

func TestNothingIsWrittenThroughALink(t *testing.T) {
	for _, tc := range []struct {
		name  string
		place func(d *desk, outside string)
	}{
		{"in the manifest folder's place", func(d *desk, outside string) { d.link(outside, d.folder) }},
		{"in the profile's place, put there after planning", func(d *desk, outside string) {
			_ = os.Remove(filepath.Dir(d.folder))
			d.link(outside, filepath.Dir(d.folder))
		}},
		{"in the manifest's place", func(d *desk, outside string) {
			d.mkdir(d.folder)
			d.link(filepath.Join(outside, "precious"), d.file)
		}},
		{"in the manifest's place, pointing nowhere", func(d *desk, outside string) {
			d.mkdir(d.folder)
			d.link(filepath.Join(outside, "new"), d.file)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t)
			outside := filepath.Join(d.home, "outside")
			d.write(filepath.Join(outside, "precious"), "precious")
			plan := d.plan("/opt/readmit-host")
			tc.place(d, outside)
			before := d.tree()
			got := d.apply(plan)
			var inTheWay *InTheWayError
			if got.Did != Failed || !errors.As(got.Err, &inTheWay) || inTheWay.Hint == "" {
				t.Errorf("Apply did %q (%v), want an InTheWayError with a hint", got.Did, got.Err)
			}
			d.same(before)
		})
	}
}

func TestALinkAtTheTemporaryNameIsNotFollowed(t *testing.T) {
	d := newDesk(t)
	d.write(filepath.Join(d.home, "precious"), "precious")
	d.mkdir(d.folder)
	d.link(filepath.Join(d.home, "precious"), filepath.Join(d.folder, "."+FileName+".new"))
	if got := d.apply(d.plan("/opt/readmit-host")); got.Did != Wrote {
		t.Errorf("Apply did %q (%v), want %q", got.Did, got.Err, Wrote)
	}
	if data, err := os.ReadFile(filepath.Join(d.home, "precious")); string(data) != "precious" {
		t.Errorf("the file behind the link now holds %q (%v)", data, err)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	for _, tc := range []struct {
		name    string
		prepare func(*desk)
		did     Did
	}{
		{"nothing there", func(*desk) {}, Wrote},
		{"a foreign manifest", func(d *desk) { d.write(d.file, "theirs") }, KeptAside},
		{"ours", func(d *desk) { d.apply(d.plan("/opt/readmit-host")) }, Unchanged},
		{"an older one of ours", func(d *desk) { d.apply(d.plan("/opt/old/readmit-host")) }, Replaced},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t)
			tc.prepare(d)
			before := d.tree()
			changes, err := Apply(d.plan("/opt/readmit-host"), d.state, true)
			if err != nil || len(changes) != 1 || changes[0].Did != tc.did {
				t.Errorf("Apply = %v, %v, want %q", changes, err, tc.did)
			}
			d.same(before)
		})
	}
}
