package agent

import (
	"context"
	"errors"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/rpc"
)

// incidentClear forgets one incident, those of one site, or all, in the journal
// and in memory; with a site or all goes what was learned there. What carries a
// credential now goes on; what guards an account stays.
func (s *server) incidentClear(_ context.Context, _ *conn, p *rpc.ClearParams) (*nothing, error) {
	var err error
	switch {
	case p.IncidentID != "" && p.Origin != "":
		return nil, invalid("either an incident or an origin is cleared")
	case p.IncidentID != "":
		held := s.book.forget(func(e *entry) bool { return e.inc.ID == p.IncidentID })
		err = s.journal.ClearIncident(p.IncidentID)
		if errors.Is(err, journal.ErrNotFound) {
			if held == 0 {
				return nil, notFound("this incident")
			}
			err = nil // one of a private window was in memory alone
		}
	case p.Origin != "":
		s.book.forget(func(e *entry) bool { return e.inc.Refusal.Origin() == p.Origin })
		err = s.journal.ClearSite(p.Origin)
	default:
		s.book.forget(func(*entry) bool { return true })
		err = s.journal.Clear()
	}
	return &nothing{}, journalError(err)
}
