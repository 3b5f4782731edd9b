package agent

import (
	"time"

	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

// maxVisit bounds how many incidents of one visit are remembered over the
// agent's end.
const maxVisit = 8

// recallVisit brings the incidents of a visit to a site back into the book
// when an earlier agent held them: a step that failed before the agent ended
// has failed.
func (s *server) recallVisit(c *conn, r *refusal.Refusal, now time.Time) {
	origin := r.Origin()
	if r.Request.Private || s.book.knows(c, origin) {
		return
	}
	recent, err := s.journal.Recent(origin, now.Add(-incident.Lifetime), maxVisit)
	if err != nil {
		s.log.Warn().Err(err).Str("part", "journal").Msg("reading the visit")
	}
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	for _, inc := range recent {
		touched := lastSeen(inc)
		if inc.Engine == c.caller.Engine && s.book.entries[inc.ID] == nil && now.Sub(touched) < visit {
			s.book.add(&entry{inc: inc, owner: c, touched: touched}, now)
		}
	}
}

// lastSeen is when an incident last changed, as far as the journal tells.
func lastSeen(inc *incident.Incident) time.Time {
	at := inc.Opened
	for _, o := range inc.Outcomes {
		if t := time.Unix(o.Unix, 0); t.After(at) {
			at = t
		}
	}
	return at
}

// knows says whether the book holds an incident of an origin in this browser.
func (b *book) knows(c *conn, origin string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.entries {
		if e.of(c) && e.inc.Refusal.Origin() == origin {
			return true
		}
	}
	return false
}

// failedHere lists the steps that failed on a site's other pages in the visit
// that goes on, but for those before one of its pages opened: that changed something. The
// caller holds mu.
func (b *book) failedHere(c *conn, r *refusal.Refusal, now time.Time) []recovery.Step {
	origin := r.Origin()
	var visited []*entry
	var opened time.Time
	for _, e := range b.entries {
		if !e.of(c) || e.inc.Refusal.Origin() != origin || e.inc.Refusal.Request.Private != r.Request.Private {
			continue
		}
		if e.inc.Closing == incident.ClosingRecovered {
			if e.inc.Closed.After(opened) {
				opened = e.inc.Closed
			}
		} else if now.Sub(e.touched) < visit {
			visited = append(visited, e)
		}
	}
	var failed []recovery.Step
	for _, e := range visited {
		if !e.touched.After(opened) {
			continue
		}
		for _, step := range e.inc.Plan {
			if step.State == recovery.StateFailed {
				failed = append(failed, step)
			}
		}
	}
	return failed
}

// of says whether an entry was reported by the browser of a connection.
func (e *entry) of(c *conn) bool {
	return e.owner.caller.Engine == c.caller.Engine && e.owner.caller.ExtensionID == c.caller.ExtensionID &&
		(e.owner == c || e.owner.gone.Load())
}
