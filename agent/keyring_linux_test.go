package agent

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

// Without a keyring the browser takes over at once: the window is not opened
// for what could not be kept, and the reason is said.
func TestWithoutAKeyringNobodyIsAsked(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(dir, "no-bus"))
	t.Setenv("XDG_RUNTIME_DIR", dir)
	h := startHub(t, func(h *hub, c *config) {
		v, err := vault.Open(vault.Config{Dir: h.dirs.State})
		if err != nil {
			t.Fatal(err)
		}
		c.vault, c.vaultKind = v, "keyring"
	})
	p := h.browser()
	id := h.report(p, "/a")
	p.refused(rpc.MethodCredentialList, rpc.ListParams{IncidentID: id}, rpc.CodeKeyringAbsent)
	// Standing consents can still be looked at and withdrawn.
	call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{Standing: true})
	if s := call[rpc.StatusResult](p, rpc.MethodStatus, nothing{}); s.Keyring != "absent" || s.Vault != "keyring" {
		t.Errorf("%+v", s)
	}
	// A keyring that went away in between is said when the server accepted.
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	got := call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	if got.View.Closed != "recovered" || !got.NotKept {
		t.Errorf("closed %q, not kept %v", got.View.Closed, got.NotKept)
	}
}

// What is wrong with the password store is told as what it is, and nobody is
// asked for a sign-in that could not be kept.
func TestWhatIsWrongWithThePasswordStoreIsTold(t *testing.T) {
	for name, row := range map[string]struct {
		harm  func(*testing.T, *hub, *config)
		want  rpc.Code
		state string
	}{
		"a keyring that does not answer": {func(t *testing.T, h *hub, c *config) {
			bus := filepath.Join(h.dirs.Runtime, "bus")
			l, err := net.Listen("unix", bus) // connections are made, and nothing is said
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+bus)
			if c.vault, err = vault.Open(vault.Config{Dir: h.dirs.State, Timeout: 50 * time.Millisecond}); err != nil {
				t.Fatal(err)
			}
		}, rpc.CodeKeyringTimeout, "timeout"},
		"a file that its passphrase does not open": {func(t *testing.T, h *hub, c *config) {
			k := vaultKey(keyOf(spaceFor(), "anna"))
			if _, err := c.vault.Set(t.Context(), k, vault.NewSecret("x")); err != nil {
				t.Fatal(err)
			}
			passphrase := filepath.Join(h.dirs.State, "passphrase")
			if err := os.WriteFile(passphrase, []byte("another one"), 0o600); err != nil {
				t.Fatal(err)
			}
			var err error
			if c.vault, err = vault.Open(vault.Config{
				Dir: h.dirs.State, File: filepath.Join(h.dirs.State, "vault.age"), PassphraseFile: passphrase,
			}); err != nil {
				t.Fatal(err)
			}
		}, rpc.CodeKeyringBroken, "broken"},
	} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t, func(h *hub, c *config) { row.harm(t, h, c) })
			p := h.browser()
			p.refused(rpc.MethodCredentialList, rpc.ListParams{IncidentID: h.report(p, "/a")}, row.want)
			if s := call[rpc.StatusResult](p, rpc.MethodStatus, nothing{}); s.Keyring != row.state {
				t.Errorf("status says %q", s.Keyring)
			}
		})
	}
}
