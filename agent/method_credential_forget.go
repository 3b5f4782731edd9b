package agent

import (
	"context"
	"errors"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/rpc"
)

// credentialForget withdraws a standing consent, or forgets a stored secret
// with all that belongs to it.
func (s *server) credentialForget(ctx context.Context, _ *conn, p *rpc.ForgetParams) (*nothing, error) {
	if p.StandingID != "" {
		return &nothing{}, journalError(s.journal.Withdraw(p.StandingID))
	}
	if p.IncidentID == "" || p.Account == "" {
		return nil, invalid("name a standing consent, or an incident and an account")
	}
	inc, err := s.look(p.IncidentID)
	if err != nil {
		return nil, err
	}
	space, ok := spaceOf(&inc.Refusal)
	if !ok {
		return nil, notFound("this account")
	}
	k := keyOf(space, p.Account)
	// Consent goes first: what fails afterwards leaves less than before.
	if err := s.journal.Withdraw(journal.StandingID(k)); err != nil && !errors.Is(err, journal.ErrNotFound) {
		return nil, journalError(err)
	}
	deleted := s.vault.Delete(ctx, vaultKey(k))
	if deleted != nil && !errors.Is(deleted, vault.ErrNotFound) {
		return nil, vaultError(deleted)
	}
	// Also when the secret is gone already: what is noted of it names the account.
	if err := s.forgetEndings(k); err != nil {
		return nil, err
	}
	if deleted != nil {
		return nil, notFound("this account")
	}
	return &nothing{}, nil
}
