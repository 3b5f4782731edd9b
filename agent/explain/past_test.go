package explain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

func TestTheHistorySaysHowAnIncidentEnded(t *testing.T) {
	at := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := refusal.Refusal{URL: "https://site.example:8443/orders/{...}", Method: "GET", Status: 401, ResourceType: "main_frame", Time: at}
	d := diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: cause.SessionExpired, Probability: 0.9}}}
	for _, c := range []struct {
		name     string
		outcomes []recovery.Outcome
		closing  incident.Closing
		want     string
		tried    []string
	}{
		{"a step helped", []recovery.Outcome{{Action: cause.ReloadPage, Result: recovery.ResultRefused}, {Action: cause.LoginAgain, Result: recovery.ResultRecovered}},
			"", "Signing in again helped.", []string{"The page was reloaded and stayed closed."}},
		{"it opened by itself", []recovery.Outcome{{Action: cause.None, Result: recovery.ResultRecovered}}, "", "It opened again.", nil},
		{"nothing helped", nil, incident.ClosingExpired, "It stayed closed.", nil},
		{"it goes on", nil, "", "It is still closed.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inc := incident.New(r, d, recovery.Plan(d, recovery.Rules{}, recovery.Experience{}), at, "x")
			for _, o := range c.outcomes {
				inc.Apply(o)
			}
			if c.closing != "" {
				inc.Close(c.closing, at)
			}
			want := Past{Opened: at, Origin: "https://site.example:8443", Page: "/orders/{...}", Title: "You have been signed out.", Outcome: c.want, Tried: c.tried}
			if diff := cmp.Diff(want, PastOf(inc, Options{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
