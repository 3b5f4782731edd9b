//go:build unix

package paths

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// maxLinks is how many links one path may pass through, as in the kernel.
const maxLinks = 40

// errLink means that what was to be entered is a symbolic link.
var errLink = errors.New("symbolic link")

// place is an open folder on the way down from the root.
type place struct {
	fd   int
	path string // for messages
	stat unix.Stat_t
}

func (p *place) close() { _ = unix.Close(p.fd) }

// walk opens the folder that holds path's last element, going down from the
// root one element at a time without following links blindly: a link is
// followed only if root or this user made it in a folder that has passed.
// Every folder on the way must pass judge; missing ones are created on demand.
func walk(path string, create bool) (parent *place, last string, err error) {
	if !filepath.IsAbs(path) {
		return nil, "", fmt.Errorf("looking at %s: the path is not absolute", path)
	}
	pending := elements(filepath.Clean(path))
	if len(pending) == 0 {
		return nil, "", &UnsafeError{path, "it is the root folder", "name another folder"}
	}
	at, err := root()
	if err != nil {
		return nil, "", err
	}
	for links := 0; len(pending) > 1; {
		name := pending[0]
		pending = pending[1:]
		next, err := at.enter(name, create)
		if errors.Is(err, errLink) {
			if links++; links > maxLinks {
				at.close()
				return nil, "", &fs.PathError{Op: "looking at", Path: path, Err: unix.ELOOP}
			}
			var target string
			if target, err = at.link(name); err == nil {
				pending = append(elements(target), pending...)
				if !filepath.IsAbs(target) {
					continue
				}
				next, err = root()
			}
		}
		if err == nil {
			if err = judge(next.path, &next.stat); err != nil {
				next.close()
			}
		}
		at.close()
		if err != nil {
			return nil, "", err
		}
		at = next
	}
	return at, pending[0], nil
}

func elements(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == filepath.Separator })
}

func root() (*place, error) {
	fd, err := unix.Open("/", openFolder, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "opening", Path: "/", Err: err}
	}
	return newPlace(fd, "/")
}

func newPlace(fd int, path string) (*place, error) {
	p := &place{fd: fd, path: path}
	if err := unix.Fstat(fd, &p.stat); err != nil {
		p.close()
		return nil, &fs.PathError{Op: "looking at", Path: path, Err: err}
	}
	return p, nil
}

// enter opens the folder called name in p, or creates it. It never follows a
// link but returns errLink.
func (p *place) enter(name string, create bool) (*place, error) {
	path := filepath.Join(p.path, name)
	fd, err := unix.Openat(p.fd, name, openFolder|unix.O_NOFOLLOW, 0)
	if errors.Is(err, unix.ENOENT) && create {
		// Losing a race is fine: what is there now gets looked at like any other.
		if err = unix.Mkdirat(p.fd, name, 0o700); err == nil || errors.Is(err, unix.EEXIST) {
			fd, err = unix.Openat(p.fd, name, openFolder|unix.O_NOFOLLOW, 0)
		}
	}
	switch {
	case err == nil:
		return newPlace(fd, path)
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENOTDIR):
		var stat unix.Stat_t
		if unix.Fstatat(p.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW) == nil && stat.Mode&unix.S_IFMT == unix.S_IFLNK {
			return nil, errLink
		}
		return nil, &UnsafeError{path, "it is not a folder", "move it away: mv " + Quote(path) + " " + Quote(path+".old")}
	}
	return nil, &fs.PathError{Op: "opening", Path: path, Err: err}
}

// link reads the link called name in p, which root or this user must have made.
func (p *place) link(name string) (string, error) {
	path := filepath.Join(p.path, name)
	var stat unix.Stat_t
	if err := unix.Fstatat(p.fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return "", &fs.PathError{Op: "looking at", Path: path, Err: err}
	}
	if err := judgeLink(path, &stat); err != nil {
		return "", err
	}
	buf := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(p.fd, name, buf)
	if err != nil {
		return "", &fs.PathError{Op: "reading the link", Path: path, Err: err}
	}
	return string(buf[:n]), nil
}

// Quote makes path one word of a shell command.
func Quote(path string) string {
	plain := strings.IndexFunc(path, func(r rune) bool {
		return !strings.ContainsRune("/._-+@%", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
	if plain {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
