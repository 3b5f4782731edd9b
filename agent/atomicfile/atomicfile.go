// Package atomicfile replaces whole files.
//
// It promises that a reader, also one after a crash or a full disk, finds
// either the old content or the new, never a part: the new content is synced
// in a temporary file of the same folder before it takes the name.
//
// Limits: it does not lock; of two writers the later one wins. A link at the
// path is replaced, not followed.
package atomicfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write makes data the content of path, with exactly the mode perm. The
// folder must exist. After an error path is as it was and nothing is left
// beside it.
func Write(path string, data []byte, perm fs.FileMode) (err error) {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
			err = fmt.Errorf("writing %s: %w", path, err)
		}
	}()
	if _, err := temp.Write(data); err != nil {
		return err
	}
	if err := temp.Chmod(perm); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	syncFolder(dir)
	return nil
}
