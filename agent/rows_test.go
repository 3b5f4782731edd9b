//go:build unix

package agent

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/agent/signature"
)

// Threat 19: a file of rows that others could have written, or that nobody
// signed, is refused with a reason and a hint, and the built-in rows stay.
func TestOnlyASafeSignedFileReplacesTheRows(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	public := hex.EncodeToString(key.Public().(ed25519.PublicKey))
	rows := signature.Encode([]signature.Row{{ID: "from_file", Group: signature.GroupWording, When: signature.Condition{Body: []string{"x"}},
		Causes: []signature.Weighted{{Cause: cause.Unknown, Strength: signature.Hint}}}})
	built := signature.InForce().Origin()
	for name, c := range map[string]struct {
		serial int
		key    string
		harm   func(path string) error
		says   string // empty: it is used
		source string
	}{
		"a good file":                       {2099010101, public, nil, "", "file"},
		"no file":                           {2099010101, public, os.Remove, "", "built_in"},
		"a file that others may write to":   {2099010101, public, func(p string) error { return os.Chmod(p, 0o666) }, "not safe to use", "built_in"},
		"a folder that others may write to": {2099010101, public, func(p string) error { return os.Chmod(filepath.Dir(p), 0o777) }, "not safe to use", "built_in"},
		"a link": {2099010101, public, func(p string) error {
			if err := os.Rename(p, p+".real"); err != nil {
				return err
			}
			return os.Symlink(p+".real", p)
		}, "not a regular file", "built_in"},
		"a file that is cut":         {2099010101, public, func(p string) error { return os.Truncate(p, 140) }, "does not fit", "built_in"},
		"a file without a signature": {2099010101, public, func(p string) error { return os.WriteFile(p, rows, 0o644) }, "no signature", "built_in"},
		"a file too large":           {2099010101, public, func(p string) error { return os.Truncate(p, signature.MaxFile+1) }, "more than", "built_in"},
		"an old file":                {2020010101, public, nil, "older", "built_in"},
		"a build without a key":      {2099010101, "", nil, "no key", "built_in"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(func() { signature.Use(nil) })
			folder := filepath.Join(t.TempDir(), "system")
			path := filepath.Join(folder, signature.FileName)
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, signature.Seal(c.serial, rows, key), 0o644); err != nil {
				t.Fatal(err)
			}
			if c.harm != nil {
				if err := c.harm(path); err != nil {
					t.Fatal(err)
				}
			}
			problem := useRows(folder, c.key)
			var out bytes.Buffer
			logRows(zerolog.New(&out), problem)
			h := startHub(t, func(_ *hub, conf *config) { conf.rowsProblem = problem })
			got := call[rpc.StatusResult](h.browser(), rpc.MethodStatus, nothing{}).Signatures
			if got.Source != c.source || (got.Source == "built_in") != (got.Rows == built.Rows && got.Serial == built.Serial) {
				t.Errorf("status says %+v", got)
			}
			if !strings.Contains(got.Problem, c.says) || (c.says == "") != (got.Problem == "") || (got.Problem == "") != (got.Hint == "") {
				t.Errorf("the reason is %q, hint %q, want %q", got.Problem, got.Hint, c.says)
			}
			if n := strings.Count(out.String(), "signatures in force"); n != 1 || strings.Contains(out.String(), "working with the built-in") != (c.says != "") {
				t.Errorf("the log says %s", out.String())
			}
		})
	}
}

func TestTheAgentSaysAtStartWhichRowsItUses(t *testing.T) {
	p := startProcess(t)
	p.until(func() bool {
		log, _ := os.ReadFile(filepath.Join(p.dirs.State, "log", "agent.log")) // not there at once
		return strings.Count(string(log), "signatures in force") == 1
	})
}

func TestTheSystemFolderIsNobodysOwn(t *testing.T) {
	t.Setenv(paths.ConfigEnv, t.TempDir())
	if got := paths.System(); !filepath.IsAbs(got) || strings.HasPrefix(got, os.Getenv("HOME")+"/") || strings.HasPrefix(got, os.Getenv(paths.ConfigEnv)) {
		t.Errorf("got %q", got)
	}
}
