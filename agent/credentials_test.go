package agent

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

const site = "http://127.0.0.1:8080"

// basicRefusal is what an extension reports while it holds a Basic challenge.
func (h *hub) basicRefusal(path string) rpc.ReportParams {
	return rpc.ReportParams{
		Refusal: refusal.Refusal{
			URL: site + path, Method: "GET", Status: 401, ResourceType: "main_frame", Time: h.clock.Now(),
			ResponseHeaders: []refusal.Header{{Name: "WWW-Authenticate", Value: `Basic realm="Staff"`}},
			Request:         refusal.Request{TopFrame: true, Authorization: "none"},
		},
		Challenged: true, Challenger: site, TopOrigin: site, VisibleMainFrame: true,
	}
}

func (h *hub) report(p *peer, path string) string {
	h.t.Helper()
	return call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.basicRefusal(path)).IncidentID
}

func save(id, account, secret string, remember bool) rpc.SaveParams {
	return rpc.SaveParams{IncidentID: id, Account: account, Secret: rpc.NewWireSecret(secret), Remember: remember}
}

func outcome(id string, r recovery.Result) rpc.OutcomeParams {
	return rpc.OutcomeParams{IncidentID: id, Account: "anna", Outcome: recovery.Outcome{Action: cause.SupplyCredentials, Result: r}}
}

func releaseOf(id string, c rpc.Consent) rpc.ReleaseParams {
	return rpc.ReleaseParams{IncidentID: id, Account: "anna", Consent: c}
}

// signIn types a sign-in that the server accepts.
func (h *hub) signIn(p *peer, path string, consent rpc.Consent) {
	h.t.Helper()
	id := h.report(p, path)
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", true))
	got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, consent))
	if got.Secret.Reveal() != "correct horse" {
		h.t.Fatal("another secret was released than was typed")
	}
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
}

func accounts(p *peer, id string) rpc.ListResult {
	p.t.Helper()
	return call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{IncidentID: id})
}

func TestATypedSignInIsRememberedOnceTheServerAcceptedIt(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := h.report(p, "/a")
	list := accounts(p, id)
	if list.Space == nil || *list.Space != (rpc.Space{Origin: site, Realm: "Staff", Scheme: "basic"}) || len(list.Accounts) != 0 || !list.CanSave {
		t.Fatalf("before: %+v", list)
	}
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", true))
	if list := accounts(p, id); len(list.Accounts) != 0 {
		t.Fatalf("stored before the server accepted it: %+v", list)
	}
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	view := call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered)).View
	if view.Closed != "recovered" {
		t.Errorf("closed %q", view.Closed)
	}
	id = h.report(p, "/b")
	list = accounts(p, id)
	if len(list.Accounts) != 1 || list.Accounts[0] != (rpc.Account{Account: "anna", State: rpc.AccountReady}) {
		t.Fatalf("after: %+v", list)
	}
	got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	if got.Secret.Reveal() != "correct horse" {
		t.Error("the stored secret is another")
	}
}

func TestATypedSignInIsForgotten(t *testing.T) {
	for name, end := range map[string]recovery.Result{
		"when the server refuses it":         recovery.ResultRefused,
		"when its outcome was never seen":    recovery.ResultUnseen,
		"when it was not to be remembered":   recovery.ResultRecovered,
		"when the person chose to hand back": recovery.ResultDeclined,
	} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			id := h.report(p, "/a")
			call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", end != recovery.ResultRecovered))
			call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
			call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, end))
			if list := accounts(p, h.report(p, "/b")); len(list.Accounts) != 0 {
				t.Errorf("stored: %+v", list)
			}
			p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/c"), rpc.ConsentOnce), rpc.CodeNotFound)
		})
	}
}

// Promise 4: nobody agreed to remember whose sign-in was typed.
func TestATypedAccountThatIsNotRememberedIsInNoFile(t *testing.T) {
	for name, remember := range map[string]bool{"asked to be forgotten": false, "asked to be remembered": true} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			id := h.report(p, "/a")
			for _, end := range []recovery.Result{recovery.ResultRefused, recovery.ResultUnseen} {
				call[nothing](p, rpc.MethodCredentialSave, save(id, "canary-account", "canary-secret", remember))
				r := rpc.ReleaseParams{IncidentID: id, Account: "canary-account", Consent: rpc.ConsentOnce}
				call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, r)
				o := outcome(id, end)
				o.Account = "canary-account"
				call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, o)
				id = h.report(p, "/b/"+string(end))
			}
			h.close()
			h.noFileHolds("canary-account", "canary-secret")
		})
	}
}

