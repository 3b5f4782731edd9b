package explain

import (
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/refusal"
)

// Severity says how binding the rule is that a finding rests on.
type Severity string

// The severities, worst first.
const (
	Must   Severity = "must"   // against a requirement
	Should Severity = "should" // against a recommendation, or harmful
	Note   Severity = "note"   // allowed, and worth knowing
)

// Finding is one thing that the server could do better.
type Finding struct {
	ID       string   `json:"id"` // stable
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
	Section  string   `json:"section"` // such as "RFC 9110, 15.5.2"
	URL      string   `json:"url"`
}

// DeveloperNotes is what a developer needs beyond the evidence.
type DeveloperNotes struct {
	Findings  []Finding        `json:"findings"` // worst first
	Request   RequestFacts     `json:"request"`
	Headers   []refusal.Header `json:"headers"`   // those of the response that tell something, challenges aside
	Redirects []refusal.Hop    `json:"redirects"` // that led here
}

// RequestFacts is what is known of the refused request, never what it carried.
type RequestFacts struct {
	Method        string        `json:"method"`
	Type          string        `json:"type"` // webRequest.ResourceType; empty for unknown
	Cookies       refusal.Known `json:"cookies"`
	Authorization string        `json:"authorization"` // a scheme, "none" or "unknown"
	FromCache     refusal.Known `json:"fromCache"`
	Initiator     string        `json:"initiator,omitempty"` // origin of the page that asked
	QueryKeys     []string      `json:"queryKeys,omitempty"`
}

// check is one row of what developers are told: pure, and silent on what is
// not known. The detail takes the place of {} in the text.
type check struct {
	id       string
	severity Severity
	text     string
	source   reference
	found    func(a *answer) (detail string, ok bool)
}

// reference is where a rule stands.
type reference struct{ section, url string }

func rfc(number, section string) reference {
	return reference{"RFC " + number + ", " + section, "https://www.rfc-editor.org/rfc/rfc" + number + "#section-" + section}
}

// is makes a check of a condition that has no detail.
func is(holds func(a *answer) bool) func(*answer) (string, bool) {
	return func(a *answer) (string, bool) { return "", holds(a) }
}

// checks are all rows, in the order in which findings of one severity stand.
var checks = slices.Concat(statusChecks, challengeChecks, bearerChecks, cacheChecks, cookieChecks, contentChecks, leakChecks)

const (
	maxShownHeaders = 24
	maxShownHeader  = 200 // runes of a value
)

// DeveloperOf makes the developer's notes on an incident. The lists are never nil.
func DeveloperOf(inc *incident.Incident) DeveloperNotes {
	r := &inc.Refusal
	n := DeveloperNotes{
		Findings:  findingsOf(r, &inc.Diagnosis),
		Headers:   []refusal.Header{},
		Redirects: append([]refusal.Hop{}, r.Redirects...),
		Request: RequestFacts{
			Method: r.Method, Type: r.ResourceType, Cookies: known(r.Request.Cookies), Authorization: r.Request.Authorization,
			FromCache: known(r.Request.FromCache), Initiator: r.Request.InitiatorOrigin, QueryKeys: r.QueryKeys,
		},
	}
	if n.Request.Authorization == "" {
		n.Request.Authorization = string(refusal.KnownUnknown)
	}
	for _, h := range r.ResponseHeaders {
		if h.Name != "www-authenticate" && len(n.Headers) < maxShownHeaders {
			n.Headers = append(n.Headers, refusal.Header{Name: h.Name, Value: redact.Line(h.Value, maxShownHeader)})
		}
	}
	return n
}

func known(k refusal.Known) refusal.Known {
	if k == "" {
		return refusal.KnownUnknown
	}
	return k
}

func findingsOf(r *refusal.Refusal, d *diagnosis.Diagnosis) []Finding {
	a := newAnswer(r, d)
	findings := []Finding{}
	for _, severity := range []Severity{Must, Should, Note} {
		for _, c := range checks {
			if c.severity != severity {
				continue
			}
			if detail, ok := c.found(a); ok {
				text := strings.ReplaceAll(c.text, "{}", quotable(detail))
				findings = append(findings, Finding{c.id, severity, text, c.source.section, c.source.url})
			}
		}
		findings = append(findings, oddityFindings(a, severity)...)
	}
	return findings
}
