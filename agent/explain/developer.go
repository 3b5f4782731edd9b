package explain

import (
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
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
	Findings []Finding `json:"findings"` // worst first
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

// DeveloperOf makes the developer's notes on an incident. The list is never nil.
func DeveloperOf(inc *incident.Incident) DeveloperNotes {
	return DeveloperNotes{Findings: findingsOf(&inc.Refusal, &inc.Diagnosis)}
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
	}
	return findings
}