func TestForgettingReachesWhatIsNotedOfAnAccountThatIsGone(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := h.report(p, "/a")
	k := keyOf(spaceFor(), "canary-account")
	if err := errors.Join(h.server.record(false, k, 1, journal.Refused), h.server.record(true, k, 2, journal.Refused)); err != nil {
		t.Fatal(err)
	}
	p.refused(rpc.MethodCredentialForget, rpc.ForgetParams{IncidentID: id, Account: "canary-account"}, rpc.CodeNotFound)
	for revision := 1; revision <= 2; revision++ {
		if last, err := h.server.last(k, revision); err != nil || last != release.NeverSent {
			t.Errorf("revision %d: %v %v", revision, last, err)
		}
	}
}

// What the vault could not keep is said while the person still types.
func TestAUserNameIsBoundedAsTheVaultBoundsIt(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := h.report(p, "/a")
	call[nothing](p, rpc.MethodCredentialSave, save(id, strings.Repeat("é", maxAccount), "x", true))
	p.refused(rpc.MethodCredentialSave, save(id, strings.Repeat("x", maxAccount+1), "x", true), rpc.CodeBadParams)
	p.refused(rpc.MethodCredentialSave, save(id, strings.Repeat("名", vault.MaxAccount/3+1), "x", true), rpc.CodeBadParams)
}

// The server let the person in: that the password store fails afterwards does
// not take the page from them.
func TestASignInThatCannotBeKeptStillRecovers(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := h.report(p, "/a")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentAlways))
	passphrase := filepath.Join(h.dirs.State, "passphrase")
	if err := os.Remove(passphrase); err != nil {
		t.Fatal(err)
	}
	got := call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	if got.View.Closed != "recovered" || !got.NotKept {
		t.Errorf("closed %q, not kept %v", got.View.Closed, got.NotKept)
	}
	if list := call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{Standing: true}); len(list.Standing) != 0 {
		t.Errorf("standing: %+v", list.Standing)
	}
	if n := bytesCount(h.log.String(), "remembering a sign-in"); n != 1 {
		t.Errorf("logged %d times", n)
	}
	if err := os.WriteFile(passphrase, []byte("a passphrase of the tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	id = h.report(p, "/kept")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	if got := call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered)); got.NotKept {
		t.Error("a sign-in that was kept is told as lost")
	}
}

func TestAWrongStoredPasswordIsSentOnce(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/", rpc.ConsentAlways)
	// The password was changed at the site: forty requests are challenged.
	var ids []string
	for range 40 {
		ids = append(ids, h.report(p, "/forty/"+string(rune('a'+len(ids)))))
	}
	sent := 0
	for _, id := range ids {
		if _, fault := p.ask(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce)); fault == nil {
			sent++
		} else if fault.Code != rpc.CodeBusy {
			t.Errorf("while one is under way: %v", fault)
		}
	}
	view := call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(ids[0], recovery.ResultRefused)).View
	if view.Cause != cause.WrongCredentials {
		t.Errorf("explained as %s", view.Cause)
	}
	for _, id := range ids[1:] {
		for _, c := range []rpc.Consent{rpc.ConsentOnce, rpc.ConsentAlways, rpc.ConsentStanding} {
			if _, fault := p.ask(rpc.MethodCredentialRelease, releaseOf(id, c)); fault == nil {
				sent++
			} else if fault.Code != rpc.CodeRefusedBefore {
				t.Errorf("afterwards: %v", fault)
			}
		}
	}
	if sent != 1 {
		t.Fatalf("sent %d times", sent)
	}
	if list := accounts(p, ids[1]); len(list.Accounts) != 1 || list.Accounts[0].State != rpc.AccountRefused || list.Accounts[0].Standing {
		t.Errorf("listed as %+v", list.Accounts)
	}
	// The same request is challenged again; the person types a new one.
	id := h.report(p, "/forty/a")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "new horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(h.report(p, "/later"), rpc.ConsentOnce))
	if got.Secret.Reveal() != "new horse" {
		t.Error("the changed secret was not stored")
	}
}

func TestASendWhoseOutcomeWasNeverSeenIsNotRepeated(t *testing.T) {
	lose := map[string]func(h *hub, p *peer, id string){
		"because the connection was lost": func(_ *hub, p *peer, _ string) { _ = p.conn.Close() },
		"because the outcome says so": func(_ *hub, p *peer, id string) {
			call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultUnseen))
		},
		"because five minutes went by": func(h *hub, _ *peer, _ string) {
			h.clock.forward(5 * time.Minute)
			h.server.book.sweep(h.clock.Now())
		},
		"because the agent started anew": func(h *hub, _ *peer, _ string) {
			h.restart()
		},
	}
	for name, how := range lose {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			h.signIn(p, "/", rpc.ConsentOnce)
			id := h.report(p, "/a")
			call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
			how(h, p, id)
			q := h.browser()
			id = h.report(q, "/b")
			h.until(func() bool { return !h.server.book.leased(keyOf(spaceFor(), "anna")) })
			q.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)
			if list := accounts(q, id); list.Accounts[0].State != rpc.AccountUnseen {
				t.Errorf("listed as %+v", list.Accounts)
			}
		})
	}
}

