package journal

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
)

// maxHistory bounds how many earlier incidents of an origin are looked at.
const maxHistory = 64

// Query asks for the history of a refused page.
type Query struct {
	Origin string
	URL    string // redacted, as incidents hold it
	Realm  string // of the challenge, empty when there is none
	Except string // the incident that is being asked about
}

// History returns what is known of an origin. What cannot be read is not
// known: a diagnosis never fails for want of history.
func (j *Journal) History(q Query) (diagnosis.History, error) {
	h := diagnosis.History{LastSuccess: j.queue.lastSuccess(q.Origin)}
	pages := j.queue.pages(q.Origin)
	err := j.view(func(tx *bolt.Tx) error {
		if raw := tx.Bucket(bucketSuccess).Get([]byte(q.Origin)); raw != nil && h.LastSuccess.IsZero() {
			// An unreadable hour is an unknown one.
			_ = h.LastSuccess.UnmarshalText(raw)
		}
		for id, p := range lastPages(tx, q.Origin) {
			if _, newer := pages[id]; !newer {
				if pages == nil {
					pages = map[string]page{}
				}
				pages[id] = p
			}
		}
		h.RefusedAccounts = refusedAccounts(tx, q.Origin, q.Realm)
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	slices.Sort(h.RefusedAccounts)
	delete(pages, q.Except)
	ids := make([]string, 0, len(pages))
	for id := range pages {
		ids = append(ids, id)
	}
	slices.Sort(ids) // ids sort by time
	for _, id := range ids {
		p := pages[id]
		if p.URL == q.URL {
			if h.Refusals == 0 {
				h.Since = p.Opened
			}
			h.Refusals++
		}
		if p.Closing != "" {
			h.LastHelped, h.HelpedHere = p.Helped, p.Helped != "" && p.URL == q.URL
		}
		if p.Helped != "" {
			if h.Helped == nil {
				h.Helped = map[cause.Action]int{}
			}
			h.Helped[p.Helped]++
		}
	}
	return h, err
}

func lastPages(tx *bolt.Tx, origin string) map[string]page {
	prefix, end := pageKey(origin, ""), append([]byte(origin), 1)
	found := map[string]page{}
	c := tx.Bucket(bucketPages).Cursor()
	var v []byte
	k, _ := c.Seek(end)
	if k == nil {
		k, v = c.Last()
	} else {
		k, v = c.Prev()
	}
	for ; k != nil && bytes.HasPrefix(k, prefix) && len(found) < maxHistory; k, v = c.Prev() {
		if p, ok := decodePage(v); ok {
			found[string(k[len(prefix):])] = p
		}
	}
	return found
}

// Success notes the hour of an origin's last good answer, soon.
func (j *Journal) Success(origin string, at time.Time) {
	if origin != "" && !at.IsZero() {
		j.queue.putSuccess(j, origin, at.UTC().Truncate(time.Hour))
	}
}

func putSuccess(tx *bolt.Tx, origin string, hour time.Time) error {
	b := tx.Bucket(bucketSuccess)
	var known time.Time
	if raw := b.Get([]byte(origin)); raw != nil && known.UnmarshalText(raw) == nil && !hour.After(known) {
		return nil
	}
	text, err := hour.MarshalText()
	if err != nil {
		return err
	}
	return b.Put([]byte(origin), text)
}

// Recent returns the open and the closed incidents of an origin that were
// opened since, newest first, at most limit of them.
func (j *Journal) Recent(origin string, since time.Time, limit int) ([]*incident.Incident, error) {
	pages := j.queue.pages(origin)
	if pages == nil {
		pages = map[string]page{}
	}
	err := j.view(func(tx *bolt.Tx) error {
		for id, p := range lastPages(tx, origin) {
			pages[id] = p
		}
		return nil
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	ids := slices.Sorted(maps.Keys(pages))
	var recent []*incident.Incident
	for _, id := range slices.Backward(ids) { // ids sort by time
		if pages[id].Opened.Before(since) || len(recent) == limit {
			break
		}
		if inc, err := j.Get(id); err == nil { // one unreadable entry hides no other
			recent = append(recent, inc)
		}
	}
	return recent, nil
}
