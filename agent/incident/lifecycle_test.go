package incident_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func refused() refusal.Refusal {
	return refusal.Refusal{URL: "https://site.example/a", Method: "GET", Status: 401, ResourceType: "main_frame", Time: noon}
}

func plan() []recovery.Step {
	return []recovery.Step{
		{N: 1, Action: cause.LoginAgain, Cause: cause.SessionExpired, State: recovery.StateNext},
		{N: 2, Action: cause.ContactSupport, Cause: cause.SessionExpired, State: recovery.StateNext},
	}
}

func opened() *incident.Incident {
	return incident.New(refused(), diagnosis.Diagnosis{}, plan(), noon, "id")
}

func TestIDsSortByTime(t *testing.T) {
	source := rand.NewChaCha8([32]byte{1})
	var ids []string
	for i := range 200 {
		id, err := incident.NewID(noon.Add(time.Duration(i)*time.Millisecond), source)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) {
		t.Error("ids do not sort by time")
	}
	if len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("ids repeat")
	}
}

func TestIDsOfOneMomentDiffer(t *testing.T) {
	source := rand.NewChaCha8([32]byte{2})
	seen := map[string]bool{}
	for range 1000 {
		id, err := incident.NewID(noon, source)
		if err != nil {
			t.Fatal(err)
		}
		if seen[id] || len(id) != 20 || strings.Trim(id, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
			t.Fatalf("bad id %q", id)
		}
		seen[id] = true
	}
}

func TestAnIDNeedsRandomness(t *testing.T) {
	if id, err := incident.NewID(noon, bytes.NewReader([]byte{1, 2})); !errors.Is(err, io.ErrUnexpectedEOF) || id != "" {
		t.Errorf("got %q, %v", id, err)
	}
	broken := errors.New("no entropy")
	if _, err := incident.NewID(noon, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestAPageThatOpensClosesTheIncident(t *testing.T) {
	inc := opened()
	inc.Apply(recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultStarted, Unix: noon.Unix()})
	if !inc.Open() || inc.Plan[0].State != recovery.StateRunning {
		t.Fatalf("after the start: open %v, plan %+v", inc.Open(), inc.Plan)
	}
	inc.Apply(recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultRecovered, Unix: noon.Add(time.Minute).Unix()})
	if inc.Closing != incident.ClosingRecovered || !inc.Closed.Equal(noon.Add(time.Minute)) || inc.Plan[0].State != recovery.StateHelped {
		t.Errorf("after the end: %s at %v, plan %+v", inc.Closing, inc.Closed, inc.Plan)
	}
}

func TestAClosedIncidentNeverChanges(t *testing.T) {
	inc := opened()
	inc.Close(incident.ClosingGivenUp, noon)
	if inc.Apply(recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultRecovered}) {
		t.Error("Apply changed a closed incident")
	}
	other := refused()
	other.Status = 403
	if inc.Amend(other, diagnosis.Diagnosis{Unsure: true}, nil) {
		t.Error("Amend changed a closed incident")
	}
	inc.Close(incident.ClosingRecovered, noon.Add(time.Hour))
	if inc.Expire(noon.Add(24 * time.Hour)) {
		t.Error("a closed incident expired")
	}
	if inc.Closing != incident.ClosingGivenUp || !inc.Closed.Equal(noon) || inc.Refusal.Status != 401 || len(inc.Outcomes) != 0 {
		t.Errorf("changed: %+v", inc)
	}
}

func TestAmendingKeepsWhatFailed(t *testing.T) {
	inc := opened()
	inc.Apply(recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultRefused})
	if !inc.Amend(refused(), diagnosis.Diagnosis{Unsure: true}, plan()) {
		t.Fatal("Amend refused an open incident")
	}
	if inc.Plan[0].State != recovery.StateFailed || !inc.Diagnosis.Unsure {
		t.Errorf("plan %+v, diagnosis %+v", inc.Plan, inc.Diagnosis)
	}
}

func TestTheRecordIsBounded(t *testing.T) {
	inc := opened()
	for range 10_000 {
		inc.Apply(recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultStarted})
	}
	if len(inc.Outcomes) > 100 {
		t.Errorf("%d outcomes kept", len(inc.Outcomes))
	}
}

func TestAnIncidentExpiresAfterTwelveHours(t *testing.T) {
	inc := opened()
	if inc.Expire(noon.Add(12*time.Hour - time.Second)) {
		t.Error("expired too early")
	}
	if !inc.Expire(noon.Add(12*time.Hour)) || inc.Closing != incident.ClosingExpired {
		t.Errorf("did not expire: %q", inc.Closing)
	}
}

func TestTheSamePageContinuesItsIncident(t *testing.T) {
	change := func(f func(*refusal.Refusal)) refusal.Refusal {
		r := refused()
		f(&r)
		return r
	}
	for _, c := range []struct {
		name string
		r    refusal.Refusal
		at   time.Time
		want bool
	}{
		{"the same page", refused(), noon.Add(time.Minute), true},
		{"the same page with another status", change(func(r *refusal.Refusal) { r.Status = 403 }), noon.Add(time.Minute), true},
		{"another page", change(func(r *refusal.Refusal) { r.URL += "/b" }), noon.Add(time.Minute), false},
		{"a form sent to the same address", change(func(r *refusal.Refusal) { r.Method = "POST" }), noon.Add(time.Minute), false},
		{"a part of the page", change(func(r *refusal.Refusal) { r.ResourceType = "image" }), noon.Add(time.Minute), false},
		{"a private window", change(func(r *refusal.Refusal) { r.Request.Private = true }), noon.Add(time.Minute), false},
		{"the next day", refused(), noon.Add(24 * time.Hour), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := opened().Continues(&c.r, c.at); got != c.want {
				t.Errorf("Continues = %v, want %v", got, c.want)
			}
		})
	}
	inc := opened()
	inc.Close(incident.ClosingRecovered, noon)
	if r := refused(); inc.Continues(&r, noon) {
		t.Error("a closed incident goes on")
	}
}
