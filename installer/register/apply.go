package register

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Did says what became of one file.
type Did string

// What can become of a file.
const (
	Wrote     Did = "wrote"     // there was none
	Replaced  Did = "replaced"  // an older one of ours
	Unchanged Did = "unchanged" // it was as it should be
	KeptAside Did = "kept_aside"
	Removed   Did = "removed"
	Restored  Did = "restored" // removed, and what was kept aside is back
	Gone      Did = "gone"     // somebody else removed it
	Left      Did = "left"     // changed since: not ours any more
	Failed    Did = "failed"
)

// Change is what was done to one file, or would be in a dry run.
type Change struct {
	Browser string
	Also    []string // as in Action
	Path    string
	Did     Did
	Kept    string // KeptAside, Restored: where the other manifest was put
	Err     error  // Failed
}

// Apply writes the manifests of the plan and remembers them in the state
// folder. A dry run decides the same and writes nothing. One browser that
// fails does not keep the others from being set up; its Change says why. The
// error is about the record and means that nothing more was written.
func Apply(plan Plan, state string, dryRun bool) ([]Change, error) {
	record, err := Load(state)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, action := range plan.Actions {
		change, err := apply(action, &record, state, dryRun)
		if err != nil {
			return changes, err
		}
		changes = append(changes, change)
	}
	return changes, nil
}

func apply(a Action, record *Record, state string, dryRun bool) (Change, error) {
	change := Change{Browser: a.Browser, Also: a.Also, Path: a.Path()}
	fail := func(err error) (Change, error) {
		change.Did, change.Err = Failed, err
		return change, nil
	}
	made := missingFolders(a.Folder)
	folder, _, err := openFolder(a.Anchor, a.Folder, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist) && dryRun:
		change.Did = Wrote
		return change, nil
	case errors.Is(err, fs.ErrNotExist):
		record.Folders = append(record.Folders, made...)
	case err != nil:
		return fail(err)
	default:
		defer func() { _ = folder.Close() }()
		if change, err = decide(a, record, folder); err != nil {
			return fail(err)
		}
	}
	if folder == nil {
		change.Did = Wrote
	}
	if dryRun || change.Did == Unchanged && record.find(a.Path()).ours(a.Content) {
		return change, nil
	}

	record.Shared = a.Shared
	entry := record.entry(a)
	entry.SHA256 = append(entry.SHA256, sum(a.Content))
	if change.Kept != "" {
		entry.Kept = change.Kept
	}
	if err := record.save(state); err != nil {
		return change, err
	}
	if folder == nil {
		if folder, _, err = openFolder(a.Anchor, a.Folder, a.folderMode()); err != nil {
			return fail(err)
		}
		defer func() { _ = folder.Close() }()
		// Somebody may have been faster than this run; look again.
		if change, err = decide(a, record, folder); err != nil {
			return fail(err)
		}
	}
	if err := put(a, change, folder); err != nil {
		return fail(fmt.Errorf("writing %s: %w", a.Path(), err))
	}
	entry.SHA256 = []string{sum(a.Content)}
	return change, record.save(state)
}

// decide looks at what is there and says what Apply does about it.
func decide(a Action, record *Record, folder *os.Root) (Change, error) {
	change := Change{Browser: a.Browser, Also: a.Also, Path: a.Path()}
	data, mode, err := readPlain(folder, FileName, a.Path())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		change.Did = Wrote
	case err != nil:
		return change, err
	case string(data) == string(a.Content) && mode == manifestMode:
		change.Did = Unchanged
	case string(data) == string(a.Content) || record.find(a.Path()).ours(data):
		change.Did = Replaced
	default:
		change.Did = KeptAside
		if change.Kept, err = free(folder, a.Folder); err != nil {
			return change, err
		}
	}
	return change, nil
}

// folderMode is that of folders which are made on the way.
func (a Action) folderMode() os.FileMode {
	if a.Shared {
		return 0o755
	}
	return 0o700
}

// manifestMode lets the browser read it under whatever group it runs.
const manifestMode = 0o644

func put(a Action, change Change, folder *os.Root) error {
	switch change.Did {
	case Unchanged:
		return nil
	case KeptAside:
		if err := folder.Rename(FileName, filepath.Base(change.Kept)); err != nil {
			return err
		}
	}
	return replace(folder, FileName, a.Content, manifestMode)
}

// free finds a name for a manifest that is put aside. Browsers read none but
// the exact name, so it stays without effect.
func free(folder *os.Root, dir string) (string, error) {
	const tries = 100
	for n := range tries {
		name := FileName + ".kept"
		if n > 0 {
			name = fmt.Sprintf("%s.%d", name, n)
		}
		if _, err := folder.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return filepath.Join(dir, name), nil
		} else if err != nil {
			return "", err
		}
	}
	return "", &InTheWayError{filepath.Join(dir, FileName), "is not readmit's, and too many like it were kept already",
		fmt.Sprintf("look at %q and remove those you do not need", filepath.Join(dir, FileName+".kept*"))}
}
