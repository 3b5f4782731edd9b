package agent

import (
	"context"
	"maps"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
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
	if _, ok := s.book.with(p.IncidentID, func(e *entry) {
		base = e.request(c, "", release.Standing, s.now())
		space, answerable = release.SpaceOf(base.Origin, base.Challenges)
		tried = maps.Clone(e.onceMore)
	}); !ok {
		return nil, notFound("this incident")
	}
	if !answerable {
		return result, nil
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	result.Space = shown(space)
	result.CanSave = !base.Private
	for _, entry := range s.vault.Accounts(space.Origin, space.Realm) {
		if len(result.Accounts) == maxAccounts {
			break
		}
		r := base
		r.Account, r.TriedOnceMore = entry.Account, tried[entry.Account]
		account, err := s.offered(&r, keyOf(space, entry.Account), entry.Revision)
		if err != nil {
			return nil, err
		}
		result.Accounts = append(result.Accounts, account)
	}
	return result, nil
}

// offered says what may be done with a stored account, for a request that
// names it.
func (s *server) offered(r *release.Request, k journal.Key, revision int) (rpc.Account, error) {
	account := rpc.Account{Account: k.Account, State: rpc.AccountReady}
	var err error
	if r.Last, err = s.last(k, revision); err != nil {
		return account, err
	}
	// One that another request carries now is not refused, only busy.
	if s.book.leased(k) {
		r.Last = release.NeverSent
	}
	switch r.Last {
	case release.Refused:
		account.State = rpc.AccountRefused
	case release.Unseen:
		account.State = rpc.AccountUnseen
	}
	if r.Grant, err = s.grant(k); err != nil {
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
