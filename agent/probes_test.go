package agent

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

func TestUsefulProbes(t *testing.T) {
	evidence := func(c cause.ID, weight float64) func(*refusal.Refusal, *diagnosis.Diagnosis) {
		return func(_ *refusal.Refusal, d *diagnosis.Diagnosis) {
			d.Ranked = []diagnosis.Ranked{{Cause: c, Evidence: []diagnosis.Evidence{{Cause: c, Weight: weight}}}}
		}
	}
	both := []refusal.ProbeKind{refusal.ProbeNoCookies, refusal.ProbeRoot}
	for _, row := range []struct {
		name             string
		change           func(*refusal.Refusal, *diagnosis.Diagnosis)
		refused, clicked bool
		want             []refusal.ProbeKind
	}{
		{name: "a main frame's GET", want: both},
		{name: "a POST", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.Method = "POST" }},
		{name: "a background request", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.ResourceType = "xmlhttprequest" }},
		{name: "a private window", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.Request.Private = true }},
		{name: "a private window, on a click", clicked: true, change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.Request.Private = true }},
		{name: "a query", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.QueryKeys = []string{"id"} }},
		{name: "a query, on a click", clicked: true, change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.QueryKeys = []string{"id"} }, want: both},
		{name: "a path that may be a key", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.URL += "/{...}" }},
		{name: "a path that may be a key, on a click", clicked: true, change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.URL += "/{...}" }, want: both},
		{name: "Retry-After", clicked: true, change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) {
			r.ResponseHeaders = []refusal.Header{{Name: "retry-after", Value: "60"}}
		}},
		{name: "a refused sign-in", refused: true, clicked: true},
		{name: "a firewall", clicked: true, change: evidence(cause.WAFBlock, 2.2)},
		{name: "a bot check", change: evidence(cause.BotChallenge, 1.2)},
		{name: "a locked account", change: evidence(cause.AccountDisabledOrLocked, 3.5)},
		{name: "a mere hint at a firewall", change: evidence(cause.WAFBlock, 0.5), want: both},
		{name: "evidence against a firewall", change: evidence(cause.WAFBlock, -3.5), want: both},
		{name: "an earlier probe that met a fault", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) {
			r.Probes = []refusal.Probe{{Kind: refusal.ProbeRoot, Status: 503}}
		}},
		{name: "an earlier probe that met a limit", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) {
			r.Probes = []refusal.Probe{{Kind: refusal.ProbeRoot, Status: 429}}
		}},
		{name: "an earlier probe that was answered", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) {
			r.Probes = []refusal.Probe{{Kind: refusal.ProbeNoCookies, Status: 403}}
		}, want: []refusal.ProbeKind{refusal.ProbeRoot}},
		{name: "no cookies were sent", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.Request.Cookies = refusal.KnownNo },
			want: []refusal.ProbeKind{refusal.ProbeRoot}},
		{name: "from the cache", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.Request.FromCache = refusal.KnownYes },
			want: []refusal.ProbeKind{refusal.ProbeNoCookies, refusal.ProbeNoCache, refusal.ProbeRoot}},
		{name: "the root itself", change: func(r *refusal.Refusal, _ *diagnosis.Diagnosis) { r.URL = "https://example.org/" },
			want: []refusal.ProbeKind{refusal.ProbeNoCookies}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := &refusal.Refusal{URL: "https://example.org/a", Method: "GET", Status: 403, ResourceType: "main_frame"}
			d := &diagnosis.Diagnosis{}
			if row.change != nil {
				row.change(r, d)
			}
			if diff := cmp.Diff(row.want, usefulProbes(r, d, row.refused, row.clicked)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
