package paths

import (
	"errors"
	"os"
	"path/filepath"
)

func system() string { return "/Library/Application Support/" + name }

func environment(int) func(string) string { return os.Getenv }

func defaults(_ func(string) string, home string, _ int) (Dirs, error) {
	if !filepath.IsAbs(home) {
		return Dirs{}, errors.New("the home folder is not known: HOME is not an absolute path")
	}
	support := filepath.Join(home, "Library", "Application Support", name)
	return Dirs{Config: filepath.Join(support, "config"), State: filepath.Join(support, "state")}, nil
}
