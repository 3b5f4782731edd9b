package agent

import (
	"context"
	"errors"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// recoveryOutcome records what a step led to. That of a released credential
// also ends its lease: only a server that accepted it makes readmit remember
// a sign-in or a lasting consent.
func (s *server) recoveryOutcome(ctx context.Context, c *conn, p *rpc.OutcomeParams) (*rpc.ViewResult, error) {
	if err := checkOutcome(&p.Outcome); err != nil {
		return nil, err
	}
	if err := s.recall(c, p.IncidentID); err != nil {
		return nil, err
	}
	var kept, ended error
	signIn := p.Outcome.Action == cause.SupplyCredentials || p.Outcome.Action == cause.RetryCredentials
	if signIn && p.Outcome.Result != recovery.ResultStarted {
		kept, ended = s.endLease(ctx, p.IncidentID, p.Account, p.Outcome.Result, false)
	}
	now := s.now()
	o := p.Outcome
	o.Unix = now.Unix()
	inc, ok := s.book.with(p.IncidentID, func(e *entry) {
		s.learn(e.inc, o)
		e.inc.Apply(o)
		e.touched = now
		if signIn {
			if o.Result == recovery.ResultDeclined || o.Result == recovery.ResultNotSent {
				e.challenged = time.Time{} // the browser has its answer, which says nothing of an earlier one
			} else {
				e.refused = o.Result == recovery.ResultRefused
			}
		}
	})
	if !ok {
		return nil, notFound("this incident")
	}
	if o.Result == recovery.ResultRecovered && !inc.Refusal.Request.Private {
		s.journal.Success(inc.Refusal.Origin(), now)
	}
	if signIn && o.Result == recovery.ResultRefused {
		// A refused sign-in is evidence.
		same := func(r refusal.Refusal) (refusal.Refusal, error) { return r, nil }
		if fresh, err := s.rejudge(p.IncidentID, same); err == nil {
			inc = fresh
		}
	}
	s.changed(c, &inc)
	if ended != nil {
		return nil, ended
	}
	result := s.view(c, &inc)
	if kept != nil {
		// The page is open; that comes first.
		s.log.Warn().Err(kept).Str("part", "hub").Str("incident", inc.ID).Msg("remembering a sign-in")
		result.NotKept = true
	}
	return result, nil
}

// learn counts what an outcome is about to prove of a step; never one of a
// private window. It waits for no disk.
func (s *server) learn(inc *incident.Incident, o recovery.Outcome) {
	if !inc.Open() || inc.Refusal.Request.Private {
		return
	}
	if tried, helped, ok := recovery.Lesson(inc.Plan, o); ok {
		s.journal.Learn(inc.Refusal.Origin(), tried, helped, time.Unix(o.Unix, 0))
	}
}

// endLease records how a send ended and keeps what the server accepted. That
// something could not be kept is no failure of the ending.
func (s *server) endLease(ctx context.Context, id, account string, result recovery.Result, fills bool) (kept, err error) {
	l, t := s.book.ending(id, account, fills)
	if l == nil {
		return nil, nil // nothing was sent, or its lease ran out: it stays unseen
	}
	defer s.book.giveBack(l) // only once the ending is recorded
	if t != nil {
		defer t.secret.Wipe()
	}
	ending := journal.Unseen
	switch result {
	case recovery.ResultNotSent:
		return nil, s.unrecord(l)
	case recovery.ResultRecovered:
		ending = journal.Accepted
	case recovery.ResultRefused:
		ending = journal.Refused
	}
	private := l.private()
	if err := s.record(private, l.key, l.revision, ending); err != nil {
		return nil, err
	}
	if ending != journal.Accepted || private {
		return nil, nil
	}
	return s.remember(ctx, l, t), nil
}

// remember keeps a sign-in that the server accepted: the typed one when the
// person wanted that, and the consent that was given with it.
func (s *server) remember(ctx context.Context, l *lease, t *typed) error {
	if t != nil {
		if !t.remember {
			return nil
		}
		revision, err := s.vault.Set(ctx, vaultKey(l.key), t.secret)
		if err != nil {
			return err
		}
		if err := s.record(false, l.key, revision, journal.Accepted); err != nil {
			return err
		}
	}
	return errors.Join(s.vault.Worked(vaultKey(l.key), s.now()), s.keepConsent(l))
}

// keepConsent stores an "always here" that the server's answer has proved, and
// notes the use of one.
func (s *server) keepConsent(l *lease) error {
	now := s.now()
	st := journal.Standing{Key: keyOf(l.space, l.key.Account), Scheme: l.space.Scheme, Given: now, Used: now}
	switch l.consent {
	case release.Always:
	case release.Standing:
		old, err := s.journal.StandingOf(st.Key)
		if err != nil {
			return nil // withdrawn meanwhile: it stays so
		}
		st.Given = old.Given
	default:
		return nil
	}
	return s.journal.PutStanding(st)
}

func checkOutcome(o *recovery.Outcome) error {
	if _, ok := cause.ActionByID(o.Action); !ok {
		return invalid("this action is not known")
	}
	switch o.Result {
	case recovery.ResultStarted, recovery.ResultRecovered, recovery.ResultRefused,
		recovery.ResultUnseen, recovery.ResultDeclined, recovery.ResultUndone, recovery.ResultNotSent:
		return nil
	}
	return invalid("this result is not known")
}