func TestASecretThatNeverReachedTheBrowserMayBeSentAgain(t *testing.T) {
	for name, window := range map[string]func(*hub, *peer, string) string{
		"in an ordinary window": (*hub).report, "in a private window": (*hub).reportPrivately,
	} {
		for _, before := range []release.Last{release.Accepted, release.NeverSent} {
			t.Run(name+", last "+map[release.Last]string{release.Accepted: "accepted", release.NeverSent: "never sent"}[before], func(t *testing.T) {
				h := startHub(t)
				p := h.browser()
				h.signIn(p, "/", rpc.ConsentOnce)
				k := keyOf(spaceFor(), "anna")
				revision, _ := h.server.revisionOf(k)
				if before == release.NeverSent {
					if err := h.server.forgetEndings(k); err != nil {
						t.Fatal(err)
					}
				}
				id := window(h, p, "/a")
				call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
				view := call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultNotSent)).View
				if view.Closed != "" {
					t.Errorf("closed %q", view.Closed)
				}
				if last, err := h.server.last(k, revision); err != nil || last != before {
					t.Errorf("last: %v %v, want %v", last, err, before)
				}
				// The challenge itself is over.
				p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeNotAllowed)
				id = window(h, p, "/b")
				call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
				call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultUnseen))
				p.refused(rpc.MethodCredentialRelease, releaseOf(window(h, p, "/c"), rpc.ConsentOnce), rpc.CodeRefusedBefore)
			})
		}
	}
}

func TestASecretThatNeverReachedTheBrowserIsNotRemembered(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := h.report(p, "/a")
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentAlways))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultNotSent))
	if list := accounts(p, h.report(p, "/b")); len(list.Accounts) != 0 {
		t.Errorf("stored: %+v", list)
	}
	if list := call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{Standing: true}); len(list.Standing) != 0 {
		t.Errorf("standing: %+v", list.Standing)
	}
}

func TestAlwaysHere(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/", rpc.ConsentOnce)
	p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/a"), rpc.ConsentStanding), rpc.CodeConsentNeeded)

	h.signIn(p, "/b", rpc.ConsentAlways)
	id := h.report(p, "/c")
	if list := accounts(p, id); !list.Accounts[0].Standing {
		t.Fatalf("after always: %+v", list.Accounts)
	}
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentStanding))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))

	// Another connection, later: still silent. Then it is withdrawn.
	q := h.browser()
	h.clock.forward(30 * 24 * time.Hour)
	id = h.report(q, "/d")
	call[rpc.ReleaseResult](q, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentStanding))
	call[rpc.ViewResult](q, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	standing := call[rpc.ListResult](q, rpc.MethodCredentialList, rpc.ListParams{Standing: true}).Standing
	if len(standing) != 1 || standing[0].Account != "anna" || standing[0].Space.Origin != site || !standing[0].Used.Equal(h.clock.Now()) {
		t.Fatalf("standing: %+v", standing)
	}
	call[nothing](q, rpc.MethodCredentialForget, rpc.ForgetParams{StandingID: standing[0].ID})
	q.refused(rpc.MethodCredentialRelease, releaseOf(h.report(q, "/e"), rpc.ConsentStanding), rpc.CodeConsentNeeded)
	q.refused(rpc.MethodCredentialForget, rpc.ForgetParams{StandingID: standing[0].ID}, rpc.CodeNotFound)
}

func TestAlwaysIsNotStoredBeforeTheServerAccepted(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/", rpc.ConsentOnce)
	id := h.report(p, "/a")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentAlways))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRefused))
	if list := call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{Standing: true}); len(list.Standing) != 0 {
		t.Errorf("standing: %+v", list.Standing)
	}
}

func TestForgettingAnAccountForgetsAllOfIt(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/", rpc.ConsentAlways)
	id := h.report(p, "/a")
	call[nothing](p, rpc.MethodCredentialForget, rpc.ForgetParams{IncidentID: id, Account: "anna"})
	if list := accounts(p, id); len(list.Accounts) != 0 {
		t.Errorf("accounts: %+v", list.Accounts)
	}
	if list := call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{Standing: true}); len(list.Standing) != 0 {
		t.Errorf("standing: %+v", list.Standing)
	}
	p.refused(rpc.MethodCredentialForget, rpc.ForgetParams{IncidentID: id, Account: "anna"}, rpc.CodeNotFound)
}

