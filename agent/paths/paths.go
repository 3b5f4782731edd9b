// Package paths says where readmit keeps its files on each system, and whether
// a folder or program is safe from other users.
//
// It promises that a folder which passes Private or Check belongs to this user
// alone and that no other user can put something else in its place: every
// folder above it is looked at too, each opened relative to the one before.
//
// Limits: on Windows the access lists of the user's profile are trusted and
// only links are refused. A process of the same user is not defended against.
package paths

import (
	"fmt"
	"os"
	"path/filepath"
)

// name is the project's, as a folder. It is about.Name, as a test makes sure:
// a room without imports cannot borrow it.
const name = "readmit"

// The environment variables that move a folder. Each must be absolute.
const (
	ConfigEnv  = "READMIT_CONFIG_DIR"
	StateEnv   = "READMIT_STATE_DIR"
	RuntimeEnv = "READMIT_RUNTIME_DIR"
)

// Dirs are readmit's folders of one user. They need not exist.
type Dirs struct {
	Config  string // what the user set: policies
	State   string // journal, index, logs; never on network storage
	Runtime string // socket and lock; may vanish when the user signs out
}

// For returns the folders of the user with this home and uid. It reads the
// environment through getenv and touches no file.
func For(getenv func(string) string, home string, uid int) (Dirs, error) {
	dirs, err := defaults(getenv, home, uid)
	if err != nil {
		return Dirs{}, err
	}
	for _, override := range []struct {
		name string
		dir  *string
		file string // beneath State, for what has no default of its own
	}{
		{ConfigEnv, &dirs.Config, ""},
		{StateEnv, &dirs.State, ""},
		{RuntimeEnv, &dirs.Runtime, "run"},
	} {
		value := getenv(override.name)
		switch {
		case value != "" && !filepath.IsAbs(value):
			return Dirs{}, fmt.Errorf("%s must be an absolute path, not %q", override.name, value)
		case value != "":
			*override.dir = filepath.Clean(value)
		case *override.dir == "" && override.file != "":
			*override.dir = filepath.Join(dirs.State, override.file)
		}
	}
	return dirs, nil
}

// Current returns the folders of the user who runs this program.
func Current() (Dirs, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Dirs{}, fmt.Errorf("finding the home folder: %w", err)
	}
	return For(environment(os.Getuid()), home, os.Getuid())
}

// System is the folder in which the administrator of this computer puts what
// holds for all its users. No environment variable moves it.
func System() string { return system() }

// Socket is the path of the agent's socket. A path too long to bind moves to a
// short folder in the shared temporary folder, named after the user and the
// runtime folder; like any other it must pass Private or Check before use.
func (d Dirs) Socket() string {
	return socketPath(d.Runtime)
}

// UnsafeError says that another user could read or replace what is at Path,
// and how to mend it.
type UnsafeError struct{ Path, Problem, Hint string }

// Error implements error. The hint is printed apart.
func (e *UnsafeError) Error() string { return e.Path + " is not safe to use: " + e.Problem }
