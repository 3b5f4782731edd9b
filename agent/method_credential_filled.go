package agent

import (
	"context"

	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

// credentialFilled ends the lease of a sign-in that was filled into the site's
// own form. It says nothing of the refused page, which the person has not come
// back to yet.
func (s *server) credentialFilled(ctx context.Context, _ *conn, p *rpc.FilledParams) (*rpc.FilledResult, error) {
	switch p.Result {
	case recovery.ResultRecovered, recovery.ResultRefused, recovery.ResultUnseen, recovery.ResultNotSent:
	default:
		return nil, invalid("this result is not known")
	}
	kept, err := s.endLease(ctx, p.IncidentID, p.Account, p.Result, true)
	if kept != nil {
		s.log.Warn().Err(kept).Str("part", "hub").Str("incident", p.IncidentID).Msg("remembering a sign-in")
	}
	return &rpc.FilledResult{NotKept: kept != nil}, err
}
