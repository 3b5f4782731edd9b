//go:build unix

package paths

import (
	"os"
	"path/filepath"
)

func socketPath(runtime string) string {
	const socket = "agent.sock"
	path := filepath.Join(runtime, socket)
	if len(path) <= maxSocketPath {
		return path
	}
	// Not os.TempDir: host and agent may see different values of TMPDIR.
	return filepath.Join(shortFolder("/tmp", runtime, os.Getuid()), socket)
}
