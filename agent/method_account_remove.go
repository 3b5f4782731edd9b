package agent

import (
	"context"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/rpc"
)

// accountRemove forgets a stored account with all that belongs to it.
func (s *server) accountRemove(ctx context.Context, _ *conn, p *rpc.AccountParams) (*nothing, error) {
	for _, stored := range s.vault.All() {
		if accountID(&stored) == p.ID {
			return &nothing{}, s.forget(ctx, journal.Key(stored.Key))
		}
	}
	return nil, notFound("this account")
}
