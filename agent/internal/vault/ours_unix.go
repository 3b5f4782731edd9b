//go:build unix

package vault

import (
	"fmt"
	"os"
)

// onlyOurs refuses a file that others can read.
func onlyOurs(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if mode := info.Mode(); !mode.IsRegular() || mode.Perm()&0o077 != 0 {
		return fmt.Errorf("%s has mode %v", path, mode)
	}
	return nil
}
