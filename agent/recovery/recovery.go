// Package recovery turns a diagnosis into a plan: which step to offer first,
// which next, and what each step's outcome means.
//
// It promises the cheapest safe step first, that nothing destructive leads
// unless a probe proved that it helps, that a step is never offered again
// after it failed unless another step changed something since, that what
// helped before goes first as far as it is safe, and that the plan always ends
// with asking someone. It is pure.
package recovery

import "github.com/readmit/readmit/agent/cause"

// State of a step.
type State string

// The states of a step.
const (
	StateNext    State = "next"
	StateRunning State = "running"
	StateHelped  State = "helped"
	StateFailed  State = "failed"
	StateSkipped State = "skipped"
)

// Step is one action of a plan.
type Step struct {
	N      int          `json:"n"` // 1, 2, ... in the order offered
	Action cause.Action `json:"action"`
	Cause  cause.ID     `json:"cause"` // the cause that this step addresses
	State  State        `json:"state"`
	// Helped of Tried says how often the action helped on this site before.
	Helped int `json:"helped,omitempty"`
	Tried  int `json:"tried,omitempty"`
}

// Result is what a step led to.
type Result string

// The results.
const (
	ResultStarted   Result = "started"   // the step is under way
	ResultRecovered Result = "recovered" // the page opened
	ResultRefused   Result = "refused"   // refused again
	ResultUnseen    Result = "unseen"    // what happened was never seen
	ResultDeclined  Result = "declined"  // the person chose not to
	ResultUndone    Result = "undone"    // the step was taken back
	ResultNotSent   Result = "not_sent"  // the secret never reached the browser: it had been answered meanwhile
)

// Outcome records a result.
type Outcome struct {
	N      int          `json:"n,omitempty"` // the step, 0 when none was running
	Action cause.Action `json:"action"`
	Result Result       `json:"result"`
	Unix   int64        `json:"unix"` // seconds
	// Partial says that a stronger grade of the same step is left, as of a
	// clearing: refused, it can still be taken.
	Partial bool `json:"partial,omitempty"`
}

// Rules is what the organisation allows; the zero value allows everything.
type Rules struct {
	Forbidden []cause.Action
}
