// Package explain makes every sentence that readmit says about a refusal.
//
// It promises that all texts follow one set of rules (short titles, short
// plain sentences, no blame, no jargon, never a dead end), which its tests
// check over the whole catalogue, and that nothing secret and no text of the
// site is mistaken for readmit's own words.
package explain

import "github.com/readmit/readmit/agent/cause"

// Certainty of the leading cause.
type Certainty string

// The three certainties.
const (
	Sure   Certainty = "sure"
	Likely Certainty = "likely"
	Unsure Certainty = "unsure"
)

// View is one incident, or one fault of readmit itself, ready to be shown.
// Every string is plain text; a renderer must not interpret it.
type View struct {
	IncidentID    string    `json:"incidentId,omitempty"`
	Status        int       `json:"status,omitempty"`
	Site          string    `json:"site,omitempty"` // host[:port], punycode where a look-alike is possible
	Cause         cause.ID  `json:"cause,omitempty"`
	Fault         string    `json:"fault,omitempty"` // an rpc error code when readmit itself is at fault
	Certainty     Certainty `json:"certainty"`
	CertaintyText string    `json:"certaintyText"` // empty when the incident has ended
	Title         string    `json:"title"`
	Summary       string    `json:"summary"`
	Why           []string  `json:"why,omitempty"` // at most three lines
	Main          *Button   `json:"main"`          // never nil
	Second        *Button   `json:"second,omitempty"`
	Other         []Button  `json:"other,omitempty"` // other steps, in order
	Help          Button    `json:"help"`            // "Get help", always there
	Notes         []string  `json:"notes,omitempty"` // to know before the main step: what it will lose
	Clear         string    `json:"clear,omitempty"` // the least clearing that the evidence says can help: "page" | "cookies" | "shared"
	ForIT         []string  `json:"forIt,omitempty"` // folded; the only place for a command
	SupportCode   string    `json:"supportCode,omitempty"`
	Closed        string    `json:"closed,omitempty"` // incident.Closing when the incident has ended
	Badge         string    `json:"badge"`            // toolbar badge text, at most 4 characters
	ActionTitle   string    `json:"actionTitle"`      // toolbar title naming the state
}

// Button is one step a person can take.
type Button struct {
	Action cause.Action `json:"action"`
	Step   int          `json:"step,omitempty"` // recovery.Step.N, 0 when it is no step of the plan
	Label  string       `json:"label"`
	URL    string       `json:"url,omitempty"` // https or loopback http, shown beside the label; never taken from the page
}
