// Package incident joins a refusal, its diagnosis, the plan and what became of
// it, and owns the states an incident can be in.
//
// It promises that ids sort by time, that a closed incident never reopens and
// that the same page refused again within the same visit updates the open
// incident instead of opening a second one. It is pure: time and randomness
// are parameters.
package incident

import (
	"time"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

// Closing says how an incident ended; empty while it is open.
type Closing string

// The ways an incident ends.
const (
	ClosingRecovered Closing = "recovered"
	ClosingGivenUp   Closing = "given_up"
	ClosingExpired   Closing = "expired"
)

// Version of the stored form; V of every new incident.
const Version = 1

// Incident is one refusal and everything that followed.
type Incident struct {
	V         int                 `json:"v"`
	ID        string              `json:"id"`
	Opened    time.Time           `json:"opened"`
	Closed    time.Time           `json:"closed,omitzero"`
	Closing   Closing             `json:"closing,omitempty"`
	Engine    string              `json:"engine,omitempty"` // of the browser that reported it: "chromium" | "firefox"
	Refusal   refusal.Refusal     `json:"refusal"`
	Diagnosis diagnosis.Diagnosis `json:"diagnosis"`
	Plan      []recovery.Step     `json:"plan"`
	Outcomes  []recovery.Outcome  `json:"outcomes,omitempty"`
}
