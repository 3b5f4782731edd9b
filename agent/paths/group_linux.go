package paths

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// openFolder needs no read permission: /home may be 0711.
const openFolder = unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC

// harmlessGroup reports whether only root and this user are in the group, so
// that being writable by it gives nobody else anything. Ubuntu and Fedora give
// each user such a group and umask 0002. Groups that the local files do not
// name, and paths with an access list, are not harmless.
func harmlessGroup(path string, gid uint32) bool {
	if gid == 0 {
		return true
	}
	if size, err := unix.Lgetxattr(path, "system.posix_acl_access", nil); err == nil && size > 0 {
		return false
	}
	group, err := os.Open("/etc/group")
	if err != nil {
		return false
	}
	defer func() { _ = group.Close() }()
	passwd, err := os.Open("/etc/passwd")
	if err != nil {
		return false
	}
	defer func() { _ = passwd.Close() }()
	return aloneInGroup(group, passwd, strconv.Itoa(unix.Getuid()), strconv.FormatUint(uint64(gid), 10))
}

// aloneInGroup looks through files in the formats of group(5) and passwd(5).
func aloneInGroup(group, passwd io.Reader, uid, gid string) bool {
	names := map[string]bool{} // of root and this user
	lines := bufio.NewScanner(passwd)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ":")
		if len(fields) < 4 {
			continue
		}
		if fields[2] == uid || fields[2] == "0" {
			names[fields[0]] = true
		} else if fields[3] == gid {
			return false
		}
	}
	if lines.Err() != nil {
		return false
	}
	lines = bufio.NewScanner(group)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ":")
		if len(fields) < 4 || fields[2] != gid {
			continue
		}
		for _, member := range strings.Split(fields[3], ",") {
			if member != "" && !names[member] {
				return false
			}
		}
		return lines.Err() == nil
	}
	return false
}
