package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Standing is one "always here": this origin, realm, account and scheme.
type Standing struct {
	ID     string    `json:"id"`
	Key    Key       `json:"key"`
	Scheme string    `json:"scheme"`
	Given  time.Time `json:"given"`
	Used   time.Time `json:"used"`
}

// StandingID names the consent for an account of a protection space; there is
// at most one.
func StandingID(k Key) string {
	sum := sha256.Sum256([]byte(k.Origin + "\x00" + k.Realm + "\x00" + k.Account))
	return hex.EncodeToString(sum[:12])
}

// PutStanding stores a consent under its key's id, in place of an earlier one,
// and returns once it is on disk.
func (j *Journal) PutStanding(s Standing) error {
	s.ID = StandingID(s.Key)
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encoding a standing consent: %w", err)
	}
	return j.update(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketStanding).Put([]byte(s.ID), raw)
	})
}

// StandingOf returns the consent for an account, or ErrNotFound.
func (j *Journal) StandingOf(k Key) (Standing, error) {
	var s Standing
	err := j.view(func(tx *bolt.Tx) error {
		raw := tx.Bucket(bucketStanding).Get([]byte(StandingID(k)))
		if raw == nil || json.Unmarshal(raw, &s) != nil || s.Key != k {
			return ErrNotFound
		}
		return nil
	})
	if err != nil {
		return Standing{}, err
	}
	return s, nil
}

// Standings lists all consents.
func (j *Journal) Standings() ([]Standing, error) {
	var list []Standing
	err := j.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketStanding).ForEach(func(_, v []byte) error {
			var s Standing
			if json.Unmarshal(v, &s) == nil {
				list = append(list, s)
			}
			return nil
		})
	})
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return list, err
}

// Withdraw ends a consent. ErrNotFound means that there is none of that id.
func (j *Journal) Withdraw(id string) error {
	return j.update(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketStanding)
		if b.Get([]byte(id)) == nil {
			return ErrNotFound
		}
		return b.Delete([]byte(id))
	})
}
