package agent

import (
	"errors"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// A story is what happened to a person over hours, days or weeks, and what
// only their computer or the journal can know of it. Its name is the story in
// one sentence. What a site alone shows stands in installer/demo.
type story struct {
	name  string
	steps []happening
}

// happening is one step of a story; what should not be fails the test.
type happening func(*teller)

// teller tells one story to a hub of its own.
type teller struct {
	*hub
	p       *peer
	now     rpc.ViewResult
	asks    rpc.ReportParams // what was refused last
	vpn     string           // the network interface of the VPN that the site needs
	tickets string           // the file of the Kerberos tickets
}

func TestStories(t *testing.T) { tell(t, stories) }

func tell(t *testing.T, stories []story) {
	t.Helper()
	for _, tale := range stories {
		t.Run(tale.name, func(t *testing.T) {
			w := &teller{tickets: filepath.Join(t.TempDir(), "tickets")}
			t.Setenv("KRB5CCNAME", "FILE:"+w.tickets)
			w.hub = startHub(t, func(_ *hub, c *config) {
				c.vpn = func(string) []string {
					if w.vpn == "" {
						return nil
					}
					return []string{w.vpn}
				}
			})
			w.p = w.browser()
			for _, happens := range tale.steps {
				happens(w)
				if t.Failed() {
					t.Log(strings.Join(w.now.View.ForIT, "\n"))
					return
				}
			}
		})
	}
}

// refused is a refusal of a path as the extension reports it, with changes.
func refused(path string, changes ...func(*teller, *rpc.ReportParams)) happening {
	return func(w *teller) {
		w.t.Helper()
		w.asks = w.forbidden(path)
		for _, change := range changes {
			change(w, &w.asks)
		}
		w.now = call[rpc.ViewResult](w.p, rpc.MethodRefusalReport, w.asks)
	}
}

func status(code int) func(*teller, *rpc.ReportParams) {
	return func(_ *teller, r *rpc.ReportParams) { r.Refusal.Status = code }
}

func field(name, value string) func(*teller, *rpc.ReportParams) {
	return func(_ *teller, r *rpc.ReportParams) {
		r.Refusal.ResponseHeaders = append(r.Refusal.ResponseHeaders, refusal.Header{Name: name, Value: value})
	}
}

// dated has the server's clock behind this computer's.
func dated(behind time.Duration) func(*teller, *rpc.ReportParams) {
	return func(w *teller, r *rpc.ReportParams) {
		field("Date", w.clock.Now().Add(-behind).Format(imfFixdate))(w, r)
	}
}

func cookie(name string) func(*teller, *rpc.ReportParams) {
	return func(_ *teller, r *rpc.ReportParams) {
		r.Refusal.Cookies = []refusal.Cookie{{Name: name, Domain: "127.0.0.1", Path: "/", HostOnly: true}}
	}
}

// openedBefore is what the browser remembers: when the site last opened.
func openedBefore(ago time.Duration) func(*teller, *rpc.ReportParams) {
	return func(w *teller, r *rpc.ReportParams) { r.LastSuccess = w.clock.Now().Add(-ago).Truncate(time.Hour) }
}

func body(text string) func(*teller, *rpc.ReportParams) {
	return func(_ *teller, r *rpc.ReportParams) { r.Refusal.Body = "<p>" + text + "</p>" }
}

func at(origin string) func(*teller, *rpc.ReportParams) {
	return func(_ *teller, r *rpc.ReportParams) { r.Refusal.URL = strings.Replace(r.Refusal.URL, site, origin, 1) }
}

func privately(_ *teller, r *rpc.ReportParams) { r.Refusal.Request.Private = true }

// asksForSignIn is what the popup's question without cookies finds out.
func asksForSignIn(w *teller) {
	w.t.Helper()
	w.now = call[rpc.ViewResult](w.p, rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: w.now.IncidentID, Probes: []refusal.Probe{
		{Kind: refusal.ProbeNoCookies, Status: 401},
	}})
}

// later lets time pass.
func later(d time.Duration) happening { return func(w *teller) { w.clock.forward(d) } }

// because is the cause that stands first, said without a doubt.
func because(want cause.ID) happening {
	return func(w *teller) {
		w.t.Helper()
		if v := w.now.View; v.Cause != want || v.Certainty == explain.Unsure {
			w.t.Errorf("explained as %s (%s), want %s: %s", v.Cause, v.Certainty, want, v.Title)
		}
	}
}

