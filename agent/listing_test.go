package agent

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/readmit/readmit/agent/rpc"
)

// Whoever may ask learns from the shape of the answer nothing about which
// origins have accounts: one that nobody signed in to answers like one where
// all accounts are of another realm.
func TestAnOriginWithoutAccountsAnswersLikeAnyOther(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/a", rpc.ConsentOnce)
	members := func(r rpc.ReportParams) []string {
		t.Helper()
		id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, r).IncidentID
		raw, fault := p.ask(rpc.MethodCredentialList, rpc.ListParams{IncidentID: id})
		if fault != nil {
			t.Fatal(fault)
		}
		var list map[string]json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		if string(list["accounts"]) != "[]" {
			t.Fatalf("accounts: %s", list["accounts"])
		}
		var names []string
		for name := range list {
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}
	otherRealm := h.basicRefusal("/b")
	otherRealm.Refusal.ResponseHeaders[0].Value = `Basic realm="Other"`
	unknown := h.basicRefusal("/c")
	unknown.Refusal.URL, unknown.Challenger, unknown.TopOrigin = "http://127.0.0.9:8080/c", "http://127.0.0.9:8080", "http://127.0.0.9:8080"
	if known, not := members(otherRealm), members(unknown); !slices.Equal(known, not) {
		t.Errorf("the answers differ: %v, %v", known, not)
	}
}

// A newer extension may know consents that this agent does not.
func TestAConsentOfAnUnknownShapeReleasesNothing(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/a", rpc.ConsentAlways)
	id := h.report(p, "/b")
	for _, shape := range []string{`"for a week"`, `""`, `null`, `{"kind":"always"}`, `7`} {
		raw := json.RawMessage(`{"incidentId":"` + id + `","account":"anna","consent":` + shape + `}`)
		p.refused(rpc.MethodCredentialRelease, raw, rpc.CodeBadParams)
	}
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
}
