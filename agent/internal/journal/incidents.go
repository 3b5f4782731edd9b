package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
)

// page is the index entry of an incident: what the history of an origin needs,
// without decoding whole incidents.
type page struct {
	URL     string
	Opened  time.Time
	Closing string
	Helped  cause.Action
	origin  string
}

// encode writes an entry as a program reads it fast: dozens are read for each
// diagnosis. Version 1 is the moment in nanoseconds, then three texts, of which
// all but the last stand behind their length.
func (p page) encode() []byte {
	b := binary.BigEndian.AppendUint64([]byte{1}, uint64(p.Opened.UnixNano()))
	b = append(append(b, byte(len(p.Closing))), p.Closing...)
	b = append(append(b, byte(len(p.Helped))), p.Helped...)
	return append(b, p.URL...)
}

// decodePage reads what encode wrote; ok is false for anything else.
func decodePage(b []byte) (p page, ok bool) {
	if len(b) < 11 || b[0] != 1 {
		return page{}, false
	}
	p.Opened = time.Unix(0, int64(binary.BigEndian.Uint64(b[1:]))).UTC()
	rest := b[9:]
	text := func() string {
		if len(rest) == 0 || len(rest) <= int(rest[0]) {
			rest, ok = nil, false
			return ""
		}
		end := 1 + int(rest[0])
		t := string(rest[1:end])
		rest = rest[end:]
		return t
	}
	ok = true
	p.Closing = text()
	p.Helped = cause.Action(text())
	p.URL = string(rest)
	if !ok {
		return page{}, false
	}
	return p, true
}

func pageOf(inc *incident.Incident) page {
	p := page{URL: inc.Refusal.URL, Opened: inc.Opened, Closing: string(inc.Closing), origin: inc.Refusal.Origin()}
	for _, o := range inc.Outcomes {
		if o.Result == recovery.ResultRecovered && o.Action != cause.None {
			p.Helped = o.Action
		}
	}
	return p
}

func pageKey(origin, id string) []byte { return []byte(origin + "\x00" + id) }

// Put stores an incident, soon. The caller may go on changing it.
func (j *Journal) Put(inc *incident.Incident) error {
	s, err := encode(inc)
	if err != nil {
		return err
	}
	return j.queue.put(j, inc.ID, s)
}

// Flush writes what waits.
func (j *Journal) Flush() error { return j.queue.flush(j) }

// Get returns one incident, or ErrNotFound.
func (j *Journal) Get(id string) (*incident.Incident, error) {
	raw, ok := j.queue.raw(id)
	if !ok {
		err := j.view(func(tx *bolt.Tx) error {
			raw = bytes.Clone(tx.Bucket(bucketIncidents).Get([]byte(id)))
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if raw == nil {
		return nil, ErrNotFound
	}
	inc := new(incident.Incident)
	if err := json.Unmarshal(raw, inc); err != nil {
		return nil, fmt.Errorf("reading incident %s: %w", id, err)
	}
	return inc, nil
}

// Page returns at most limit incidents before the given id, newest first; an
// empty id begins with the newest. next continues the list, empty at its end.
func (j *Journal) Page(before string, limit int) (incidents []*incident.Incident, next string, err error) {
	if err := j.Flush(); err != nil {
		return nil, "", err
	}
	err = j.view(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketIncidents).Cursor()
		k, v := c.Last()
		if before != "" {
			if k, _ = c.Seek([]byte(before)); k == nil {
				k, v = c.Last()
			} else {
				k, v = c.Prev()
			}
		}
		for ; k != nil && len(incidents) < limit; k, v = c.Prev() {
			inc := new(incident.Incident)
			// One unreadable entry must not hide all others.
			if json.Unmarshal(v, inc) == nil {
				incidents = append(incidents, inc)
			}
		}
		if k != nil && len(incidents) > 0 {
			next = incidents[len(incidents)-1].ID
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return nil, "", nil
	}
	return incidents, next, err
}

func putStored(tx *bolt.Tx, id string, s stored) error {
	if err := tx.Bucket(bucketIncidents).Put([]byte(id), s.raw); err != nil {
		return err
	}
	return tx.Bucket(bucketPages).Put(pageKey(s.page.origin, id), s.page.encode())
}
