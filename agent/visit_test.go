package agent

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// signedOut is what an extension reports of a page whose session is over.
func (h *hub) signedOut(path string) rpc.ReportParams {
	return rpc.ReportParams{LastSuccess: h.clock.Now().Add(-time.Hour), Refusal: refusal.Refusal{
		URL: site + path, Method: "GET", Status: 401, ResourceType: "main_frame", Time: h.clock.Now(),
		Request: refusal.Request{Cookies: refusal.KnownYes, TopFrame: true},
		Cookies: []refusal.Cookie{{Name: "session_id", Domain: "intranet.example.org", Path: "/", HostOnly: true}},
	}}
}

// step takes a step and says what the server answered.
func step(p *peer, id string, a cause.Action, result recovery.Result) explain.View {
	p.t.Helper()
	tell := func(r recovery.Result) explain.View {
		return call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, rpc.OutcomeParams{IncidentID: id, Outcome: recovery.Outcome{Action: a, Result: r}}).View
	}
	tell(recovery.ResultStarted)
	return tell(result)
}

func offered(v explain.View) []cause.Action {
	as := []cause.Action{v.Main.Action}
	if v.Second != nil {
		as = append(as, v.Second.Action)
	}
	for _, b := range v.Other {
		as = append(as, b.Action)
	}
	return as
}

func TestAStepThatFailedIsNotOfferedAgainInTheVisit(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	report := func(r rpc.ReportParams) *rpc.ViewResult {
		t.Helper()
		result := call[rpc.ViewResult](p, rpc.MethodRefusalReport, r)
		return &result
	}
	first := report(h.signedOut("/a"))
	if first.View.Main.Action != cause.LoginAgain {
		t.Fatalf("leads with %s", first.View.Main.Action)
	}
	step(p, first.IncidentID, cause.LoginAgain, recovery.ResultRefused)
	for _, c := range []struct {
		name string
		do   func()
		path string
		want bool // signing in is offered
	}{
		{"the same page", func() {}, "/a", false},
		{"another page of the site", func() {}, "/b", false},
		{"after the agent ended", func() { h.restart(); p = h.browser() }, "/a", false},
		{"another page after the agent ended", func() { h.restart(); p = h.browser() }, "/c", false},
		{"another visit", func() { h.clock.forward(visit) }, "/a", true},
	} {
		c.do()
		if got := offered(report(h.signedOut(c.path)).View); slices.Contains(got, cause.LoginAgain) != c.want {
			t.Errorf("%s: offers %v", c.name, got)
		}
	}
}

func TestAnotherBrowserStartsItsOwnWalk(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	first := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.signedOut("/a"))
	step(p, first.IncidentID, cause.LoginAgain, recovery.ResultRefused)
	if got := offered(call[rpc.ViewResult](h.browser(), rpc.MethodRefusalReport, h.signedOut("/a")).View); got[0] != cause.LoginAgain {
		t.Errorf("offers %v", got)
	}
}

func TestWhatHelpedHereIsCountedAndTold(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	for i := range 3 {
		first := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.signedOut("/a"))
		if v := step(p, first.IncidentID, cause.LoginAgain, recovery.ResultRecovered); v.Closed != "recovered" {
			t.Fatalf("visit %d: %q", i, v.Closed)
		}
		h.clock.forward(24 * time.Hour)
	}
	h.restart()
	p = h.browser()
	v := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.signedOut("/a")).View
	if v.Main.Action != cause.LoginAgain || len(v.Why) == 0 || v.Why[0] != "Signing in again helped here 3 of 3 times." {
		t.Errorf("%s, why %q", v.Main.Action, v.Why)
	}
}

func TestAPrivateWindowTeachesNothing(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	for range 3 {
		r := h.signedOut("/a")
		r.Refusal.Request.Private = true
		step(p, call[rpc.ViewResult](p, rpc.MethodRefusalReport, r).IncidentID, cause.LoginAgain, recovery.ResultRecovered)
		h.clock.forward(visit)
	}
	if err := h.server.journal.Flush(); err != nil {
		t.Fatal(err)
	}
	x, err := h.server.journal.Experience(site)
	if err != nil || len(x.Here)+len(x.Everywhere) != 0 {
		t.Errorf("learned %+v, %v", x, err)
	}
}

func TestTheSecondTurnOfASignInLoopIsSaidPlainly(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	report := func(turns int) explain.View {
		r := h.signedOut("/a")
		r.Refusal.Request.SignIns = turns
		return call[rpc.ViewResult](p, rpc.MethodRefusalReport, r).View
	}
	if v := report(1); v.Main.Action != cause.LoginAgain {
		t.Errorf("after one turn: %s", v.Main.Action)
	}
	v := report(2)
	if v.Title != "Signing in leads back here." || slices.Contains(offered(v), cause.LoginAgain) {
		t.Errorf("after two turns: %q, offers %v", v.Title, offered(v))
	}
}

func TestWhenNothingIsLeftHelpLeadsWithWhatWasTried(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	r := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.signedOut("/a"))
	v := r.View
	for range recovery.MaxSteps {
		if v.Main.Action == cause.ContactSupport {
			break
		}
		step(p, r.IncidentID, v.Main.Action, recovery.ResultRefused)
		v = call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.signedOut("/a")).View
	}
	if v.Main.Action != cause.ContactSupport || !strings.Contains(v.Title, "did not help") || len(v.Why) == 0 {
		t.Errorf("%q, leads with %s, why %q", v.Title, v.Main.Action, v.Why)
	}
	text := call[rpc.ReportResult](p, rpc.MethodSupportReport, rpc.IncidentParams{IncidentID: r.IncidentID}).Text
	if !strings.Contains(text, "Tried: login_again: refused") {
		t.Errorf("the report does not say what was tried:\n%s", text)
	}
}
