//go:build unix

package atomicfile

import "os"

// syncFolder makes the new name last. The file is already in place, and some
// file systems cannot sync folders, so that a failure is not the caller's.
func syncFolder(dir string) {
	folder, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = folder.Sync()
	_ = folder.Close()
}
