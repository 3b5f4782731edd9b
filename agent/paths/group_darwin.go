package paths

import "golang.org/x/sys/unix"

const openFolder = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_CLOEXEC

// adminGroup may become root anyway, and Homebrew's folders are writable by it.
const adminGroup = 80

func harmlessGroup(_ string, gid uint32) bool { return gid == 0 || gid == adminGroup }
