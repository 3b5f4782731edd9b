package agent

import (
	"context"
	"errors"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/rpc"
)

var consents = map[rpc.Consent]release.Consent{
	rpc.ConsentOnce: release.Once, rpc.ConsentAlways: release.Always, rpc.ConsentStanding: release.Standing,
	rpc.ConsentOnceMore: release.OnceMore,
}

// credentialRelease is the only way by which a secret leaves. The order is the
// promise: lease, decision, secret, synced attempt, reply. Whatever fails on
// the way gives the lease back.
func (s *server) credentialRelease(ctx context.Context, c *conn, p *rpc.ReleaseParams) (_ *rpc.ReleaseResult, err error) {
	consent, ok := consents[p.Consent]
	if !ok {
		return nil, invalid("this consent is not known")
	}
	if p.Form != "" {
		if err := s.recall(c, p.IncidentID); err != nil {
			return nil, err
		}
	}
	l, r, known := s.book.reserve(c, p, s.isForAnyRealm(p.IncidentID, p.Account), consent, s.now())
	if !known {
		return nil, notFound("this incident")
	}
	if p.Form != "" {
		defer func() {
			if err != nil {
				s.book.dropTyped(p.IncidentID)
			}
		}()
	}
	if l == nil {
		return nil, s.notReleased(c, p.IncidentID, release.Decide(&r))
	}
	secret, err := s.releaseTo(ctx, c, l, &r, p.IncidentID)
	if err != nil {
		s.book.giveBack(l)
		return nil, err
	}
	defer secret.Wipe()
	s.log.Info().Str("part", "release").Uint64("conn", c.id).Str("incident", p.IncidentID).Msg("released")
	return &rpc.ReleaseResult{Account: p.Account, Secret: rpc.NewWireSecret(secret.Reveal())}, nil
}

// releaseTo decides and, when it may, hands out the secret of a lease.
func (s *server) releaseTo(ctx context.Context, c *conn, l *lease, r *release.Request, id string) (vault.Secret, error) {
	stored := r.Typed
	if !r.Typed {
		if l.revision, stored = s.revisionOf(l.key); stored {
			var err error
			if r.Last, err = s.last(l.key, l.revision); err != nil {
				return vault.Secret{}, err
			}
			l.before = r.Last
		}
		var err error
		if r.Grant, err = s.grant(keyOf(l.space, l.key.Account)); err != nil {
			return vault.Secret{}, err
		}
	}
	if d := release.Decide(r); d.Verdict != release.Allowed {
		return vault.Secret{}, s.notReleased(c, id, d)
	}
	if !stored {
		return vault.Secret{}, notFound("this account")
	}
	// A typed one waits for the journal too: what becomes of a sign-in that
	// is to be remembered has to be noted.
	if err := s.journalReady(); err != nil {
		return vault.Secret{}, err
	}
	secret, err := s.fetch(ctx, l, r.Typed)
	if err != nil {
		return vault.Secret{}, err
	}
	// While the keyring was asked, the connection may have gone.
	if !s.book.use(l) {
		secret.Wipe()
		return vault.Secret{}, notAllowed("the request is over")
	}
	if err := s.record(l.private(), l.key, l.revision, journal.Unseen); err != nil {
		secret.Wipe()
		return vault.Secret{}, s.unrecorded(err)
	}
	s.book.triedOnceMore(l, true)
	return secret, nil
}

// unrecorded says on the wire why a secret stays here: what became of it could
// not be noted, because the disk is full for instance.
func (s *server) unrecorded(err error) error {
	var known *rpc.Error
	if errors.As(err, &known) {
		return err
	}
	s.log.Error().Err(err).Str("part", "journal").Msg("noting a send")
	return journalError(journal.ErrReadOnly)
}

func (s *server) notReleased(c *conn, id string, d release.Decision) error {
	s.log.Info().Str("part", "release").Uint64("conn", c.id).Str("incident", id).Str("reason", d.Reason).Msg("not released")
	return verdictError(d)
}

// fetch returns the secret of a lease: the typed one, or the vault's. A
// revision other than the one that was decided about is not sent.
func (s *server) fetch(ctx context.Context, l *lease, isTyped bool) (vault.Secret, error) {
	if isTyped {
		return s.book.typedSecret(l)
	}
	secret, revision, err := s.vault.Get(ctx, vaultKey(l.key))
	if err != nil {
		return vault.Secret{}, vaultError(err)
	}
	if revision != l.revision {
		secret.Wipe()
		return vault.Secret{}, &rpc.Error{Code: rpc.CodeBusy, Message: "the password is being changed", Retryable: true}
	}
	return secret, nil
}
