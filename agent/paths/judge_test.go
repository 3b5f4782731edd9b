//go:build linux

package paths

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOwnersAndModesAreJudged needs no second user: it makes up what the
// system would say of files that others own.
func TestOwnersAndModesAreJudged(t *testing.T) {
	me, stranger := uint32(os.Getuid()), uint32(os.Getuid()+4321)
	const folder, link, file = unix.S_IFDIR, unix.S_IFLNK, unix.S_IFREG
	for _, test := range []struct {
		name  string
		judge func(string, *unix.Stat_t) error
		uid   uint32
		mode  uint32
		gid   uint32
		says  string // empty: it passes
	}{
		{"an own private folder", judgeOwn, me, folder | 0o700, 0, ""},
		{"a stranger's private folder", judgeOwn, stranger, folder | 0o700, 0, "belongs to user"},
		{"a private folder a group may write to", judgeOwn, me, folder | 0o770, 0, "other users"},
		{"a private folder all may write to", judgeOwn, me, folder | 0o702, 0, "other users"},
		{"a sticky private folder all may write to", judgeOwn, me, folder | 0o1777, 0, "other users"},

		{"root's folder above", judge, 0, folder | 0o755, 0, ""},
		{"an own folder above", judge, me, folder | 0o755, stranger, ""},
		{"a stranger's folder above", judge, stranger, folder | 0o700, 0, "belongs to user"},
		{"a stranger's sticky folder above", judge, stranger, folder | 0o1777, 0, "belongs to user"},
		{"root's sticky folder above", judge, 0, folder | 0o1777, 0, ""},
		{"a folder above that all may write to", judge, 0, folder | 0o757, 0, "every user"},
		{"a folder above that root's group may write to", judge, 0, folder | 0o775, 0, ""},
		{"a folder above that a strange group may write to", judge, me, folder | 0o775, stranger, "members of group"},

		{"root's program", judge, 0, file | 0o755, 0, ""},
		{"a stranger's program", judge, stranger, file | 0o755, 0, "belongs to user"},
		{"a program that a strange group may write to", judge, me, file | 0o775, stranger, "members of group"},
		{"a sticky bit on a program excuses nothing", judge, me, file | 0o1777, 0, "every user"},

		{"root's link", judgeLink, 0, link | 0o777, 0, ""},
		{"an own link", judgeLink, me, link | 0o777, 0, ""},
		{"a stranger's link", judgeLink, stranger, link | 0o777, 0, "link made by user"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.judge("/some where", &unix.Stat_t{Uid: test.uid, Gid: test.gid, Mode: test.mode})
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}
