package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Room on a disk, in bytes. Without any the journal takes no entries, and then
// no kept sign-in is sent.
const (
	littleRoom = 100 << 20
	noRoom     = 5 << 20
)

// disk looks whether there is room for history and log.
func (e Env) disk(context.Context) Result {
	folder := existing(e.Dirs.State)
	free, err := e.Free(folder)
	look := fmt.Sprintf("df -h %q", folder)
	switch {
	case err != nil:
		return Result{State: Warn, Detail: fmt.Sprintf("how much room %s has is not known: %v", folder, err), Mend: look}
	case free < noRoom:
		return Result{State: Fail, Detail: folder + " has no room left; no kept sign-in is sent until there is", Mend: "make room, and look with: " + look}
	case free < littleRoom:
		return Result{State: Warn, Detail: fmt.Sprintf("%s has only %d MiB left", folder, free>>20), Mend: "make room, and look with: " + look}
	}
	return Result{State: OK, Detail: "there is room"}
}

// existing is the deepest part of a path that is there.
func existing(path string) string {
	for !exists(path) && path != filepath.Dir(path) {
		path = filepath.Dir(path)
	}
	return path
}

// settings looks whether the folder of the person's settings is one.
func (e Env) settings(context.Context) Result { return inPlace(e.Dirs.Config, "settings") }

// log looks whether the agent can write its log: without one nobody learns why
// it ended.
func (e Env) log(context.Context) Result {
	folder := filepath.Join(e.Dirs.State, "log")
	if result := inPlace(folder, "the log"); result.State != OK || !exists(folder) {
		return result
	}
	probe, err := os.CreateTemp(folder, ".doctor-")
	if err == nil {
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
	if err != nil {
		return Result{State: Warn, Detail: "the log cannot be written: " + err.Error(), Mend: fmt.Sprintf("chmod 700 %q", folder),
			fix: func(context.Context) error { return os.Chmod(folder, 0o700) }} //nolint:gosec // a folder needs its x
	}
	return Result{State: OK, Detail: "in " + folder}
}

// inPlace looks whether a folder is there, or can be made when it is needed. A
// file in its place is put aside, never removed.
func inPlace(folder, what string) Result {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Result{State: OK, Detail: "made when it is needed"}
	case err == nil && info.IsDir():
		return Result{State: OK, Detail: "in " + folder}
	case err != nil:
		return Result{State: Fail, Detail: err.Error(), Mend: fmt.Sprintf("ls -ld %q", folder)}
	}
	aside := folder + ".moved"
	result := Result{State: Fail, Detail: fmt.Sprintf("%s is a file, where the folder for %s should be", folder, what), Mend: fmt.Sprintf("mv -n %q %q", folder, aside)}
	if !exists(aside) {
		result.fix = func(context.Context) error { return os.Rename(folder, aside) }
	}
	return result
}
