package agent

import (
	"testing"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

// turnedAway reports a refusal without a challenge: the site has a form of its own.
func (h *hub) turnedAway(p *peer, path string) string {
	h.t.Helper()
	return call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden(path)).IncidentID
}

// keepForSite stores a sign-in for the whole site, as the command line does.
func (h *hub) keepForSite(account, secret string) {
	h.t.Helper()
	call[rpc.AccountStoreResult](h.commandLine(), rpc.MethodAccountStore, rpc.AccountStoreParams{
		Origin: site, AnyRealm: true, Account: account, Secret: rpc.NewWireSecret(secret), Replace: true,
	})
}

func formAccounts(p *peer, id string) []rpc.Account {
	p.t.Helper()
	return call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{IncidentID: id, Form: site}).Accounts
}

func fillOf(id string, c rpc.Consent) rpc.ReleaseParams {
	return rpc.ReleaseParams{IncidentID: id, Account: "anna", Consent: c, Form: site}
}

func filled(p *peer, id string, result recovery.Result) {
	p.t.Helper()
	call[rpc.FilledResult](p, rpc.MethodCredentialFilled, rpc.FilledParams{IncidentID: id, Account: "anna", Result: result})
}

func TestAFormIsFilledInWithWhatIsStoredForTheWholeSite(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/basic", rpc.ConsentAlways) // for realm Staff: no form may have it
	h.clock.forward(time.Minute)
	id := h.turnedAway(p, "/page")
	if list := formAccounts(p, id); len(list) != 0 {
		t.Fatalf("a realm's account is offered for a form: %+v", list)
	}
	p.refused(rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce), rpc.CodeNotFound)
	h.keepForSite("anna", "site horse")
	if list := formAccounts(p, id); len(list) != 1 || list[0] != (rpc.Account{Account: "anna", State: rpc.AccountReady}) {
		t.Fatalf("offered: %+v", list)
	}
	got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
	if got.Secret.Reveal() != "site horse" {
		t.Error("another secret was filled in")
	}
	// One credential, one place at a time.
	p.refused(rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce), rpc.CodeBusy)
	filled(p, id, recovery.ResultRecovered)
	// The page itself is judged by the page alone.
	inc, _ := h.server.book.with(id, func(*entry) {})
	if !inc.Open() {
		t.Error("a form that was taken closed the incident")
	}
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
}

func TestARefusedFormFillIsNotRepeated(t *testing.T) {
	for name, end := range map[string]func(*hub, *peer, string){
		"refused":                     func(_ *hub, p *peer, id string) { filled(p, id, recovery.ResultRefused) },
		"unseen":                      func(_ *hub, p *peer, id string) { filled(p, id, recovery.ResultUnseen) },
		"its agent ended":             func(h *hub, _ *peer, _ string) { h.restart() },
		"nobody said within the time": func(h *hub, _ *peer, _ string) { h.clock.forward(release.MaxAge); h.server.book.sweep(h.clock.Now()) },
	} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			h.keepForSite("anna", "site horse")
			id := h.turnedAway(p, "/page")
			call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
			end(h, p, id)
			p = h.browser()
			id = h.turnedAway(p, "/other")
			h.until(func() bool {
				return !h.server.book.leased(keyOf(release.Space{Origin: site, Scheme: release.Form}, "anna"))
			})
			p.refused(rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)
			// Nor is it sent as the answer to a challenge: it is one and the same.
			p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/basic"), rpc.ConsentOnce), rpc.CodeRefusedBefore)
			if list := formAccounts(p, id); len(list) != 1 || list[0].State == rpc.AccountReady || !list[0].OnceMore {
				t.Errorf("offered: %+v", list)
			}
			call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnceMore))
			filled(p, id, recovery.ResultRefused)
			p.refused(rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnceMore), rpc.CodeRefusedBefore)
			call[nothing](p, rpc.MethodCredentialForget, rpc.ForgetParams{IncidentID: id, Account: "anna", Form: site})
			if list := formAccounts(p, id); len(list) != 0 {
				t.Errorf("forgotten, and offered: %+v", list)
			}
		})
	}
}

func TestAFormThatWasNotSentCountsForNothing(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.keepForSite("anna", "site horse")
	id := h.turnedAway(p, "/page")
	for range 3 {
		call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
		filled(p, id, recovery.ResultNotSent)
	}
	if list := formAccounts(p, id); len(list) != 1 || list[0].State != rpc.AccountReady {
		t.Errorf("offered: %+v", list)
	}
}

