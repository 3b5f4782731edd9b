package register

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/installer/browser"
)

// Machine is how this package looks at the computer. LookPath is exec.LookPath
// but in tests.
type Machine struct {
	OS       string
	Base     browser.Base
	LookPath func(name string) (string, error)
}

// InUse returns the rows of browsers that somebody has started here before or
// could start, in the table's order.
func InUse(m Machine) []browser.Browser {
	var found []browser.Browser
	for _, b := range browser.On(m.OS) {
		if inUse(m, b.Systems[m.OS]) {
			found = append(found, b)
		}
	}
	return found
}

// Installed returns the rows of browsers that everybody here could start and
// that look for manifests of everybody.
func Installed(m Machine) []browser.Browser {
	return slices.DeleteFunc(browser.On(m.OS), func(b browser.Browser) bool {
		places := b.Systems[m.OS]
		return len(places.System) == 0 || !startable(m, places)
	})
}

func inUse(m Machine, places browser.Places) bool {
	for _, profile := range m.Base.ExpandAll(places.Profiles) {
		if info, err := os.Stat(profile); err == nil && info.IsDir() {
			return true
		}
	}
	return startable(m, places)
}

func startable(m Machine, places browser.Places) bool {
	for _, name := range places.Executables {
		if _, err := m.LookPath(name); err == nil {
			return true
		}
	}
	return false
}

// ErrTemporary means that a program lies in a folder that is emptied at times.
var ErrTemporary = errors.New("is in a temporary folder")

// NotExecutableError says that a program lacks the permission to be started.
type NotExecutableError struct{ Path string }

// Error implements error.
func (e *NotExecutableError) Error() string { return e.Path + " is not executable" }

// NotForEverybodyError says that other users cannot start a program, because of
// the mode of Path: its own, or that of a folder above it.
type NotForEverybodyError struct{ Path, Program string }

// Error implements error.
func (e *NotForEverybodyError) Error() string {
	return "others cannot start " + e.Program + ": " + e.Path + " is closed to them"
}

// Lasting refuses a program that a browser must not be told to start: one that
// others may write to (*paths.UnsafeError), that will not be there tomorrow
// (ErrTemporary), or that cannot be started (*NotExecutableError).
func Lasting(program string, temporary []string) error {
	if err := paths.Trusted(program); err != nil {
		return err
	}
	for _, folder := range temporary {
		if resolved, err := filepath.EvalSymlinks(folder); err == nil && beneath(program, resolved) {
			return fmt.Errorf("%s %w", program, ErrTemporary)
		}
	}
	return executable(program)
}
