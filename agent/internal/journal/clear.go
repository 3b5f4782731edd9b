package journal

import (
	"bytes"
	"errors"

	bolt "go.etcd.io/bbolt"
)

// Clear forgets every incident, every success and all that was learned.
// Attempts and standing consents stay: they guard accounts, and are withdrawn
// one by one.
func (j *Journal) Clear() error {
	return j.clear(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketIncidents, bucketPages, bucketSuccess, bucketRates} {
			if err := tx.DeleteBucket(name); err != nil {
				return err
			}
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		return nil
	})
}

// ClearSite forgets the same of one origin.
func (j *Journal) ClearSite(origin string) error {
	return j.clear(func(tx *bolt.Tx) error {
		var ids [][]byte
		prefix := pageKey(origin, "")
		c := tx.Bucket(bucketPages).Cursor()
		for k, _ := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
			ids = append(ids, bytes.Clone(idOf(k)))
		}
		for _, id := range ids {
			if err := tx.Bucket(bucketIncidents).Delete(id); err != nil {
				return err
			}
		}
		return errors.Join(
			deletePrefix(tx.Bucket(bucketPages), prefix),
			deletePrefix(tx.Bucket(bucketRates), prefix),
			tx.Bucket(bucketSuccess).Delete([]byte(origin)),
		)
	})
}

// ClearIncident forgets one incident, or returns ErrNotFound.
func (j *Journal) ClearIncident(id string) error {
	inc, err := j.Get(id)
	if err != nil {
		return err
	}
	return j.clear(func(tx *bolt.Tx) error {
		return errors.Join(tx.Bucket(bucketPages).Delete(pageKey(pageOf(inc).origin, id)), tx.Bucket(bucketIncidents).Delete([]byte(id)))
	})
}

// clear writes what waits first, so that nothing comes back behind it.
func (j *Journal) clear(fn func(*bolt.Tx) error) error {
	return errors.Join(j.queue.flush(j), j.update(fn))
}
