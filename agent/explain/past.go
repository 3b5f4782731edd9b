package explain

import (
	"net/url"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
)

// Past is one line of the history: what was refused, why, and how it ended.
// Every string is plain text.
type Past struct {
	Opened  time.Time `json:"opened"`
	Origin  string    `json:"origin"` // scheme, host and port: what "this site" means when it is cleared
	Page    string    `json:"page"`   // the path, redacted
	Title   string    `json:"title"`  // why, as it was told while the incident was open
	Outcome string    `json:"outcome"`
	Tried   []string  `json:"tried,omitempty"` // what did not help, the last first
}

// How an incident ended.
const (
	pastHelped = " helped." // behind one of doings
	pastOpened = "It opened again."
	pastClosed = "It stayed closed."
	pastOpen   = "It is still closed."
)

// PastOf tells an incident as a line of the history.
func PastOf(inc *incident.Incident, opt Options) Past {
	open := *inc
	open.Closing = ""
	open.Outcomes = nil // the title speaks of the cause, not of the walk
	open.Plan = nil
	p := Past{Opened: inc.Opened, Origin: inc.Refusal.Origin(), Title: Of(&open, opt).Title, Tried: newWriter(inc, opt).triedLines()}
	if u, err := url.Parse(inc.Refusal.URL); err == nil {
		p.Page = quotable(u.Path)
	}
	switch inc.Closing {
	case incident.ClosingRecovered:
		p.Outcome = pastOpened
		if doing := doings[helpedBy(inc)]; doing != "" {
			p.Outcome = doing + pastHelped
		}
	case "":
		p.Outcome = pastOpen
	default:
		p.Outcome = pastClosed
	}
	return p
}

// helpedBy is the action that ended an incident, none when the page opened by
// itself.
func helpedBy(inc *incident.Incident) cause.Action {
	for _, o := range inc.Outcomes {
		if o.Result == recovery.ResultRecovered {
			return o.Action
		}
	}
	return cause.None
}
