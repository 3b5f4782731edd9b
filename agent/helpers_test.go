package agent

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/internal/release"
)

func spaceFor() release.Space { return release.Space{Origin: site, Realm: "Staff", Scheme: "basic"} }

func bytesCount(s, what string) int { return strings.Count(s, what) }

// until waits for something that another goroutine does.
func (h *hub) until(done func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatal("it did not happen")
		}
	}
}

// noFileHolds looks through everything that the hub has written.
func (h *hub) noFileHolds(canaries ...string) {
	h.t.Helper()
	seen := 0
	err := filepath.WalkDir(filepath.Dir(h.dirs.State), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		seen++
		for _, canary := range canaries {
			if bytes.Contains(data, []byte(canary)) {
				h.t.Errorf("%s holds %q", filepath.Base(path), canary)
			}
		}
		return err
	})
	if err != nil || seen == 0 {
		h.t.Errorf("looking through %d files: %v", seen, err)
	}
	for _, canary := range canaries {
		if strings.Contains(h.log.String(), canary) {
			h.t.Errorf("the log holds %q", canary)
		}
	}
}
