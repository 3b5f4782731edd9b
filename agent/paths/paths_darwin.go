package paths

import (
	"errors"
	"path/filepath"

	"github.com/readmit/readmit/agent/about"
)

func defaults(_ func(string) string, home string, _ int) (Dirs, error) {
	if !filepath.IsAbs(home) {
		return Dirs{}, errors.New("the home folder is not known: HOME is not an absolute path")
	}
	support := filepath.Join(home, "Library", "Application Support", about.Name)
	return Dirs{Config: filepath.Join(support, "config"), State: filepath.Join(support, "state")}, nil
}
