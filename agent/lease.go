package agent

import (
	"time"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/rpc"
)

// lease is the right to carry one credential: taken before it is looked up,
// so that what is read of its past stays true, and held until its outcome is
// recorded, its connection is lost or it ran out.
type lease struct {
	key      journal.Key
	holder   *entry
	owner    *conn
	until    time.Time
	revision int          // of the stored secret; typedRevision for a typed one
	before   release.Last // how its last send had ended
	consent  release.Consent
	space    release.Space
	sent     bool // the secret left
	ending   bool // its outcome is being recorded
}

// fills says whether the credential goes into the site's own form.
func (l *lease) fills() bool { return l.space.Scheme == release.Form }

func (l *lease) private() bool { return l.holder.inc.Refusal.Request.Private }

// reserve takes the lease of an account for an entry. The request says all
// that the entry knows; a lease of nil means that another request carries the
// credential, and r says so. anyRealm: the stored secret is the whole site's.
func (b *book) reserve(c *conn, p *rpc.ReleaseParams, anyRealm bool, consent release.Consent, now time.Time) (l *lease, r release.Request, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[p.IncidentID]
	if e == nil {
		return nil, r, false
	}
	if p.Form != "" {
		r = e.formRequest(c, p.Account, p.Form, consent, now)
	} else {
		r = e.request(c, p.Account, consent, now)
	}
	r.Typed = e.typed != nil && e.typed.account == p.Account && e.typed.fills == r.Form
	space, _ := r.Space()
	l = &lease{key: keyOf(space, p.Account), holder: e, owner: c, consent: consent, space: space, until: now.Add(release.MaxAge)}
	if anyRealm && !r.Typed {
		l.key.Realm = vault.AnyRealm
	}
	if b.leases[l.key] != nil || e.lease != nil {
		r.LeaseHeld = true
		return nil, r, true
	}
	b.leases[l.key], e.lease = l, l
	return l, r, true
}

// use marks a lease as used, and its challenge as answered unless it was
// meanwhile. A form may be filled in again.
func (b *book) use(l *lease) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leases[l.key] != l || (l.holder.used && !l.fills()) || l.owner.gone.Load() {
		return false
	}
	l.sent = true
	if !l.fills() {
		l.holder.used = true
	}
	return true
}

// triedOnceMore notes whether the secret of a lease was sent once more: that
// consent holds for one send of its account in the incident.
func (b *book) triedOnceMore(l *lease, sent bool) {
	if l.consent != release.OnceMore {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if l.holder.onceMore == nil {
		l.holder.onceMore = map[string]bool{}
	}
	l.holder.onceMore[l.key.Account] = sent
}

// drop ends a lease. The caller holds mu.
func (b *book) drop(l *lease) {
	if b.leases[l.key] == l {
		delete(b.leases, l.key)
	}
	if l.holder.lease == l {
		l.holder.lease = nil
	}
}

// giveBack ends a lease.
func (b *book) giveBack(l *lease) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(l)
}

// dropTyped forgets what was typed for a form that was not filled in: its
// namesake in the vault must not be taken for it.
func (b *book) dropTyped(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.entries[id]; e != nil && e.typed != nil && e.typed.fills && e.lease == nil {
		e.wipeTyped()
	}
}

// leased says whether a request carries this credential now.
func (b *book) leased(k journal.Key) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.leases[k] != nil
}

// typedSecret returns a copy of the sign-in that was typed for a lease.
func (b *book) typedSecret(l *lease) (vault.Secret, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := l.holder.typed
	if t == nil || t.account != l.key.Account {
		return vault.Secret{}, notFound("this account")
	}
	return vault.NewSecret(t.secret.Reveal()), nil
}

// ending finds the lease that an outcome is about and the sign-in typed for
// it, which becomes the caller's to wipe. It finds each lease once. fills: the
// outcome is that of a form.
func (b *book) ending(id, account string, fills bool) (*lease, *typed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[id]
	if e == nil || e.lease == nil || !e.lease.sent || e.lease.fills() != fills || e.lease.ending || (account != "" && e.lease.key.Account != account) {
		return nil, nil
	}
	e.lease.ending = true
	t := e.typed
	if t == nil || e.lease.revision != typedRevision {
		return e.lease, nil
	}
	e.typed = nil
	return e.lease, t
}
