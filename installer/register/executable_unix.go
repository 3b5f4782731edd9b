//go:build unix

package register

import (
	"fmt"
	"os"
)

func executable(program string) error {
	info, err := os.Stat(program)
	if err != nil {
		return fmt.Errorf("looking at %s: %w", program, err)
	}
	if info.Mode().Perm()&0o100 == 0 {
		return &NotExecutableError{program}
	}
	return nil
}
