package register

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxManifest bounds what is read of a file that stands in the way.
const maxManifest = 64 << 10

// InTheWayError says that something at Path cannot be written through.
type InTheWayError struct{ Path, Problem, Hint string }

// Error implements error. The hint is printed apart.
func (e *InTheWayError) Error() string { return e.Path + " " + e.Problem }

func linkError(path string) error {
	return &InTheWayError{path, "is a link; readmit does not write through it",
		fmt.Sprintf("remove the link: rm %q", path)}
}

// openFolder opens dir going down from anchor one folder at a time, and
// follows no link on the way: each opened folder must be the very one that
// its name stands for. It makes what is missing in the mode that create names,
// 0 for nothing, and returns the paths it made.
func openFolder(anchor, dir string, create os.FileMode) (_ *os.Root, made []string, err error) {
	rel, err := filepath.Rel(anchor, dir)
	if err != nil || !filepath.IsLocal(rel) {
		return nil, nil, fmt.Errorf("opening %s: it is not beneath %s", dir, anchor)
	}
	at, err := os.OpenRoot(anchor)
	if err != nil {
		return nil, nil, err
	}
	if rel == "." {
		return at, nil, nil
	}
	path := anchor
	for _, name := range strings.Split(rel, string(filepath.Separator)) {
		path = filepath.Join(path, name)
		if create != 0 {
			switch err := at.Mkdir(name, create); {
			case err == nil:
				made = append(made, path)
				if err := at.Chmod(name, create); err != nil { // whatever the umask takes away
					_ = at.Close()
					return nil, made, fmt.Errorf("creating %s: %w", path, err)
				}
			case !errors.Is(err, fs.ErrExist):
				_ = at.Close()
				return nil, made, fmt.Errorf("creating %s: %w", path, err)
			}
		}
		next, err := enter(at, name, path)
		_ = at.Close()
		if err != nil {
			return nil, made, err
		}
		at = next
	}
	return at, made, nil
}

// enter opens the folder called name in root, and not what a link of that name
// points to: opening comes first, so that the comparison holds whatever
// happens to the name meanwhile.
func enter(root *os.Root, name, path string) (*os.Root, error) {
	next, openErr := root.OpenRoot(name)
	entry, err := root.Lstat(name)
	if err == nil && entry.Mode()&fs.ModeSymlink != 0 {
		err = linkError(path)
	} else if err == nil && !entry.IsDir() {
		err = &InTheWayError{path, "is not a folder", fmt.Sprintf("move it away: mv %q %q", path, path+".old")}
	} else if err == nil {
		err = openErr
	}
	if err == nil {
		var opened fs.FileInfo
		if opened, err = next.Stat("."); err == nil && !os.SameFile(entry, opened) {
			err = linkError(path)
		}
	}
	if err != nil {
		if openErr == nil {
			_ = next.Close()
		}
		return nil, err
	}
	return next, nil
}

// readPlain reads a regular file of the folder. A missing one is
// fs.ErrNotExist, a link or folder an *InTheWayError.
func readPlain(folder *os.Root, name, path string) ([]byte, fs.FileMode, error) {
	entry, err := folder.Lstat(name)
	if err != nil {
		return nil, 0, err
	}
	if entry.Mode()&fs.ModeSymlink != 0 {
		return nil, 0, linkError(path)
	}
	if !entry.Mode().IsRegular() {
		return nil, 0, &InTheWayError{path, "is not a file", fmt.Sprintf("move it away: mv %q %q", path, path+".old")}
	}
	file, err := folder.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = file.Close() }()
	if opened, err := file.Stat(); err != nil || !os.SameFile(entry, opened) {
		return nil, 0, linkError(path)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return nil, 0, fmt.Errorf("reading %s: %w", path, err)
	}
	return data, entry.Mode().Perm(), nil
}

// replace makes data the content of the name, whole or not at all.
func replace(folder *os.Root, name string, data []byte, perm fs.FileMode) (err error) {
	temp := "." + name + ".new"
	// A left-over of a run that was killed; a link of that name goes, not its target.
	if err := folder.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := folder.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = folder.Remove(temp)
		}
	}()
	if _, err := file.Write(data); err != nil {
		return err
	}
	// The umask took bits away; the browser may run with other groups.
	if err := file.Chmod(perm); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return folder.Rename(temp, name)
}