// says looks for a sentence among all that the person reads.
func says(line string) happening {
	return func(w *teller) {
		w.t.Helper()
		v := w.now.View
		if read := append([]string{v.Title, v.Summary}, v.Why...); !slices.Contains(read, line) {
			w.t.Errorf("reads %q, want %q", read, line)
		}
	}
}

// ends takes the step that leads, and the page opens.
func ends(want cause.Action, meanwhile ...happening) happening {
	return func(w *teller) {
		w.t.Helper()
		if got := w.now.View.Main.Action; got != want {
			w.t.Fatalf("leads with %s, want %s", got, want)
		}
		step := recovery.Outcome{N: w.now.View.Main.Step, Action: want}
		for _, result := range []recovery.Result{recovery.ResultStarted, recovery.ResultRecovered} {
			step.Result = result
			w.now = call[rpc.ViewResult](w.p, rpc.MethodRecoveryOutcome, rpc.OutcomeParams{IncidentID: w.now.IncidentID, Outcome: step})
			for _, m := range meanwhile {
				m(w)
			}
			meanwhile = nil
		}
		if w.now.View.Closed != string(incident.ClosingRecovered) {
			w.t.Errorf("closed as %q", w.now.View.Closed)
		}
	}
}

// restarts ends the agent; the next one works on the same files.
func restarts(w *teller) {
	w.restart()
	w.p = w.browser()
}

// connects brings the VPN up, and drops takes it away.
func connects(w *teller) {
	w.t.Helper()
	all, err := net.Interfaces()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, i := range all {
		if i.Flags&net.FlagLoopback != 0 && i.Flags&net.FlagUp != 0 {
			w.vpn = i.Name // every computer has it, with an address
		}
	}
}

func drops(w *teller) { w.vpn = "tun-of-nobody" }

// helps takes an offered step that need not lead, and the page opens.
func helps(want cause.Action) happening {
	return func(w *teller) {
		w.t.Helper()
		step := recovery.Outcome{Action: want, Result: recovery.ResultRecovered}
		w.now = call[rpc.ViewResult](w.p, rpc.MethodRecoveryOutcome, rpc.OutcomeParams{IncidentID: w.now.IncidentID, Outcome: step})
	}
}

// forgets is what the agent does every hour with what is too old.
func forgets(w *teller) {
	w.t.Helper()
	if err := errors.Join(w.server.journal.Flush(), w.server.journal.Prune(w.clock.Now())); err != nil {
		w.t.Fatal(err)
	}
}

func neverSays(line string) happening {
	return func(w *teller) {
		w.t.Helper()
		if slices.Contains(w.now.View.Why, line) {
			w.t.Errorf("says %q", line)
		}
	}
}

// challenged meets a Basic challenge that the browser holds for an answer.
func challenged(w *teller) {
	w.t.Helper()
	w.now = call[rpc.ViewResult](w.p, rpc.MethodRefusalReport, w.basicRefusal("/files"))
}

func types(secret string) happening {
	return func(w *teller) {
		w.t.Helper()
		call[nothing](w.p, rpc.MethodCredentialSave, save(w.now.IncidentID, "anna", secret, true))
	}
}

// How the server answers a sign-in.
const (
	recoveredBy = recovery.ResultRecovered
	refusedBy   = recovery.ResultRefused
)

// carries answers the challenge with the typed or the kept sign-in.
func carries(how recovery.Result) happening {
	return func(w *teller) {
		w.t.Helper()
		call[rpc.ReleaseResult](w.p, rpc.MethodCredentialRelease, releaseOf(w.now.IncidentID, rpc.ConsentOnce))
		w.now = call[rpc.ViewResult](w.p, rpc.MethodRecoveryOutcome, outcome(w.now.IncidentID, how))
	}
}

// keptBack looks at the kept sign-in, which is known to be refused and does
// not leave.
func keptBack(w *teller) {
	w.t.Helper()
	list := call[rpc.ListResult](w.p, rpc.MethodCredentialList, rpc.ListParams{IncidentID: w.now.IncidentID}).Accounts
	if len(list) != 1 || list[0].State != rpc.AccountRefused {
		w.t.Errorf("kept: %+v", list)
	}
	w.p.refused(rpc.MethodCredentialRelease, releaseOf(w.now.IncidentID, rpc.ConsentOnce), rpc.CodeRefusedBefore)
}
