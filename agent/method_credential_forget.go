package agent

import (
	"context"
	"errors"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
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
	if p.Form != "" {
		space, ok = release.Space{Origin: inc.Refusal.Origin(), Scheme: release.Form}, true
	}
	if !ok {
		return nil, notFound("this account")
	}
	k, _, _ := s.storedKey(space, p.Account)
	return &nothing{}, s.forget(ctx, k)
}

// forget drops a stored secret with all that belongs to it. Consent goes
// first: what fails afterwards leaves less than before.
func (s *server) forget(ctx context.Context, k journal.Key) error {
	if err := s.withdrawAll(k); err != nil {
		return journalError(err)
	}
	deleted := s.vault.Delete(ctx, vaultKey(k))
	if deleted != nil && !errors.Is(deleted, vault.ErrNotFound) {
		return vaultError(deleted)
	}
	// Also when the secret is gone already: what is noted of it names the account.
	if err := s.forgetEndings(k); err != nil {
		return err
	}
	if deleted != nil {
		return notFound("this account")
	}
	return nil
}

// withdrawAll ends the lasting consents that rest on a stored secret: one, or
// those of each realm of its site.
func (s *server) withdrawAll(k journal.Key) error {
	list, err := s.journal.Standings()
	for _, st := range list {
		if st.Key.Origin == k.Origin && st.Key.Account == k.Account && (st.Key.Realm == k.Realm || k.Realm == vault.AnyRealm) {
			err = errors.Join(err, s.journal.Withdraw(st.ID))
		}
	}
	return err
}
