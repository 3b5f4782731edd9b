package agent

import (
	"testing"
	"time"

	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

// refusedOnce stores a password that the server refuses the next day, and
// returns the incident in which that was seen.
func (h *hub) refusedOnce(p *peer, consent rpc.Consent) string {
	h.t.Helper()
	h.signIn(p, "/", consent)
	id := h.report(p, "/a")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRefused))
	return id
}

func (h *hub) offersOnceMore(p *peer, id string, want bool) {
	h.t.Helper()
	if list := accounts(p, id); len(list.Accounts) != 1 || list.Accounts[0].OnceMore != want {
		h.t.Errorf("listed %+v, want once more %v", list.Accounts, want)
	}
}

func TestOnceMoreIsOneSendAndASecondRefusalClosesItAgain(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.refusedOnce(p, rpc.ConsentOnce)
	id := h.report(p, "/a")
	h.offersOnceMore(p, id, true)
	p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)
	got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnceMore))
	if got.Secret.Reveal() != "correct horse" {
		t.Error("another secret was sent once more")
	}
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRefused))
	again := h.report(p, "/a") // the same request is challenged again
	if again != id {
		t.Fatalf("another incident")
	}
	h.offersOnceMore(p, id, false)
	for _, c := range []rpc.Consent{rpc.ConsentOnce, rpc.ConsentOnceMore, rpc.ConsentAlways, rpc.ConsentStanding} {
		p.refused(rpc.MethodCredentialRelease, releaseOf(id, c), rpc.CodeRefusedBefore)
	}
	// Another day, another incident: the person may have asked the helpdesk again.
	h.clock.forward(24 * time.Hour)
	h.offersOnceMore(p, h.report(p, "/a"), true)
}

func TestOnceMoreThatTheServerAcceptsOpensTheAccountAgain(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.refusedOnce(p, rpc.ConsentAlways)
	id := h.report(p, "/b")
	p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentStanding), rpc.CodeRefusedBefore)
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnceMore))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	id = h.report(p, "/c")
	if list := accounts(p, id); list.Accounts[0].State != rpc.AccountReady || list.Accounts[0].OnceMore {
		t.Errorf("listed %+v", list.Accounts)
	}
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
}

// An attempt that ends in nothing that anybody saw is closed, whatever ended it.
func TestOnceMoreWhoseOutcomeWasNeverSeenIsClosed(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.refusedOnce(p, rpc.ConsentOnce)
	id := h.report(p, "/b")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnceMore))
	h.restart()
	q := h.browser()
	id = h.report(q, "/c")
	if list := accounts(q, id); list.Accounts[0].State != rpc.AccountUnseen {
		t.Errorf("listed %+v", list.Accounts)
	}
	q.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)
}

func TestOnceMoreThatNeverReachedTheBrowserLeavesAllAsItWas(t *testing.T) {
	for name, report := range map[string]func(*hub, *peer, string) string{
		"in an ordinary window": (*hub).report, "in a private window": (*hub).reportPrivately,
	} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			h.refusedOnce(p, rpc.ConsentOnce)
			id := report(h, p, "/b")
			call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnceMore))
			call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultNotSent))
			id = report(h, p, "/b")
			if list := accounts(p, id); list.Accounts[0].State != rpc.AccountRefused || !list.Accounts[0].OnceMore {
				t.Errorf("listed %+v", list.Accounts)
			}
			p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)
		})
	}
}

// A private window is told by itself, and the journal hears nothing of it.
func TestOnceMoreInAPrivateWindowHoldsWhileTheAgentRuns(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.refusedOnce(p, rpc.ConsentOnce)
	id := h.reportPrivately(p, "/b")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnceMore))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(h.reportPrivately(p, "/c"), rpc.ConsentOnce))
	h.restart()
	p = h.browser()
	p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/d"), rpc.ConsentOnce), rpc.CodeRefusedBefore)
}

// One account's once more is not another's.
func TestOnceMoreIsForOneAccount(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.refusedOnce(p, rpc.ConsentOnce)
	id := h.report(p, "/b")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "bert", "battery staple", true))
	bert := rpc.ReleaseParams{IncidentID: id, Account: "bert", Consent: rpc.ConsentOnce}
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, bert)
	ended := outcome(id, recovery.ResultRecovered)
	ended.Account = "bert"
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, ended)

	id = h.report(p, "/c")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, rpc.ReleaseParams{IncidentID: id, Account: "bert", Consent: rpc.ConsentOnce})
	ended.IncidentID, ended.Outcome.Result = id, recovery.ResultRefused
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, ended)
	id = h.report(p, "/c")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, rpc.ReleaseParams{IncidentID: id, Account: "bert", Consent: rpc.ConsentOnceMore})
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, ended)
	id = h.report(p, "/c")
	states := map[string]bool{}
	for _, a := range accounts(p, id).Accounts {
		states[a.Account] = a.OnceMore
	}
	if !states["anna"] || states["bert"] {
		t.Errorf("once more: %v", states)
	}
}

// Firefox reports the refusal once more after the browser's own box was sent
// away: it is still the one in which readmit stopped sending.
func TestWhoTurnsToTheBrowserAfterARefusalIsStillToldOfIt(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := h.refusedOnce(p, rpc.ConsentOnce)
	want := call[rpc.ViewResult](p, rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: id}).View
	h.report(p, "/a")
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultDeclined))
	again := h.basicRefusal("/a")
	again.Challenged = false
	got := call[rpc.ViewResult](p, rpc.MethodRefusalReport, again)
	if got.IncidentID != id || got.View.Summary != want.Summary {
		t.Errorf("told %q, before %q", got.View.Summary, want.Summary)
	}
}
