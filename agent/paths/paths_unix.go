//go:build unix

package paths

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
)

// maxSocketPath is the longest socket path that every system binds: sun_path
// holds 104 bytes on macOS and 108 on Linux, the closing NUL included.
const maxSocketPath = 100

func socketPath(runtime string) string {
	const socket = "agent.sock"
	path := filepath.Join(runtime, socket)
	if len(path) <= maxSocketPath {
		return path
	}
	// Not os.TempDir: host and agent may see different values of TMPDIR.
	return filepath.Join(shortFolder("/tmp", runtime, os.Getuid()), socket)
}

// shortFolder names a folder for the runtime folder whose own path is too long.
// The sum only tells folders of one user apart; what keeps other users out is
// the check before use. A cryptographic one would start a library in each host.
func shortFolder(root, runtime string, uid int) string {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(runtime)) // never fails
	return filepath.Join(root, fmt.Sprintf("%s-%d-%016x", name, uid, sum.Sum64()))
}
