//go:build unix

package agent

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

// withFullDisk runs f while no file of this process can be written: the write
// fails as on a full disk, with another errno (setrlimit(2), RLIMIT_FSIZE).
func withFullDisk(t *testing.T, f func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	full := before
	full.Cur = 0
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	}()
	f()
}

// alone runs the test in a process of its own, and reports whether this is it:
// the limit would also fail what the go command has tests write about
// themselves.
func alone(t *testing.T) bool {
	t.Helper()
	const mark = "READMIT_TEST_ALONE"
	if os.Getenv(mark) != "" {
		return true
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), mark+"=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}

// Promise 2: the attempt is on disk before the secret leaves.
func TestOnAFullDiskNoSecretLeaves(t *testing.T) {
	if !alone(t) {
		return
	}
	for name, consent := range map[string]rpc.Consent{"of a password that worked": rpc.ConsentOnce, "of one that was refused": rpc.ConsentOnceMore} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			if h.signIn(p, "/", rpc.ConsentOnce); consent == rpc.ConsentOnceMore {
				h.refusedOnce(p, rpc.ConsentOnce)
			}
			want := accounts(p, h.report(p, "/look")).Accounts
			id := h.report(p, "/a")
			withFullDisk(t, func() {
				p.refused(rpc.MethodCredentialRelease, releaseOf(id, consent), rpc.CodeJournalUnavailable)
			})
			if got := accounts(p, h.report(p, "/b")).Accounts; got[0] != want[0] {
				t.Errorf("listed as %+v, before as %+v", got, want)
			}
			// There is room again: nothing has to be started anew.
			id = h.report(p, "/a")
			if got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, consent)); got.Secret.Reveal() != "correct horse" {
				t.Error("another secret was sent")
			}
		})
	}
}

// The server let the person in while nothing could be written: what was typed
// is told as not kept, and the password kept before stays.
func TestOnAFullDiskTheOldPasswordStays(t *testing.T) {
	if !alone(t) {
		return
	}
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/", rpc.ConsentOnce)
	id := h.report(p, "/a")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "new horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	withFullDisk(t, func() {
		if got := call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered)); !got.NotKept {
			t.Error("told as kept")
		}
	})
	h.restart()
	p = h.browser()
	if got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(h.report(p, "/b"), rpc.ConsentOnce)); got.Secret.Reveal() != "correct horse" {
		t.Error("the password that was kept is gone")
	}
}

// Clocks are set right, by hours or years, while somebody decides.
func TestAClockThatJumpsReleasesNothingAndForgetsNothing(t *testing.T) {
	for name, jump := range map[string]time.Duration{"an hour ahead": time.Hour, "an hour back": -time.Hour, "years ahead": 1e5 * time.Hour, "years back": -1e5 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			h.signIn(p, "/", rpc.ConsentOnce)
			id := h.report(p, "/a")
			h.clock.forward(jump)
			p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeNotAllowed)
			id = h.report(p, "/b")
			call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
			call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRefused))
			h.clock.forward(-jump)
			h.restart()
			p = h.browser()
			p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/c"), rpc.ConsentOnce), rpc.CodeRefusedBefore)
		})
	}
}

// The agent ends after the server accepted a typed password and before it was
// kept: the one that was kept stays, and typing the new one keeps it once.
func TestAnAgentThatEndsBeforeItKeepsLeavesTheOldPassword(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/", rpc.ConsentOnce)
	id := h.report(p, "/a")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "new horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	h.restart()
	p = h.browser()
	// The extension tells it to the next agent, which knows the incident alone.
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	id = h.report(p, "/b")
	if got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce)); got.Secret.Reveal() != "correct horse" {
		t.Error("the password that was kept is gone")
	}
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	id = h.report(p, "/c")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "new horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	if all := h.server.vault.All(); len(all) != 1 {
		t.Errorf("kept as %+v", all)
	}
}
