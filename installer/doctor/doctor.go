// Package doctor finds out why readmit does not work on this computer and says
// what mends it.
//
// It promises that each check is bounded in time, that looking changes nothing
// but that the agent may start, that what it finds comes with the command that
// mends it, and that mending never does more than writing readmit's own
// manifests, taking rights from other users on readmit's own folders and
// passphrase, putting aside what stands where a file or folder of readmit's
// belongs, making its programs executable and restarting its agent.
//
// Limits: it sees this user's side only. What a browser has cached, and whether
// the extension is loaded, it cannot see.
package doctor

import (
	"context"
	"time"
)

// State is how a check ended.
type State string

// The states, in rising order of trouble.
const (
	OK   State = "ok"
	Warn State = "warn" // readmit works, but less well than it could
	Fail State = "fail" // readmit does not work until this is mended
)

// Check looks at one thing.
type Check struct {
	ID    string // stable
	Title string
	Run   func(context.Context) Result
}

// Result is what a check found.
type Result struct {
	State  State
	Detail string
	// Mend is the command that mends it, or a sentence where there is none.
	Mend string
	// fix does what Mend says; nil when a person has to.
	fix func(context.Context) error
}

// Finding is a check with its result, as printed.
type Finding struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	State  State  `json:"state"`
	Detail string `json:"detail"`
	Mend   string `json:"mend,omitempty"`
	// Mended says that something was wrong and is not any more.
	Mended bool `json:"mended,omitempty"`
}

// checkLimit bounds one check, the start of an agent included.
const checkLimit = 10 * time.Second

// Run runs the checks one after the other. With fix it mends what it can and
// looks again.
func Run(ctx context.Context, checks []Check, fix bool) []Finding {
	findings := make([]Finding, len(checks))
	for i, check := range checks {
		findings[i] = examine(ctx, check, fix)
	}
	return findings
}

func examine(ctx context.Context, check Check, fix bool) Finding {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	result := check.Run(ctx)
	mended := false
	if fix && result.State != OK && result.fix != nil {
		if err := result.fix(ctx); err != nil {
			result.Detail += "; mending it: " + err.Error()
		} else {
			before := result.State
			result = check.Run(ctx)
			mended = result.State == OK || before == Fail && result.State == Warn
		}
	}
	return Finding{
		ID: check.ID, Title: check.Title, Mended: mended,
		State: result.State, Detail: result.Detail, Mend: result.Mend,
	}
}

// Worst is the state of the whole.
func Worst(findings []Finding) State {
	worst := OK
	for _, f := range findings {
		if f.State == Fail || f.State == Warn && worst == OK {
			worst = f.State
		}
	}
	return worst
}
