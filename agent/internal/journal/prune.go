package journal

import (
	"encoding/json"
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Prune forgets incidents older than KeepIncidentsFor or beyond KeepIncidents,
// and what else is older than KeepFor.
// Refused and unseen attempts stay until the secret is changed or forgotten:
// the lockout guard has no end date. A read-only journal stays as it is.
func (j *Journal) Prune(now time.Time) error {
	oldest := now.Add(-KeepFor)
	err := j.update(func(tx *bolt.Tx) error {
		if err := pruneIncidents(tx, now.Add(-KeepIncidentsFor)); err != nil {
			return err
		}
		if err := deleteWhere(tx.Bucket(bucketRates), func(v []byte) bool { return decodeRate(v).at.Before(oldest) }); err != nil {
			return err
		}
		if err := deleteWhere(tx.Bucket(bucketSuccess), func(v []byte) bool {
			var hour time.Time
			return hour.UnmarshalText(v) != nil || hour.Before(oldest)
		}); err != nil {
			return err
		}
		if err := deleteWhere(tx.Bucket(bucketStanding), func(v []byte) bool {
			var s Standing
			return json.Unmarshal(v, &s) != nil || s.Used.Before(oldest)
		}); err != nil {
			return err
		}
		return deleteWhere(tx.Bucket(bucketAttempts), func(v []byte) bool {
			var a Attempt
			return json.Unmarshal(v, &a) == nil && a.Ending == Accepted && a.Time.Before(oldest)
		})
	})
	if errors.Is(err, ErrReadOnly) {
		return nil
	}
	return err
}

// pruneIncidents goes by the index, newest incident first.
func pruneIncidents(tx *bolt.Tx, oldest time.Time) error {
	pages, incidents := tx.Bucket(bucketPages), tx.Bucket(bucketIncidents)
	keep := map[string]bool{}
	n := 0
	c := incidents.Cursor()
	for k, _ := c.Last(); k != nil && n < KeepIncidents; k, _ = c.Prev() {
		keep[string(k)] = true
		n++
	}
	var drop [][2][]byte
	if err := pages.ForEach(func(k, v []byte) error {
		id := idOf(k)
		p, ok := decodePage(v)
		if !keep[string(id)] || !ok || p.Opened.Before(oldest) {
			drop = append(drop, [2][]byte{k, id})
		}
		return nil
	}); err != nil {
		return err
	}
	for _, d := range drop {
		if err := errors.Join(pages.Delete(d[0]), incidents.Delete(d[1])); err != nil {
			return err
		}
	}
	return nil
}

// idOf returns what follows the NUL of a page's key.
func idOf(key []byte) []byte {
	for i, b := range key {
		if b == 0 {
			return key[i+1:]
		}
	}
	return nil
}

func deleteWhere(b *bolt.Bucket, old func(v []byte) bool) error {
	var drop [][]byte
	if err := b.ForEach(func(k, v []byte) error {
		if old(v) {
			drop = append(drop, k)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, k := range drop {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}
