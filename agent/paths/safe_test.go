//go:build linux

package paths_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/paths"
)

// must fails the test on the first error.
func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// mkdir makes a folder with exactly this mode.
func mkdir(t *testing.T, path string, mode fs.FileMode) string {
	t.Helper()
	must(t, os.Mkdir(path, 0o700), os.Chmod(path, mode))
	return path
}

func TestPrivateCreatesWhatIsMissing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "one", "two", "three")
	must(t, paths.Private(dir), paths.Private(dir), paths.Check(dir))
	for _, path := range []string{dir, filepath.Dir(dir)} {
		if info, err := os.Lstat(path); err != nil || info.Mode() != fs.ModeDir|0o700 {
			t.Errorf("%s is %v, %v", path, info.Mode(), err)
		}
	}
}

func TestPrivateTakesReadingFromOthers(t *testing.T) {
	dir := mkdir(t, filepath.Join(t.TempDir(), "dir"), 0o755)
	must(t, paths.Check(dir))
	if info, err := os.Lstat(dir); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("Check changed the mode to %v, %v", info.Mode(), err)
	}
	must(t, paths.Private(dir))
	if info, err := os.Lstat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
}

func TestCheckSaysThatAFolderIsMissing(t *testing.T) {
	for _, dir := range []string{"dir", "no/dir"} {
		if err := paths.Check(filepath.Join(t.TempDir(), dir)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestUnsafeFoldersAreRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(t *testing.T, root string) (dir string)
		says string
		hint string
	}{
		{"a link, even to a safe folder", func(t *testing.T, root string) string {
			must(t, os.Symlink(mkdir(t, root+"/safe", 0o700), root+"/dir"))
			return root + "/dir"
		}, "is a link", "rm "},
		{"a link that leads nowhere", func(t *testing.T, root string) string {
			must(t, os.Symlink(root+"/nowhere", root+"/dir"))
			return root + "/dir"
		}, "is a link", "rm "},
		{"a file", func(t *testing.T, root string) string {
			must(t, os.WriteFile(root+"/dir", nil, 0o600))
			return root + "/dir"
		}, "not a folder", "mv "},
		{"a folder that everyone may write to", func(t *testing.T, root string) string {
			return mkdir(t, root+"/dir", 0o777)
		}, "other users may write", "chmod 700"},
		{"a folder that a group may write to", func(t *testing.T, root string) string {
			return mkdir(t, root+"/dir", 0o720)
		}, "other users may write", "chmod 700"},
		{"a sticky folder itself", func(t *testing.T, root string) string {
			return mkdir(t, root+"/dir", 0o777|fs.ModeSticky)
		}, "other users may write", "chmod 700"},
		{"a folder in a place where everyone may swap it", func(t *testing.T, root string) string {
			return mkdir(t, mkdir(t, root+"/open", 0o777)+"/dir", 0o700)
		}, "every user may write", "chmod go-w"},
		{"a folder behind a link to where everyone may swap it", func(t *testing.T, root string) string {
			mkdir(t, mkdir(t, root+"/open", 0o777)+"/dir", 0o700)
			must(t, os.Symlink("open", root+"/link"))
			return root + "/link/dir"
		}, "every user may write", "chmod go-w"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := test.make(t, t.TempDir())
			for name, check := range map[string]func(string) error{"Private": paths.Private, "Check": paths.Check} {
				err := check(dir)
				var unsafe *paths.UnsafeError
				if !errors.As(err, &unsafe) {
					t.Fatalf("%s: %v", name, err)
				}
				if !strings.Contains(err.Error(), test.says) || !strings.Contains(unsafe.Hint, test.hint) {
					t.Errorf("%s: %v; hint: %s", name, err, unsafe.Hint)
				}
			}
		})
	}
}

func TestSafeFoldersPass(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(t *testing.T, root string) (dir string)
	}{
		{"an own folder in a sticky place", func(t *testing.T, root string) string {
			return mkdir(t, mkdir(t, root+"/tmp", 0o777|fs.ModeSticky)+"/dir", 0o700)
		}},
		{"a folder below own links", func(t *testing.T, root string) string {
			mkdir(t, mkdir(t, root+"/real", 0o755)+"/dir", 0o700)
			must(t, os.Symlink("real", root+"/relative"), os.Symlink(root+"/relative", root+"/absolute"))
			return root + "/absolute/../absolute/dir"
		}},
		{"a link upwards", func(t *testing.T, root string) string {
			mkdir(t, root+"/dir", 0o700)
			must(t, os.Symlink("../../"+filepath.Base(root)+"/.", mkdir(t, root+"/sub", 0o700)+"/up"))
			return root + "/sub/up/dir"
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := test.make(t, t.TempDir())
			must(t, paths.Check(dir), paths.Private(dir))
		})
	}
}

func TestLinksInACircleEnd(t *testing.T) {
	root := t.TempDir()
	must(t, os.Symlink("b", root+"/a"), os.Symlink("a", root+"/b"))
	if err := paths.Private(root + "/a/dir"); err == nil || !strings.Contains(err.Error(), "too many levels") {
		t.Errorf("got %v", err)
	}
}

func TestNothingIsCreatedBehindAnUnsafePlace(t *testing.T) {
	root := mkdir(t, t.TempDir()+"/open", 0o777)
	if err := paths.Private(root + "/new/dir"); err == nil {
		t.Error("it passed")
	}
	if _, err := os.Lstat(root + "/new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder was made there: %v", err)
	}
}

func TestHintsAreShellWords(t *testing.T) {
	dir := mkdir(t, t.TempDir()+"/it's $(here)", 0o777)
	var unsafe *paths.UnsafeError
	if err := paths.Private(dir); !errors.As(err, &unsafe) || !strings.HasSuffix(unsafe.Hint, `/it'\''s $(here)'`) {
		t.Errorf("got %v, hint %q", err, unsafe.Hint)
	}
}

func TestTrustedPrograms(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(t *testing.T, root, program string)
		says string // empty: it is trusted
	}{
		{"a usual program", func(*testing.T, string, string) {}, ""},
		{"one that everyone may write to", func(t *testing.T, _, program string) { must(t, os.Chmod(program, 0o757)) }, "every user"},
		{"one in a folder that everyone may write to", func(t *testing.T, root, _ string) { must(t, os.Chmod(root, 0o777)) }, "every user"},
		{"a sticky bit on the program excuses nothing", func(t *testing.T, _, program string) {
			must(t, os.Chmod(program, 0o777|fs.ModeSticky))
		}, "every user"},
		{"a link", func(t *testing.T, root, program string) {
			must(t, os.Rename(program, root+"/real"), os.Symlink("real", program))
		}, "not a regular file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := mkdir(t, t.TempDir()+"/bin", 0o755)
			program := root + "/program"
			must(t, os.WriteFile(program, nil, 0o755))
			test.make(t, root, program)
			err := paths.Trusted(program)
			if test.says == "" {
				must(t, err)
				return
			}
			var unsafe *paths.UnsafeError
			if !errors.As(err, &unsafe) || !strings.Contains(err.Error(), test.says) || unsafe.Hint == "" {
				t.Errorf("got %v", err)
			}
		})
	}
	if err := paths.Trusted(t.TempDir() + "/missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing program: %v", err)
	}
}
