package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/readmit/readmit/agent/paths"
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

// log looks whether the agent can write its log: without one nobody learns why
// it ended.
func (e Env) log(context.Context) Result {
	folder := filepath.Join(e.Dirs.State, "log")
	info, err := os.Lstat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Result{State: OK, Detail: "made when the agent starts"}
	case err == nil && info.Mode().IsRegular():
		return inTheWay(folder, "a file, where the log's folder should be")
	}
	if err := paths.Check(folder); err != nil {
		return Result{State: Warn, Detail: "the agent does not write its log: " + err.Error(), Mend: strings.TrimPrefix(Hint(err), "run: ")}
	}
	path := filepath.Join(folder, "agent.log")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return Result{State: OK, Detail: "in " + folder}
	}
	if err != nil {
		return Result{State: Warn, Detail: "the agent cannot write its log: " + err.Error(), Mend: fmt.Sprintf("ls -l %q", path)}
	}
	_ = file.Close() // nothing was written
	return Result{State: OK, Detail: path}
}

// inTheWay is the verdict on what stands where something of readmit's belongs.
// It is put aside, never removed, nor put over what was put aside before.
func inTheWay(path, what string) Result {
	aside := path + ".moved"
	result := Result{State: Fail, Detail: path + " is " + what, Mend: fmt.Sprintf("mv -n %q %q", path, aside)}
	if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
		result.fix = func(context.Context) error { return os.Rename(path, aside) }
	}
	return result
}
