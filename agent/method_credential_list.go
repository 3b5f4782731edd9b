package agent

import (
	"context"
	"maps"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/rpc"
)

const (
	maxRealm    = 80 // characters of a site's words that are shown
	maxAccounts = 50 // accounts of one protection space that are listed
)

// credentialList says which accounts the window can offer for an incident, or
// lists the standing consents. It reads the index alone, so that an origin
// without accounts answers like any other. When the password store or the
// journal is at fault it fails at once, so that nobody is asked for what could
// not be sent or kept.
func (s *server) credentialList(ctx context.Context, c *conn, p *rpc.ListParams) (*rpc.ListResult, error) {
	result := &rpc.ListResult{Accounts: []rpc.Account{}, Standing: []rpc.Standing{}}
	if p.Standing {
		return result, s.listStanding(result)
	}
	var base release.Request
	var space release.Space
	var answerable bool
	var tried map[string]bool
	if p.Form != "" {
		if err := s.recall(c, p.IncidentID); err != nil {
			return nil, err
		}
	}
	if _, ok := s.book.with(p.IncidentID, func(e *entry) {
		if p.Form != "" {
			base = e.formRequest(c, "", p.Form, release.Once, s.now())
		} else {
			base = e.request(c, "", release.Standing, s.now())
		}
		space, answerable = base.Space()
		tried = maps.Clone(e.onceMore)
	}); !ok {
		return nil, notFound("this incident")
	}
	if !answerable || (base.Form && !fillable(base)) {
		return result, nil
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	result.Space = shown(space)
	result.CanSave = !base.Private
	for _, stored := range s.accountsFor(space) {
		if len(result.Accounts) == maxAccounts {
			break
		}
		r := base
		r.Account, r.TriedOnceMore = stored.Entry.Account, tried[stored.Entry.Account]
		account, err := s.offered(&r, space, &stored)
		if err != nil {
			return nil, err
		}
		result.Accounts = append(result.Accounts, account)
	}
	return result, nil
}

// fillable says whether a form may be filled in at all, with whatever account.
func fillable(r release.Request) bool {
	r.Account = "any"
	return release.Decide(&r).Verdict == release.Allowed
}

// offered says what may be done with a stored account, for a request that
// names it.
func (s *server) offered(r *release.Request, space release.Space, stored *vault.Stored) (rpc.Account, error) {
	account := rpc.Account{Account: r.Account}
	var err error
	if account.State, r.Last, err = s.stateOf(stored); err != nil {
		return account, err
	}
	if r.Grant, err = s.grant(keyOf(space, r.Account)); err != nil {
		return account, err
	}
	may := func(c release.Consent) bool {
		r.Consent = c
		return release.Decide(r).Verdict == release.Allowed
	}
	account.Standing = may(release.Standing)
	account.OnceMore = account.State != rpc.AccountReady && may(release.OnceMore)
	return account, nil
}

// stateOf says whether a stored secret may be sent. One that another request
// carries now is not refused, only busy.
func (s *server) stateOf(stored *vault.Stored) (rpc.AccountState, release.Last, error) {
	k := journal.Key(stored.Key)
	last, err := s.last(k, stored.Revision)
	if s.book.leased(k) {
		last = release.NeverSent
	}
	switch last {
	case release.Refused:
		return rpc.AccountRefused, last, err
	case release.Unseen:
		return rpc.AccountUnseen, last, err
	}
	return rpc.AccountReady, last, err
}

// ready says what stands in the way of sending a password at all.
func (s *server) ready(ctx context.Context) error {
	if err := s.journalReady(); err != nil {
		return err
	}
	if err := s.vault.Check(ctx); err != nil {
		return vaultError(err)
	}
	return nil
}

// journalReady says whether the ending of a send could be noted.
func (s *server) journalReady() error {
	switch s.journal.State() {
	case journal.Off, journal.ReadOnly:
		return journalError(journal.ErrReadOnly)
	default:
		return nil
	}
}

func (s *server) listStanding(result *rpc.ListResult) error {
	list, err := s.journal.Standings()
	if err != nil {
		return journalError(err)
	}
	for _, st := range list {
		result.Standing = append(result.Standing, rpc.Standing{
			ID: st.ID, Account: st.Key.Account, Used: st.Used,
			Space: *shown(release.Space{Origin: st.Key.Origin, Realm: st.Key.Realm, Scheme: st.Scheme}),
		})
	}
	return nil
}

// shown is a protection space as the window shows it.
func shown(s release.Space) *rpc.Space {
	return &rpc.Space{Origin: s.Origin, Realm: redact.Line(s.Realm, maxRealm), Scheme: s.Scheme}
}
