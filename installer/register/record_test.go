package register

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARecordThatCannotBeReadIsLeftAlone(t *testing.T) {
	for _, tc := range []struct{ name, content string }{
		{"half a file", `{"version":1,"files":[`},
		{"a newer version", `{"version":2,"files":[]}`},
		{"a file that is no manifest", `{"version":1,"files":[{"path":"/home/anna/letter.txt","anchor":"/home/anna"}]}`},
		{"a manifest outside its anchor", `{"version":1,"files":[{"path":"/etc/io.github.readmit.json","anchor":"/home/anna"}]}`},
		{"a relative folder", `{"version":1,"files":[],"folders":["x"]}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t)
			d.write(filepath.Join(d.state, RecordName), tc.content)
			before := d.tree()
			var damaged *DamagedError
			if changes, err := Apply(d.plan("/opt/readmit-host"), d.state, false); !errors.As(err, &damaged) {
				t.Errorf("Apply = %v, %v, want a DamagedError", changes, err)
			}
			if changes, err := Undo(d.state); !errors.As(err, &damaged) {
				t.Errorf("Undo = %v, %v, want a DamagedError", changes, err)
			}
			d.same(before)
		})
	}
}

func TestWhatACrashBetweenRecordAndFileLeavesIsOurs(t *testing.T) {
	d := newDesk(t)
	d.apply(d.plan("/opt/old/readmit-host"))
	record, err := Load(d.state)
	if err != nil {
		t.Fatal(err)
	}
	record.Files[0].SHA256 = append(record.Files[0].SHA256, sum([]byte("what was to be written")))
	if err := record.save(d.state); err != nil {
		t.Fatal(err)
	}
	if got := d.undo(); got.Did != Removed {
		t.Errorf("Undo did %q (%v), want %q", got.Did, got.Err, Removed)
	}
}

func TestUndoKeepsWhatFailedForTheNextTime(t *testing.T) {
	d := newDesk(t)
	d.apply(d.plan("/opt/readmit-host"))
	// A folder swapped for a link: Undo must not reach through it.
	moved := filepath.Join(d.home, "moved")
	if err := os.Rename(d.folder, moved); err != nil {
		t.Fatal(err)
	}
	d.link(moved, d.folder)
	if got := d.undo(); got.Did != Failed {
		t.Fatalf("Undo did %q, want %q", got.Did, Failed)
	}
	if _, err := os.Stat(filepath.Join(moved, FileName)); err != nil {
		t.Errorf("the file behind the link: %v", err)
	}
	if err := os.Remove(d.folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(moved, d.folder); err != nil {
		t.Fatal(err)
	}
	if got := d.undo(); got.Did != Removed {
		t.Errorf("Undo did %q (%v) the second time, want %q", got.Did, got.Err, Removed)
	}
}

func TestInUse(t *testing.T) {
	d := newDesk(t)
	d.mkdir(filepath.Join(d.home, ".config/mozilla/firefox"))
	m := Machine{OS: "linux", LookPath: func(name string) (string, error) {
		if name == "google-chrome" {
			return "/usr/bin/google-chrome", nil
		}
		return "", os.ErrNotExist
	}}
	m.Base.Home, m.Base.Config = d.home, filepath.Join(d.home, ".config")
	var ids []string
	for _, b := range InUse(m) {
		ids = append(ids, b.ID)
	}
	if diff := cmp.Diff([]string{"chromium", "chrome", "firefox"}, ids); diff != "" {
		t.Errorf("profile, PATH and profile elsewhere (-want +got):\n%s", diff)
	}
	m.Base.Home, m.Base.Config = filepath.Join(d.home, "new"), filepath.Join(d.home, "new/.config")
	m.LookPath = func(string) (string, error) { return "", os.ErrNotExist }
	if got := InUse(m); len(got) != 0 {
		t.Errorf("InUse on an empty home = %v, want none", got)
	}
}

func TestLasting(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "readmit-host")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil { //nolint:gosec // it is to be a program
		t.Fatal(err)
	}
	if err := Lasting(program, nil); err != nil {
		t.Errorf("a program of this user's: %v", err)
	}
	if err := Lasting(program, []string{"/nowhere", dir}); !errors.Is(err, ErrTemporary) {
		t.Errorf("in a temporary folder: %v, want ErrTemporary", err)
	}
	if err := os.Chmod(program, 0o600); err != nil {
		t.Fatal(err)
	}
	var not *NotExecutableError
	if err := Lasting(program, nil); !errors.As(err, &not) {
		t.Errorf("without x: %v, want a NotExecutableError", err)
	}
	if err := os.Chmod(program, 0o777); err != nil { //nolint:gosec // the fault under test
		t.Fatal(err)
	}
	if err := Lasting(program, nil); err == nil {
		t.Error("a program that everybody may write to passed")
	}
}
