//go:build unix

package doctor

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Free says how many bytes are left for this user on a folder's disk.
func Free(folder string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return 0, fmt.Errorf("looking at the disk of %s: %w", folder, err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil //nolint:gosec,unconvert // the types differ by system, and neither is negative
}