// Threat 9, over the wire; the table of package release has every clause.
func TestAnIncidentReleasesOnceOnItsOwnConnection(t *testing.T) {
	h := startHub(t)
	p, q := h.browser(), h.browser()
	h.signIn(p, "/", rpc.ConsentOnce)

	id := h.report(p, "/a")
	q.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeNotAllowed)
	q.refused(rpc.MethodCredentialSave, save(id, "anna", "x", false), rpc.CodeNotAllowed)
	p.refused(rpc.MethodCredentialRelease, releaseOf("made-up", rpc.ConsentOnce), rpc.CodeNotFound)
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeNotAllowed)

	id = h.report(p, "/b")
	h.clock.forward(5 * time.Minute)
	p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeNotAllowed)

	handedBack := h.report(p, "/c")
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(handedBack, recovery.ResultDeclined))
	p.refused(rpc.MethodCredentialRelease, releaseOf(handedBack, rpc.ConsentOnce), rpc.CodeNotAllowed)
}

// Threat 1: whoever starts the host with a browser's argv is no browser.
func TestWithoutABrowserBehindItNothingLastingIsGrantedOrUsed(t *testing.T) {
	h := startHub(t)
	h.signIn(h.browser(), "/", rpc.ConsentAlways)
	h.parent = "bash"
	p := h.browser()
	p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/a"), rpc.ConsentStanding), rpc.CodeConsentNeeded)
	p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/b"), rpc.ConsentAlways), rpc.CodeConsentNeeded)
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(h.report(p, "/c"), rpc.ConsentOnce))
	if n := bytesCount(h.log.String(), "not started by a browser"); n != 1 {
		t.Errorf("logged %d times", n)
	}
}

func (h *hub) reportPrivately(p *peer, path string) string {
	h.t.Helper()
	report := h.basicRefusal(path)
	report.Refusal.Request.Private = true
	return call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
}

// Promise 2: the latest ending decides, in whatever kind of window it came.
func TestTheGuardHoldsOverPrivateAndOtherWindows(t *testing.T) {
	for name, windows := range map[string][2]func(*hub, *peer, string) string{
		"accepted in a private window, refused in another":  {(*hub).reportPrivately, (*hub).report},
		"accepted in an ordinary window, refused privately": {(*hub).report, (*hub).reportPrivately},
	} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			h.signIn(p, "/", rpc.ConsentOnce)
			for i, end := range []recovery.Result{recovery.ResultRecovered, recovery.ResultRefused} {
				id := windows[i](h, p, "/"+string(end))
				call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
				call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, end))
			}
			for i, window := range windows {
				id := window(h, p, "/later/"+string(rune('a'+i)))
				p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)
			}
		})
	}
}

// A sign-in that is known already must not lose its ending for want of room.
func TestPrivateEndingsAreBoundedByAccounts(t *testing.T) {
	h := startHub(t)
	k := keyOf(spaceFor(), "anna")
	for revision := 1; revision <= maxPrivate; revision++ {
		if err := h.server.record(true, k, revision, journal.Unseen); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.server.record(true, k, 1, journal.Refused); err != nil {
		t.Errorf("the ending of a known send: %v", err)
	}
	if last, err := h.server.last(k, 1); err != nil || last != release.Refused {
		t.Errorf("last: %v %v", last, err)
	}
	if err := h.server.record(true, k, maxPrivate+1, journal.Unseen); err == nil {
		t.Error("one more than there is room for")
	}
}

// Promise 4: a private window leaves nothing behind.
func TestPrivateWindowsLeaveNothing(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/", rpc.ConsentOnce)
	report := h.basicRefusal("/secret-place")
	report.Refusal.Request.Private = true
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
	if list := accounts(p, id); list.CanSave || len(list.Accounts) != 1 {
		t.Errorf("listed: %+v", list)
	}
	p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentAlways), rpc.CodeConsentNeeded)
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRefused))
	// The guard holds all the same while the agent runs.
	p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/x"), rpc.ConsentOnce), rpc.CodeRefusedBefore)

	report.Refusal.URL = site + "/secret-place/2"
	id = call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
	call[nothing](p, rpc.MethodCredentialSave, save(id, "bert", "typed in private", true))
	r := rpc.ReleaseParams{IncidentID: id, Account: "bert", Consent: rpc.ConsentOnce}
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, r)
	o := outcome(id, recovery.ResultRecovered)
	o.Account = "bert"
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, o)
	if list := accounts(p, h.report(p, "/y")); len(list.Accounts) != 1 {
		t.Errorf("saved from a private window: %+v", list.Accounts)
	}
	list := call[rpc.ListIncidentsResult](p, rpc.MethodIncidentList, rpc.ListIncidentsParams{})
	for _, v := range list.Incidents {
		if v.IncidentID == id {
			t.Error("a private incident is in the journal")
		}
	}
	h.close()
	h.noFileHolds("secret-place", "typed in private", "bert")
}
