package paths

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Private creates dir, and the folders above it that are missing, and refuses
// a link. Access is what the user's profile hands down.
func Private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("creating %s: %w", dir, err)
	}
	return Check(dir)
}

// Check refuses a folder that is a link or no folder.
func Check(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("looking at %s: %w", dir, err)
	}
	if info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		return &UnsafeError{Path: dir, Problem: "it is a link", Hint: fmt.Sprintf(`remove the link: rmdir "%s"`, dir)}
	}
	if !info.IsDir() {
		return &UnsafeError{Path: dir, Problem: "it is not a folder", Hint: fmt.Sprintf(`move it away: ren "%s" readmit.old`, dir)}
	}
	return nil
}

// Trusted refuses a program that is no regular file.
func Trusted(program string) error {
	info, err := os.Lstat(program)
	if err != nil {
		return fmt.Errorf("looking at %s: %w", program, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("looking at %s: %w", program, errors.New("not a regular file"))
	}
	return nil
}

// TrustedFile is Trusted for a file that a program reads.
func TrustedFile(path string) error { return Trusted(path) }
