package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/paths"
)

// folders looks whether other users could read or replace readmit's files.
func (e Env) folders(context.Context) Result {
	for _, folder := range []string{e.Dirs.Config, e.Dirs.State, e.Dirs.Runtime, filepath.Dir(e.Dirs.Socket())} {
		err := paths.Check(folder)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		result := Result{State: Fail, Detail: err.Error(), Mend: strings.TrimPrefix(Hint(err), "run: ")}
		var unsafe *paths.UnsafeError
		if info, statErr := os.Lstat(folder); statErr == nil && info.IsDir() && errors.As(err, &unsafe) && unsafe.Path == folder {
			result.fix = func(context.Context) error {
				return os.Chmod(folder, 0o700) //nolint:gosec // a folder needs its x
			}
		}
		return result
	}
	return Result{State: OK, Detail: "nobody else can write to them"}
}

// environment points out that readmit's folders were moved: a browser started
// from the desktop does not see variables that were set in a shell.
func (e Env) environment(context.Context) Result {
	var set []string
	for _, name := range []string{paths.ConfigEnv, paths.StateEnv, paths.RuntimeEnv} {
		if e.Getenv(name) != "" {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return Result{State: OK, Detail: "readmit's folders are where they belong"}
	}
	return Result{State: Warn, Mend: "unset " + strings.Join(set, " "),
		Detail: strings.Join(set, ", ") + " moves readmit's folders; a browser started without it uses others"}
}

// clock compares with the time at which the programs were built, the one
// moment known without a network. Sites turn away requests with a wrong time.
func (e Env) clock(context.Context) Result {
	info, err := os.Stat(e.Host)
	if err != nil {
		return Result{State: Warn, Detail: "not compared: the programs are not there", Mend: Hint(err)}
	}
	const slack = 24 * time.Hour
	now := e.Now()
	if built := info.ModTime(); now.Before(built.Add(-slack)) {
		return Result{State: Fail, Mend: "timedatectl set-ntp true",
			Detail: fmt.Sprintf("it says %s, which is before readmit was built (%s)", now.Format(time.DateOnly), built.Format(time.DateOnly))}
	}
	return Result{State: OK, Detail: "it says " + now.Format("2006-01-02 15:04 MST")}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
