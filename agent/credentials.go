package agent

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
)

func vaultKey(k journal.Key) vault.Key {
	return vault.Key{Origin: k.Origin, Realm: k.Realm, Account: k.Account}
}

// keyOf names an account of a protection space. A form has no realm: what is
// filled in there is stored for the whole site.
func keyOf(s release.Space, account string) journal.Key {
	k := journal.Key{Origin: s.Origin, Realm: s.Realm, Account: account}
	if s.Scheme == release.Form {
		k.Realm = vault.AnyRealm
	}
	return k
}

// request fills in everything about an entry that a release rests on. The
// caller holds the book, and adds what the vault and the journal say.
func (e *entry) request(c *conn, account string, consent release.Consent, now time.Time) release.Request {
	r := &e.inc.Refusal
	return release.Request{
		Now: now, Account: account, Consent: consent,
		Origin: r.Origin(), Challenges: challengesOf(r),
		MainFrame: r.ResourceType == "main_frame", Private: r.Request.Private,
		Challenged: e.report.Challenged && !e.challenged.IsZero(),
		Challenger: e.report.Challenger, IsProxy: e.report.IsProxy,
		TopOrigin: e.report.TopOrigin, VisibleMainFrame: e.report.VisibleMainFrame,
		Reported: e.challenged, SameConnection: e.owner == c && !c.gone.Load(), Used: e.used,
		BrowserParent: c.browserParent, TriedOnceMore: e.onceMore[account],
	}
}

// formRequest is request for the site's own sign-in form, which the browser
// says is in front of the person now. It has to be of the origin that refused
// this browser in an incident that is still open.
func (e *entry) formRequest(c *conn, account, origin string, consent release.Consent, now time.Time) release.Request {
	r := &e.inc.Refusal
	return release.Request{
		Now: now, Account: account, Consent: consent, Form: true,
		Origin: r.Origin(), MainFrame: true, Private: r.Request.Private,
		Challenged: e.inc.Open() && now.Sub(e.inc.Opened) < incident.Lifetime,
		Challenger: origin, TopOrigin: origin, VisibleMainFrame: true,
		Reported: now, SameConnection: e.of(c) && e.inc.Engine == c.caller.Engine && !c.gone.Load(),
		BrowserParent: c.browserParent, TriedOnceMore: e.onceMore[account],
	}
}

// last says how the last send of this revision of a stored secret ended. An
// ending from a private window is newer than what the journal says, since
// record drops it for a later one.
func (s *server) last(k journal.Key, revision int) (release.Last, error) {
	s.book.mu.Lock()
	private, inPrivate := s.book.private[privateKey{k, revision}]
	s.book.mu.Unlock()
	ending, found, err := s.journal.LastAttempt(k, revision)
	if err != nil {
		return release.Unseen, journalError(err)
	}
	if inPrivate {
		ending, found = private, true
	}
	switch {
	case !found:
		return release.NeverSent, nil
	case ending == journal.Accepted:
		return release.Accepted, nil
	case ending == journal.Refused:
		return release.Refused, nil
	default:
		return release.Unseen, nil
	}
}

// record notes a send or its ending, before anything else happens: on disk, or
// in memory alone for a private window. A typed sign-in has no revision and is
// noted nowhere: the person sends it each time anew, and nobody agreed to
// remember whose it was.
func (s *server) record(private bool, k journal.Key, revision int, ending journal.Ending) error {
	if revision == typedRevision {
		return nil
	}
	if !private {
		if err := s.journal.Attempt(journal.Attempt{Key: k, Revision: revision, Ending: ending, Time: s.now()}); err != nil {
			return journalError(err)
		}
	}
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	which := privateKey{k, revision}
	if !private {
		delete(s.book.private, which)
		return nil
	}
	if _, known := s.book.private[which]; !known && len(s.book.private) >= maxPrivate {
		return notAllowed("too many sign-ins from private windows")
	}
	s.book.private[which] = ending
	return nil
}

// before is the ending to go back to when a send did not happen.
var before = map[release.Last]journal.Ending{
	release.Accepted: journal.Accepted, release.Refused: journal.Refused, release.Unseen: journal.Unseen,
}

// unrecord takes back the send of a lease whose secret never reached the
// browser.
func (s *server) unrecord(l *lease) error {
	s.book.triedOnceMore(l, false)
	ending, wasSent := before[l.before]
	switch {
	case l.revision == typedRevision:
		return nil
	case wasSent:
		return s.record(l.private(), l.key, l.revision, ending)
	case l.private():
		s.book.mu.Lock()
		defer s.book.mu.Unlock()
		delete(s.book.private, privateKey{l.key, l.revision})
		return nil
	default:
		return journalError(s.journal.Unsend(l.key, l.revision))
	}
}

const (
	maxPrivate    = 1024 // endings remembered from private windows
	typedRevision = 0    // the vault begins at 1
)

// forgetEndings drops all that is noted of an account's sends.
func (s *server) forgetEndings(k journal.Key) error {
	if err := s.journal.ForgetAttempts(k); err != nil {
		return journalError(err)
	}
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	maps.DeleteFunc(s.book.private, func(p privateKey, _ journal.Ending) bool { return p.key == k })
	return nil
}

// grant returns the standing consent for an account of a protection space, or
// nil. It is for that realm alone, whatever its secret is stored for.
func (s *server) grant(k journal.Key) (*release.Grant, error) {
	st, err := s.journal.StandingOf(k)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, journalError(err)
	}
	return &release.Grant{
		Space:   release.Space{Origin: st.Key.Origin, Realm: st.Key.Realm, Scheme: st.Scheme},
		Account: st.Key.Account, Used: st.Used,
	}, nil
}

// accountsFor lists the accounts that a protection space may use, the one that
// worked last first. One stored for this very realm stands before its namesake
// for any realm of the site.
func (s *server) accountsFor(space release.Space) []vault.Stored {
	var list []vault.Stored
	realms := []string{space.Realm, vault.AnyRealm}
	if space.Scheme == release.Form {
		realms = realms[1:]
	}
	for _, realm := range realms {
		for _, e := range s.vault.Accounts(space.Origin, realm) {
			if !slices.ContainsFunc(list, func(other vault.Stored) bool { return other.Entry.Account == e.Account }) {
				list = append(list, vault.Stored{Key: vaultKey(journal.Key{Origin: space.Origin, Realm: realm, Account: e.Account}), Entry: e})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b vault.Stored) int { return vault.ByTurn(a.Entry, b.Entry) })
	return list
}

// storedKey names the secret that an account of a protection space means, and
// its revision.
func (s *server) storedKey(space release.Space, account string) (journal.Key, int, bool) {
	for _, stored := range s.accountsFor(space) {
		if stored.Entry.Account == account {
			return journal.Key(stored.Key), stored.Revision, true
		}
	}
	return keyOf(space, account), 0, false
}

// isForAnyRealm says whether an account of an incident is stored for the whole
// site.
func (s *server) isForAnyRealm(id, account string) bool {
	var space release.Space
	s.book.with(id, func(e *entry) { space, _ = spaceOf(&e.inc.Refusal) })
	k, _, _ := s.storedKey(space, account)
	return k.Realm == vault.AnyRealm
}

// revisionOf looks an account up in the vault's index, without the keyring.
func (s *server) revisionOf(k journal.Key) (int, bool) {
	for _, e := range s.vault.Accounts(k.Origin, k.Realm) {
		if e.Account == k.Account {
			return e.Revision, true
		}
	}
	return 0, false
}
