package doctor

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// Free says how many bytes are left for this user on a folder's disk.
func Free(folder string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("looking at the disk of %s: %w", folder, err)
	}
	return free, nil
}
