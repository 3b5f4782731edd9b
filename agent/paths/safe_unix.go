//go:build unix

package paths

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"
)

// Private makes dir this user's own: it creates it, and the folders above it
// that are missing, with mode 0700, and takes from an existing one what others
// may read. It refuses, by an *UnsafeError, a folder that is a link, belongs to
// another user or is writable by others, and one that others could swap
// because they may write to a folder above it. A sticky folder such as /tmp
// above it is fine.
func Private(dir string) error { return inspect(dir, true) }

// Check refuses what Private refuses and changes nothing. A missing folder is
// fs.ErrNotExist.
func Check(dir string) error { return inspect(dir, false) }

func inspect(dir string, mend bool) error {
	parent, name, err := walk(dir, mend)
	if err != nil {
		return err
	}
	defer parent.close()
	entry, err := parent.enter(name, mend)
	if errors.Is(err, errLink) {
		return &UnsafeError{dir, "it is a link", "remove the link: rm " + Quote(dir)}
	}
	if err != nil {
		return err
	}
	defer entry.close()
	if err := judgeOwn(dir, &entry.stat); err != nil {
		return err
	}
	if mend && entry.stat.Mode&0o077 != 0 {
		if err := unix.Fchmodat(parent.fd, name, 0o700, 0); err != nil {
			return fmt.Errorf("making %s private: %w", dir, err)
		}
	}
	return nil
}

// Trusted refuses a program that another user could have written: one that is
// a link or no regular file, belongs to another user than root or this one, or
// is writable by others, or whose folder, or one above it, is.
func Trusted(program string) error { return trusted(program, "install readmit again") }

// TrustedFile is Trusted for a file that a program reads.
func TrustedFile(path string) error { return trusted(path, "put the file itself there") }

func trusted(program, hint string) error {
	parent, name, err := walk(program, false)
	if err != nil {
		return err
	}
	defer parent.close()
	var stat unix.Stat_t
	if err := unix.Fstatat(parent.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return &fs.PathError{Op: "looking at", Path: program, Err: err}
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return &UnsafeError{program, "it is not a regular file", hint}
	}
	return judge(program, &stat)
}

// judgeOwn looks at a private folder itself.
func judgeOwn(dir string, stat *unix.Stat_t) error {
	if stat.Uid != uint32(unix.Getuid()) {
		return &UnsafeError{dir, fmt.Sprintf("it belongs to user %d", stat.Uid),
			"move it away: sudo mv " + Quote(dir) + " " + Quote(dir+".old")}
	}
	if stat.Mode&0o022 != 0 {
		return &UnsafeError{dir, "other users may write to it", "run: chmod 700 " + Quote(dir)}
	}
	return nil
}

// judgeLink looks at a link on the way to a private folder or program.
func judgeLink(path string, stat *unix.Stat_t) error {
	if stat.Uid != 0 && stat.Uid != uint32(unix.Getuid()) {
		return &UnsafeError{path, fmt.Sprintf("it is a link made by user %d", stat.Uid), "use another folder"}
	}
	return nil
}

// judge looks at what lies above a private folder, or at a program: only root
// and this user may own it or write to it.
func judge(path string, stat *unix.Stat_t) error {
	if stat.Uid != 0 && stat.Uid != uint32(unix.Getuid()) {
		return &UnsafeError{path, fmt.Sprintf("it belongs to user %d", stat.Uid),
			fmt.Sprintf("run: sudo chown %d %s", unix.Getuid(), Quote(path))}
	}
	mode := uint32(stat.Mode)
	sticky := mode&unix.S_IFMT == unix.S_IFDIR && mode&unix.S_ISVTX != 0
	switch {
	case mode&0o022 == 0, sticky:
		return nil
	case mode&0o002 != 0:
		return &UnsafeError{path, "every user may write to it", "run: chmod go-w " + Quote(path)}
	case harmlessGroup(path, stat.Gid):
		return nil
	}
	return &UnsafeError{path, fmt.Sprintf("the members of group %d may write to it", stat.Gid),
		"run: chmod g-w " + Quote(path)}
}
