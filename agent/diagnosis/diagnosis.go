// Package diagnosis ranks why a page was refused.
//
// It promises a pure, explainable answer: the same refusal and facts give the
// same diagnosis, every probability follows from named evidence, adding
// evidence for a cause never lowers it and the order of evidence does not
// matter. It says Unsure rather than guess.
//
// The consumer owns its input: Facts is filled by the journal and the machine; its zero value is valid and means that nothing else is known.
package diagnosis

import (
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/refusal"
)

// Source says where a piece of evidence comes from.
type Source string

// The six sources.
const (
	SourceResponse Source = "response"
	SourceRequest  Source = "request"
	SourceHistory  Source = "history"
	SourceMachine  Source = "machine"
	SourceOrg      Source = "organisation"
	SourceProbe    Source = "probe"
)

// Evidence is one fact for (positive weight) or against (negative) a cause.
type Evidence struct {
	Rule   string            `json:"rule"`
	Cause  cause.ID          `json:"cause"`
	Weight float64           `json:"weight"` // nats
	Source Source            `json:"source"`
	Args   map[string]string `json:"args,omitempty"` // safe to show: redacted, bounded
	// Shadowed says that a stronger one of its kind counted instead of this.
	Shadowed bool `json:"shadowed,omitempty"`
}

// Ranked is one cause with its probability and all evidence that bears on it.
type Ranked struct {
	Cause       cause.ID   `json:"cause"`
	Probability float64    `json:"probability"`
	Prior       float64    `json:"prior"`              // nats, from the status alone
	Evidence    []Evidence `json:"evidence,omitempty"` // strongest first, contradicting evidence included
}

// Diagnosis is the causes by falling probability.
type Diagnosis struct {
	Ranked []Ranked `json:"ranked"`
	Unsure bool     `json:"unsure"` // top below 0.5, or less than 0.15 ahead of the second
}

// Facts is what is known beyond the refusal itself.
type Facts struct {
	History History
	Machine Machine
}

// History is what the journal and the browser know of this origin.
type History struct {
	LastSuccess       time.Time            // hour of the last response below 400 from this origin; zero when none is known
	Refusals          int                  // earlier refusals of this URL in the journal
	Since             time.Time            // the first of them; zero when there is none
	Helped            map[cause.Action]int // what ended earlier incidents of this origin, how often
	LastHelped        cause.Action         // the action that ended the last of them
	HelpedHere        bool                 // that was an incident of this very page
	RefusedAccounts   []string             // accounts whose stored secret this protection space refused
	Later             Later                // what the same address answered afterwards, where a capture shows it
	CredentialRefused bool                 // a sign-in that readmit sent for this challenge was just refused
}

// Later is the next answer of a refused address.
type Later string

// What may have come later; the zero value is nothing.
const (
	LaterOpened   Later = "opened"    // without anything new being sent
	LaterSignedIn Later = "signed_in" // after a sign-in
	LaterRefused  Later = "refused"
)

// Machine is what is known of this computer.
type Machine struct {
	ClockOffset time.Duration // local clock minus server clock; zero when unknown
	Ticket      Ticket        // looked at only when the page asks for Negotiate
	VPN         refusal.Known // whether the VPN that the organisation names for this site is up
}

// Ticket is the person's Kerberos ticket; the zero value is not known.
type Ticket struct {
	State TicketState
	Ends  time.Time // when it ends or ended; zero when not known
}

// TicketState says whether there is a ticket that counts.
type TicketState string

// The states of a ticket; the zero value is not known.
const (
	TicketValid   TicketState = "valid"
	TicketExpired TicketState = "expired"
	TicketNone    TicketState = "none"
)
