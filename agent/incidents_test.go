package agent

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/agent/support"
)

// forbidden is what an extension reports of a plain 403.
func (h *hub) forbidden(path string) rpc.ReportParams {
	return rpc.ReportParams{Refusal: refusal.Refusal{
		URL: site + path, Method: "GET", Status: 403, ResourceType: "main_frame", Time: h.clock.Now(),
		Request: refusal.Request{Cookies: refusal.KnownYes, TopFrame: true},
	}}
}

func TestTheSamePageIsOneIncident(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	report := func(p *peer, r rpc.ReportParams) string {
		return call[rpc.ViewResult](p, rpc.MethodRefusalReport, r).IncidentID
	}
	first := report(p, h.forbidden("/a"))
	if again := report(p, h.forbidden("/a")); again != first {
		t.Error("the page refused again is another incident")
	}
	if other := report(p, h.forbidden("/b")); other == first {
		t.Error("another page is the same incident")
	}
	if other := report(h.browser(), h.forbidden("/a")); other == first {
		t.Error("another browser's page is the same incident")
	}
	// A browser closes its port when idle, and is still the same browser.
	_ = p.conn.Close()
	h.until(func() bool { return h.server.open.Load() == 1 })
	p = h.browser()
	if again := report(p, h.forbidden("/a")); again != first {
		t.Error("the page refused again on a new connection is another incident")
	}
	h.clock.forward(visit)
	if later := report(p, h.forbidden("/a")); later == first {
		t.Error("the page refused after the visit is the same incident")
	}
}

func TestAWaitingChallengeIsNotTakenOver(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	first := h.report(p, "/a")
	if second := h.report(p, "/a"); second == first {
		t.Error("two held requests share an incident")
	}
	// Another tab's request for the page was cancelled in the browser's own box.
	plain := h.basicRefusal("/a")
	plain.Challenged = false
	if other := call[rpc.ViewResult](p, rpc.MethodRefusalReport, plain).IncidentID; other == first {
		t.Error("a request that is over shares the incident of a held one")
	}
	call[nothing](p, rpc.MethodCredentialSave, save(first, "anna", "x", false))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(first, recovery.ResultDeclined))
	p.refused(rpc.MethodCredentialSave, save(first, "anna", "x", false), rpc.CodeNotAllowed)
}

// Threat 10: a flood neither grows the book nor pushes out what a person is
// being asked about.
func TestAFloodLeavesAWaitingChallengeInPlace(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	first := h.report(p, "/first")
	held := func() int {
		h.server.book.mu.Lock()
		defer h.server.book.mu.Unlock()
		return len(h.server.book.entries)
	}
	for i := range 2 * maxEntries {
		call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden(fmt.Sprintf("/plain/%d", i)))
	}
	call[nothing](p, rpc.MethodCredentialSave, save(first, "anna", "x", false))
	last := ""
	for i := range maxEntries {
		last = h.report(p, fmt.Sprintf("/challenged/%d", i))
	}
	if n := held(); n != maxEntries {
		t.Errorf("%d held, want %d", n, maxEntries)
	}
	call[nothing](p, rpc.MethodCredentialSave, save(first, "anna", "x", false))
	// There is no room for the last one: it is explained, and left to the browser.
	if id := call[rpc.ViewResult](p, rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: last}).IncidentID; id != last {
		t.Errorf("shown: %s", id)
	}
	p.refused(rpc.MethodCredentialList, rpc.ListParams{IncidentID: last}, rpc.CodeNotFound)
	h.clock.forward(5 * time.Minute)
	h.report(p, "/later")
	if n := held(); n != maxEntries {
		t.Errorf("%d held later, want %d", n, maxEntries)
	}
}

func TestAProbeThatOpensThePageExplainsIt(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden("/stale/page")).IncidentID
	// The popup opens on a new connection.
	_ = p.conn.Close()
	p = h.browser()
	granted := call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, AskProbes: true}).Probes
	if diff := cmp.Diff([]refusal.ProbeKind{refusal.ProbeNoCookies, refusal.ProbeRoot}, granted); diff != "" {
		t.Fatal(diff)
	}
	view := call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, Probes: []refusal.Probe{
		{Kind: refusal.ProbeNoCookies, Status: 200}, {Kind: refusal.ProbeRoot, Status: 200},
	}}).View
	if view.Cause != cause.StaleSiteData || view.Main.Action != cause.ClearSiteData {
		t.Errorf("%s, %s", view.Cause, view.Main.Action)
	}
	view = call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, rpc.OutcomeParams{
		IncidentID: id, Outcome: recovery.Outcome{Action: cause.ClearSiteData, Result: recovery.ResultRecovered},
	}).View
	if view.Closed != "recovered" {
		t.Errorf("closed %q", view.Closed)
	}
	// The hour's third is left; the fourth is not granted.
	id = call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden("/stale/other")).IncidentID
	for _, want := range []int{1, 0} {
		if got := call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, AskProbes: true}).Probes; len(got) != want {
			t.Errorf("granted %v, want %d", got, want)
		}
	}
	h.clock.forward(time.Hour)
	if got := call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, AskProbes: true}).Probes; len(got) != 2 {
		t.Errorf("an hour later: %v", got)
	}
}

