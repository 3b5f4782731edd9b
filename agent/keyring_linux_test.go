package agent

import (
	"path/filepath"
	"testing"

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
