package register

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Undo removes what the record in the state folder says was written, puts back
// what was kept aside, and removes folders that Apply made if they are empty.
// A file that fails stays in the record, so that Undo can be tried again.
func Undo(state string) ([]Change, error) {
	record, err := Load(state)
	if err != nil {
		return nil, err
	}
	var changes []Change
	var left []Entry
	for _, entry := range record.Files {
		change := remove(entry)
		changes = append(changes, change)
		if change.Did == Failed {
			left = append(left, entry)
		}
	}
	if len(left) > 0 {
		record.Files = left
		return changes, record.save(state)
	}
	if err := os.Remove(filepath.Join(state, RecordName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return changes, fmt.Errorf("removing the record: %w", err)
	}
	RemoveEmpty(record.Folders)
	return changes, nil
}

// RemoveEmpty removes those of the folders that are empty, the innermost first.
func RemoveEmpty(folders []string) {
	for _, folder := range slices.SortedFunc(slices.Values(folders), func(a, b string) int { return len(b) - len(a) }) {
		removeEmpty(folder)
	}
}

// remove takes one manifest away if it is still ours.
func remove(entry Entry) Change {
	change := Change{Browser: entry.Browser, Path: entry.Path}
	fail := func(err error) Change {
		change.Did, change.Err = Failed, err
		return change
	}
	dir := filepath.Dir(entry.Path)
	folder, _, err := openFolder(entry.Anchor, dir, 0)
	if errors.Is(err, fs.ErrNotExist) {
		change.Did = Gone
		return change
	}
	if err != nil {
		return fail(err)
	}
	defer func() { _ = folder.Close() }()
	data, _, err := readPlain(folder, FileName, entry.Path)
	var inTheWay *InTheWayError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		change.Did = Gone
	case errors.As(err, &inTheWay), err == nil && !entry.ours(data):
		change.Did = Left
		return change
	case err != nil:
		return fail(err)
	default:
		if err := folder.Remove(FileName); err != nil {
			return fail(err)
		}
		change.Did = Removed
	}
	if entry.Kept == "" || filepath.Dir(entry.Kept) != dir {
		return change
	}
	if err := folder.Rename(filepath.Base(entry.Kept), FileName); err == nil {
		change.Did, change.Kept = Restored, entry.Kept
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fail(err)
	}
	return change
}

// removeEmpty removes a folder that is empty and still a folder; one in use is
// not ours any more, which is no error.
func removeEmpty(path string) {
	parent, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return
	}
	defer func() { _ = parent.Close() }()
	name := filepath.Base(path)
	if entry, err := parent.Lstat(name); err == nil && entry.IsDir() {
		_ = parent.Remove(name)
	}
}
