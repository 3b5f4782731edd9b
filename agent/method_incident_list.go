package agent

import (
	"context"

	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/rpc"
)

const (
	defaultPage = 20
	maxPage     = 100
)

// incidentList returns a page of the journal, newest first.
func (s *server) incidentList(_ context.Context, c *conn, p *rpc.ListIncidentsParams) (*rpc.ListIncidentsResult, error) {
	limit := p.Limit
	switch {
	case limit == 0:
		limit = defaultPage
	case limit < 0 || limit > maxPage:
		return nil, invalid("limit is between 1 and 100")
	}
	list, next, err := s.journal.Page(p.Before, limit)
	if err != nil {
		return nil, journalError(err)
	}
	result := &rpc.ListIncidentsResult{Incidents: make([]rpc.ListedIncident, 0, len(list)), Next: next}
	for _, inc := range list {
		inc.Expire(s.now())
		past := explain.PastOf(inc, explain.Options{Now: s.now(), Language: c.language()})
		result.Incidents = append(result.Incidents, rpc.ListedIncident{View: s.explain(c, inc), Past: &past})
	}
	return result, nil
}
