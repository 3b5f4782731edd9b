package agent

import (
	"sync"
	"time"

	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

const (
	maxEntries = 256              // incidents held in memory
	textKept   = 15 * time.Minute // page text of an incident, in memory only
	visit      = 30 * time.Minute // a page refused again within it is one story
)

// entry is an incident while it is of interest, with what the journal does not
// keep of it.
type entry struct {
	inc     *incident.Incident
	owner   *conn            // reported it last; only it may release
	report  rpc.ReportParams // without the refusal
	touched time.Time        // last report or amendment
	judged  int              // counts the diagnoses, so that none is made of what another replaced

	// The challenge that the browser holds a request for.
	challenged time.Time // zero when there is none, or it is over
	used       bool      // a secret left for it
	lease      *lease    // of the secret that left, until its outcome
	refused    bool      // a sign-in of readmit's was just refused here
	typed      *typed
	onceMore   map[string]bool // accounts that were sent once more here
}

// typed is a sign-in that the person typed for one incident.
type typed struct {
	account  string
	secret   vault.Secret
	remember bool
	until    time.Time
	fills    bool // for the site's own form, not for a challenge
	owner    *conn
}

// waits says whether the browser may still be answered for this entry, or is
// being answered.
func (e *entry) waits(now time.Time) bool {
	return (e.lease != nil && !e.lease.fills()) || (!e.challenged.IsZero() && !e.used && now.Sub(e.challenged) < release.MaxAge)
}

func (e *entry) wipeTyped() {
	if e.typed != nil {
		e.typed.secret.Wipe()
		e.typed = nil
	}
}

// book is what the hub has open. Its one mutex is never held over a disk, a
// keyring or a connection.
type book struct {
	mu      sync.Mutex
	entries map[string]*entry
	leases  map[journal.Key]*lease
	// question is the one that readmit's window asks now, or nil.
	question *question
	// private holds the endings of sends from private windows, which no
	// journal may see: they guard an account until the agent ends.
	private map[privateKey]journal.Ending
}

type privateKey struct {
	key      journal.Key
	revision int
}

func newBook() *book {
	return &book{
		entries: map[string]*entry{},
		leases:  map[journal.Key]*lease{},
		private: map[privateKey]journal.Ending{},
	}
}

// continues finds the open incident that a refusal is one more of: the same
// page in the same browser, within a visit. One whose challenge still waits for
// its answer is another request's, and stays apart: the yes that is given for
// it must find it. The caller holds mu.
func (b *book) continues(c *conn, r *refusal.Refusal, now time.Time) *entry {
	var found *entry
	for _, e := range b.entries {
		if !e.of(c) {
			continue
		}
		if e.waits(now) || now.Sub(e.touched) >= visit || !e.inc.Continues(r, now) {
			continue
		}
		if found == nil || e.touched.After(found.touched) {
			found = e
		}
	}
	return found
}

// earlier names the incident that a report will go on with, empty when it will
// open one, and whether a sign-in was just refused there.
func (b *book) earlier(c *conn, r *refusal.Refusal, now time.Time) (id string, refused bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.continues(c, r, now); e != nil {
		return e.inc.ID, e.refused
	}
	return "", false
}

// report enters a reported refusal. open gets the entry to go on with, or nil,
// and returns the one to use; report returns a copy of its incident.
func (b *book) report(c *conn, report *rpc.ReportParams, r *refusal.Refusal, now time.Time, open func(*entry) *entry) incident.Incident {
	b.mu.Lock()
	defer b.mu.Unlock()
	old := b.continues(c, r, now)
	e := open(old)
	if e != old {
		b.add(e, now)
	}
	e.owner, e.report, e.touched = c, *report, now
	e.judged++
	e.challenged = time.Time{}
	if report.Challenged {
		// A new challenge is a new request: it may be answered once.
		e.challenged, e.used = now, false
		e.wipeTyped()
	}
	return *e.inc
}

// with runs fn on an entry, while nothing else changes it, and returns a copy
// of its incident; false means that there is no such entry.
func (b *book) with(id string, fn func(*entry)) (incident.Incident, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[id]
	if e == nil {
		return incident.Incident{}, false
	}
	fn(e)
	return *e.inc, true
}

// add makes room by dropping what was touched longest ago and waits for
// nothing. When all wait, the newcomer is not held: it can be looked at in the
// journal, and its request is the browser's own to answer. The caller holds mu.
func (b *book) add(e *entry, now time.Time) {
	if len(b.entries) >= maxEntries {
		var oldest *entry
		for _, other := range b.entries {
			if !other.waits(now) && other.lease == nil && (oldest == nil || other.touched.Before(oldest.touched)) {
				oldest = other
			}
		}
		if oldest == nil {
			return
		}
		oldest.wipeTyped()
		delete(b.entries, oldest.inc.ID)
	}
	b.entries[e.inc.ID] = e
}

// lose ends what a lost connection held. The attempts stay recorded as unseen.
func (b *book) lose(c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.leases {
		if l.owner == c {
			b.drop(l)
		}
	}
	if b.question != nil && b.question.owner == c {
		b.question = nil
	}
	for id, e := range b.entries {
		if e.owner == c || (e.typed != nil && e.typed.owner == c) {
			e.wipeTyped()
		}
		if e.owner == c {
			e.challenged = time.Time{}
			if e.inc.Refusal.Request.Private && !e.inc.Open() {
				delete(b.entries, id)
			}
		}
	}
}

// sweep lets go of what is past its time.
func (b *book) sweep(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.leases {
		if !now.Before(l.until) && !l.ending {
			b.drop(l)
		}
	}
	for id, e := range b.entries {
		if e.typed != nil && !now.Before(e.typed.until) {
			e.wipeTyped()
		}
		if now.Sub(e.touched) >= textKept {
			e.inc.Refusal.Title, e.inc.Refusal.Body = "", ""
		}
		if now.Sub(e.touched) >= incident.Lifetime && e.lease == nil {
			delete(b.entries, id)
		}
	}
}

// wipe forgets every typed sign-in.
func (b *book) wipe() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.entries {
		e.wipeTyped()
	}
}

// forget drops the entries that are meant, but for those that carry a
// credential, and says how many there were.
func (b *book) forget(meant func(*entry) bool) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for id, e := range b.entries {
		if e.lease == nil && meant(e) {
			e.wipeTyped()
			delete(b.entries, id)
			n++
		}
	}
	return n
}
