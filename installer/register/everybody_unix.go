//go:build unix

package register

import (
	"fmt"
	"os"
	"path/filepath"
)

// ForEverybody refuses a program that other users cannot start: a manifest for
// everybody would be a dead one for them.
func ForEverybody(program string) error {
	for path, need := program, os.FileMode(0o005); ; path, need = filepath.Dir(path), 0o001 {
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("looking at %s: %w", path, err)
		}
		if info.Mode().Perm()&need != need {
			return &NotForEverybodyError{path, program}
		}
		if path == filepath.Dir(path) {
			return nil
		}
	}
}
