package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/installer/register"
)

const sameRelease = "install all three programs of one release again"

// programs looks whether the three programs lie beside each other, are safe
// from other users and whether the host starts and is of this version; the
// agent tells its own. A program that is not safe is not run.
func (e Env) programs(ctx context.Context) Result {
	for _, program := range []string{e.Host, e.Agent} {
		if err := register.Lasting(program, e.Temporary); err != nil {
			return unfit(program, err)
		}
	}
	version, err := e.HostVersion(ctx, e.Host)
	if err != nil {
		return Result{State: Fail, Detail: err.Error(), Mend: sameRelease}
	}
	if version != about.Version {
		return Result{State: Fail, Mend: sameRelease, Detail: fmt.Sprintf("%s is version %s, this is %s", e.Host, version, about.Version)}
	}
	return Result{State: OK, Detail: fmt.Sprintf("version %s in %s", about.Version, filepath.Dir(e.Host))}
}

// unfit says what is wrong with a program and what mends it. What others could
// write to may have been replaced, so that is never mended by itself.
func unfit(program string, err error) Result {
	result := Result{State: Fail, Detail: err.Error(), Mend: strings.TrimPrefix(Hint(err), "run: ")}
	var noX *register.NotExecutableError
	if errors.As(err, &noX) {
		result.fix = func(context.Context) error {
			return os.Chmod(program, 0o755) //nolint:gosec // a program, and paths.Trusted has passed it
		}
	}
	return result
}

// Hint says what helps against an error of this package, of register or of
// paths, in one line; empty when nothing is known to.
func Hint(err error) string {
	var unsafe *paths.UnsafeError
	var inTheWay *register.InTheWayError
	var damaged *register.DamagedError
	var noX *register.NotExecutableError
	var closed *register.NotForEverybodyError
	switch {
	case errors.As(err, &unsafe):
		return unsafe.Hint
	case errors.As(err, &inTheWay):
		return inTheWay.Hint
	case errors.As(err, &damaged):
		return fmt.Sprintf("move it away, then install again: mv %q %q", damaged.Path, damaged.Path+".damaged")
	case errors.As(err, &closed):
		return "move readmit's folder to a place for everybody, such as /opt/readmit, and run it from there"
	case errors.As(err, &noX):
		return fmt.Sprintf("run: chmod 755 %q", noX.Path)
	case errors.Is(err, register.ErrTemporary):
		return "move readmit's folder to a lasting place, such as ~/.local/lib/readmit, and run it from there"
	case errors.Is(err, fs.ErrNotExist):
		return `the three programs belong in one folder: build them with "make build"`
	}
	return ""
}