func TestAnAddressThatMayBeAKeyIsLookedAtOnAClick(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	report := h.forbidden("/stale/page")
	report.Refusal.QueryKeys = []string{"ticket"}
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
	unasked := call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, AskProbes: true})
	if len(unasked.Probes) > 0 || !unasked.LookOnClick {
		t.Errorf("without a click: granted %v, offered %t", unasked.Probes, unasked.LookOnClick)
	}
	clicked := call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, AskProbes: true, Clicked: true})
	if len(clicked.Probes) == 0 || clicked.LookOnClick {
		t.Errorf("on a click: granted %v, offered %t", clicked.Probes, clicked.LookOnClick)
	}
}

func TestBodiesAreMatchedAndDropped(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	title, body := "canary-title", "<p>canary-body: you do not have permission to view this page</p>"
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden("/role")).IncidentID
	view := call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, Title: &title, Body: &body}).View
	if view.Cause != cause.NoPermission {
		t.Errorf("explained as %s", view.Cause)
	}
	h.close()
	h.noFileHolds("canary-title", "canary-body")
}

// What is judged without the page's text loses what the text said: whoever is
// about to add to it is asked for the text.
func TestThePageIsWantedAgainOnceItsTextWasDropped(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	title, body := "Staff", "<p>You do not have permission to view this page.</p>"
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden("/role")).IncidentID
	ask := func() bool {
		t.Helper()
		return call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, AskProbes: true}).WantsPage
	}
	tell := func() cause.ID {
		t.Helper()
		return call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, Title: &title, Body: &body}).View.Cause
	}
	if !ask() {
		t.Error("before the text came, it is not wanted")
	}
	for name, lose := range map[string]func(){
		"after a quarter of an hour": func() { h.clock.forward(textKept); h.server.book.sweep(h.clock.Now()) },
		"after a restart":            func() { h.restart(); p = h.browser() },
	} {
		if got := tell(); got != cause.NoPermission {
			t.Errorf("%s: explained as %s", name, got)
		}
		if ask() {
			t.Errorf("%s: the text is at hand and wanted", name)
		}
		lose()
		if !ask() {
			t.Errorf("%s: the text is gone and not wanted", name)
		}
	}
	if got := tell(); got != cause.NoPermission {
		t.Errorf("told again: explained as %s", got)
	}
	part := h.forbidden("/part")
	part.Refusal.ResourceType = "xmlhttprequest"
	id = call[rpc.ViewResult](p, rpc.MethodRefusalReport, part).IncidentID
	if ask() {
		t.Error("the text of a page that was not refused is wanted")
	}
}

func TestEvidenceThatCameMeanwhileIsKept(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden("/role")).IncidentID
	title := "You do not have permission"
	tries := 0
	inc, err := h.server.rejudge(id, func(r refusal.Refusal) (refusal.Refusal, error) {
		if tries++; tries == 1 {
			call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, Title: &title})
		}
		r.Request.EmptyPage = refusal.KnownYes
		return refusal.New(r)
	})
	if err != nil || tries != 2 || inc.Refusal.Title != title || inc.Refusal.Request.EmptyPage != refusal.KnownYes {
		t.Errorf("after %d tries: %+v %v", tries, inc.Refusal, err)
	}
	tries = 0
	inc, err = h.server.rejudge(id, func(r refusal.Refusal) (refusal.Refusal, error) {
		if tries++; tries == 1 {
			again := h.forbidden("/role")
			again.Refusal.Status = 401
			call[rpc.ViewResult](p, rpc.MethodRefusalReport, again)
		}
		return r, nil
	})
	if err != nil || inc.Refusal.Status != 401 {
		t.Errorf("a report was lost: %+v %v", inc.Refusal, err)
	}
}

