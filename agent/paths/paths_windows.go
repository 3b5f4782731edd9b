package paths

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

func system() string {
	data, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		data = `C:\ProgramData`
	}
	return filepath.Join(data, name)
}

func environment(int) func(string) string { return os.Getenv }

// defaults stays beneath %LocalAppData%, which does not roam.
func defaults(getenv func(string) string, _ string, _ int) (Dirs, error) {
	local := getenv("LOCALAPPDATA")
	if !filepath.IsAbs(local) {
		return Dirs{}, errors.New("the local data folder is not known: LOCALAPPDATA is not an absolute path")
	}
	root := filepath.Join(local, name)
	return Dirs{Config: filepath.Join(root, "config"), State: filepath.Join(root, "state")}, nil
}

// socketPath names what the pipe is derived from; it is never a file.
func socketPath(runtime string) string { return filepath.Join(runtime, "agent.sock") }
