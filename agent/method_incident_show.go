package agent

import (
	"context"

	"github.com/readmit/readmit/agent/rpc"
)

// incidentShow returns one incident as it stands.
func (s *server) incidentShow(_ context.Context, c *conn, p *rpc.IncidentParams) (*rpc.ViewResult, error) {
	inc, err := s.look(p.IncidentID)
	if err != nil {
		return nil, err
	}
	return s.view(c, &inc), nil
}
