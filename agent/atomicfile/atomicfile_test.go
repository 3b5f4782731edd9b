package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/readmit/readmit/agent/atomicfile"
)

func TestWriteReplacesContentAndMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, step := range []struct {
		data string
		perm fs.FileMode
	}{{"first, and longer", 0o644}, {"second", 0o600}, {"", 0o640}} {
		if err := atomicfile.Write(path, []byte(step.data), step.perm); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil || string(data) != step.data {
			t.Errorf("read %q, %v", data, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != step.perm {
			t.Errorf("mode is %v, %v, not %v", info.Mode(), err, step.perm)
		}
	}
	leftNothing(t, path)
}

func TestWriteReplacesALinkAndNotItsTarget(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "sub", "link")
	if err := errors.Join(os.WriteFile(target, []byte("kept"), 0o600), os.Mkdir(filepath.Dir(link), 0o700), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(link, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(target); err != nil || string(data) != "kept" {
		t.Errorf("the target became %q, %v", data, err)
	}
	if info, err := os.Lstat(link); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}

func TestAFailureLeavesThingsAsTheyWere(t *testing.T) {
	t.Run("without the folder", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "missing", "file")
		err := atomicfile.Write(path, []byte("x"), 0o600)
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("when a folder has the name", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := atomicfile.Write(path, []byte("x"), 0o600); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v", err)
		}
		leftNothing(t, path)
	})
}

func TestReadersNeverSeeAPart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	content := func(i int) string { return strings.Repeat(fmt.Sprint(i%10), 64<<10) }
	if err := atomicfile.Write(path, []byte(content(0)), 0o600); err != nil {
		t.Fatal(err)
	}
	var writer sync.WaitGroup
	written := make(chan struct{})
	writer.Go(func() {
		defer close(written)
		for i := range 50 {
			if err := atomicfile.Write(path, []byte(content(i)), 0o600); err != nil {
				t.Error(err)
			}
		}
	})
	for done := false; !done; {
		select {
		case <-written:
			done = true
		default:
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) != 64<<10 || strings.Trim(string(data), string(data[:1])) != "" {
			t.Fatalf("read %d bytes that no one wrote together, %v", len(data), err)
		}
	}
	writer.Wait()
}

func leftNothing(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file lie %v, %v", entries, err)
	}
}