// Nobody may take what was typed, and not filled in, for what is kept.
func TestATypedSignInThatWasNotFilledInIsForgotten(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.keepForSite("anna", "site horse")
	other := h.turnedAway(p, "/other")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(other, rpc.ConsentOnce))
	id := h.turnedAway(p, "/page")
	typed := save(id, "anna", "typed horse", true)
	typed.Form = site
	call[nothing](p, rpc.MethodCredentialSave, typed)
	p.refused(rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce), rpc.CodeBusy)
	filled(p, other, recovery.ResultRecovered)
	if got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce)); got.Secret.Reveal() != "site horse" {
		t.Error("what was typed stands for what is kept")
	}
}

// What may not be filled in is not listed either, so that no page learns whose
// accounts there are.
func TestAFormIsFilledInForTheSiteThatRefusedAlone(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.keepForSite("anna", "site horse")
	id := h.turnedAway(p, "/page")
	refused := func(p *peer, id, origin string, consent rpc.Consent, code rpc.Code) {
		t.Helper()
		if list := call[rpc.ListResult](p, rpc.MethodCredentialList, rpc.ListParams{IncidentID: id, Form: origin}); len(list.Accounts) != 0 && code == rpc.CodeNotAllowed {
			t.Errorf("listed for %s: %+v", origin, list.Accounts)
		}
		p.refused(rpc.MethodCredentialRelease, rpc.ReleaseParams{IncidentID: id, Account: "anna", Consent: consent, Form: origin}, code)
	}
	for _, origin := range []string{"http://127.0.0.1:9999", "https://127.0.0.1:8080", "http://localhost:8080", "http://127.0.0.1:8080@evil.example", "null", " "} {
		refused(p, id, origin, rpc.ConsentOnce, rpc.CodeNotAllowed)
	}
	for _, consent := range []rpc.Consent{rpc.ConsentAlways, rpc.ConsentStanding} {
		refused(p, id, site, consent, rpc.CodeConsentNeeded)
	}
	refused(h.browser(), id, site, rpc.ConsentOnce, rpc.CodeNotAllowed)
	// An agent that starts anew knows the incident from the journal, and whose it was.
	h.restart()
	other := h.as(rpc.Caller{Engine: "chromium", ExtensionID: about.ChromiumExtensionIDs[0]})
	other.refused(rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce), rpc.CodeNotFound)
	p = h.browser()
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
	filled(p, id, recovery.ResultNotSent)
	h.clock.forward(incident.Lifetime)
	refused(p, id, site, rpc.ConsentOnce, rpc.CodeNotAllowed)
}

// While a form waits for the person, the same page may be refused again: that
// is the same story.
func TestAFilledFormDoesNotSplitTheIncident(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.keepForSite("anna", "site horse")
	id := h.turnedAway(p, "/page")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
	if again := h.turnedAway(p, "/page"); again != id {
		t.Error("another incident")
	}
	filled(p, id, recovery.ResultRefused)
	p.refused(rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)
}

func TestASignInTypedForAFormIsKeptOnceTheSiteTookIt(t *testing.T) {
	for end, kept := range map[recovery.Result]int{
		recovery.ResultRecovered: 1, recovery.ResultRefused: 0, recovery.ResultUnseen: 0, recovery.ResultNotSent: 0,
	} {
		t.Run(string(end), func(t *testing.T) {
			h := startHub(t)
			p := h.browser()
			id := h.turnedAway(p, "/page")
			typed := save(id, "anna", "typed horse", true)
			typed.Form = site
			call[nothing](p, rpc.MethodCredentialSave, typed)
			p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeNotAllowed) // it is for the form
			got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
			if got.Secret.Reveal() != "typed horse" {
				t.Fatal("another secret was filled in than was typed")
			}
			filled(p, id, end)
			if list := formAccounts(p, id); len(list) != kept {
				t.Errorf("kept: %+v", list)
			}
		})
	}
	h := startHub(t)
	p := h.browser()
	private := h.forbidden("/page")
	private.Refusal.Request.Private = true
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, private).IncidentID
	typed := save(id, "anna", "typed horse", true)
	typed.Form = site
	call[nothing](p, rpc.MethodCredentialSave, typed)
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, fillOf(id, rpc.ConsentOnce))
	filled(p, id, recovery.ResultRecovered)
	if list := formAccounts(p, h.turnedAway(p, "/other")); len(list) != 0 {
		t.Errorf("kept from a private window: %+v", list)
	}
	typed.Form = "https://login.example"
	p.refused(rpc.MethodCredentialSave, typed, rpc.CodeNotAllowed)
	h.close()
	h.noFileHolds("typed horse")
}
