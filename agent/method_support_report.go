package agent

import (
	"context"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/agent/support"
)

// supportReport makes the hand-off to a helpdesk.
func (s *server) supportReport(_ context.Context, c *conn, p *rpc.IncidentParams) (*rpc.ReportResult, error) {
	inc, err := s.look(p.IncidentID)
	if err != nil {
		return nil, err
	}
	v := s.explain(c, &inc)
	return &rpc.ReportResult{
		Code: v.SupportCode,
		Text: support.Report(&inc, &v, support.Context{
			Now: s.now(), Version: about.Version, HostVersion: c.caller.HostVersion, Engine: c.caller.Engine,
		}),
	}, nil
}