// An hour in the future would stand before every true one.
func TestASuccessInTheFutureIsNotNoted(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	for _, row := range []struct {
		ahead time.Duration
		want  time.Time
	}{{24 * time.Hour, time.Time{}}, {-time.Hour, h.clock.Now().Add(-time.Hour)}} {
		report := h.forbidden("/a")
		report.LastSuccess = h.clock.Now().Add(row.ahead)
		call[rpc.ViewResult](p, rpc.MethodRefusalReport, report)
		history, err := h.server.journal.History(journal.Query{Origin: site})
		if err != nil || !history.LastSuccess.Equal(row.want) {
			t.Errorf("%s ahead: noted %s %v", row.ahead, history.LastSuccess, err)
		}
	}
}

func TestIncidentsOutliveTheAgent(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden("/a")).IncidentID
	h.restart()
	p = h.browser()
	shown := call[rpc.ViewResult](p, rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: id})
	if shown.IncidentID != id || shown.View.Status != 403 {
		t.Errorf("%+v", shown)
	}
	list := call[rpc.ListIncidentsResult](p, rpc.MethodIncidentList, rpc.ListIncidentsParams{Limit: 1})
	if len(list.Incidents) != 1 || list.Incidents[0].IncidentID != id || list.Next != "" {
		t.Errorf("%+v", list)
	}
	call[rpc.ViewResult](p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, AskProbes: true})
	report := call[rpc.ReportResult](p, rpc.MethodSupportReport, rpc.IncidentParams{IncidentID: id})
	facts, err := support.Decode(report.Code)
	if err != nil || facts.Status != 403 || report.Code != shown.View.SupportCode || !strings.Contains(report.Text, report.Code) {
		t.Errorf("%+v %v\n%s", facts, err, report.Text)
	}
	call[nothing](p, rpc.MethodIncidentClear, nothing{})
	p.refused(rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: id}, rpc.CodeNotFound)
	p.refused(rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id}, rpc.CodeNotFound)
	p.refused(rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultUnseen), rpc.CodeNotFound)
}

func TestOutcomesOfUnknownShape(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := h.report(p, "/a")
	p.refused(rpc.MethodRecoveryOutcome, rpc.OutcomeParams{IncidentID: id, Outcome: recovery.Outcome{Action: "explode", Result: recovery.ResultRecovered}}, rpc.CodeBadParams)
	p.refused(rpc.MethodRecoveryOutcome, rpc.OutcomeParams{IncidentID: id, Outcome: recovery.Outcome{Action: cause.ReloadPage, Result: "fine"}}, rpc.CodeBadParams)
}

func TestTheReporterHearsOfAChange(t *testing.T) {
	h := startHub(t)
	reporter, popup := h.browser(), h.browser()
	id := call[rpc.ViewResult](reporter, rpc.MethodRefusalReport, h.forbidden("/a")).IncidentID
	title := "You do not have permission"
	call[rpc.ViewResult](popup, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: id, Title: &title})
	var told rpc.Request
	var result rpc.ViewResult
	raw := reporter.receiveRaw()
	if err := json.Unmarshal(raw, &told); err != nil || told.Method != rpc.NotifyIncidentUpdated || told.ID != nil {
		t.Fatalf("%s %v", raw, err)
	}
	if err := json.Unmarshal(told.Params, &result); err != nil || result.IncidentID != id {
		t.Errorf("%s %v", told.Params, err)
	}
}

// Without a place for attempts nothing stored is sent; explaining goes on.
func TestWithoutAJournalNothingIsReleased(t *testing.T) {
	h := startHub(t, func(_ *hub, c *config) {
		_ = c.journal.Close() // an empty one; the hub gets none
		c.journal = journal.None(&journal.NetworkError{Dir: "/home/anna", Kind: "NFS"})
	})
	p := h.browser()
	if s := call[rpc.StatusResult](p, rpc.MethodStatus, nothing{}); s.Journal != "off" ||
		s.JournalProblem != "opening the journal: /home/anna is on network storage (NFS)" || s.Vault != "file" || s.Keyring != "ok" {
		t.Errorf("%+v", s)
	}
	id := h.report(p, "/a")
	p.refused(rpc.MethodCredentialList, rpc.ListParams{IncidentID: id}, rpc.CodeJournalUnavailable)
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "correct horse", true))
	p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeJournalUnavailable)
}

func TestEveryViewCanBeShown(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	for _, r := range []rpc.ReportParams{h.forbidden("/a"), h.basicRefusal("/b")} {
		v := call[rpc.ViewResult](p, rpc.MethodRefusalReport, r).View
		if v.Title == "" || v.Main == nil || v.Help.Action != cause.ContactSupport || v.SupportCode == "" || v.Certainty == explain.Certainty("") {
			t.Errorf("%+v", v)
		}
	}
}
