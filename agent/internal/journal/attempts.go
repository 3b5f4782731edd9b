package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Key names one stored secret: the account of a protection space.
type Key struct {
	Origin  string `json:"origin"`
	Realm   string `json:"realm"`
	Account string `json:"account"`
}

// Ending says how a send ended.
type Ending string

// The endings. An attempt is Unseen until its outcome arrives, so that one
// whose outcome never does needs no further write to say so.
const (
	Unseen   Ending = "unseen"
	Accepted Ending = "accepted"
	Refused  Ending = "refused"
)

// Attempt is one send of one revision of a secret.
type Attempt struct {
	Key      Key       `json:"key"`
	Revision int       `json:"revision"` // grows with each change of the secret
	Ending   Ending    `json:"ending"`
	Time     time.Time `json:"time"`
}

// prefix leads all attempts of one secret; the hash bounds the key, whatever
// a site puts into its realm.
func (k Key) prefix() []byte {
	sum := sha256.Sum256([]byte(k.Realm + "\x00" + k.Account))
	return []byte(k.Origin + "\x00" + hex.EncodeToString(sum[:16]))
}

func (k Key) attempt(revision int) []byte {
	return binary.BigEndian.AppendUint32(append(k.prefix(), 0), uint32(revision))
}

// Attempt records a send or its ending. It returns once that is on disk; a
// secret must not leave when it fails.
func (j *Journal) Attempt(a Attempt) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encoding an attempt: %w", err)
	}
	return j.update(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketAttempts).Put(a.Key.attempt(a.Revision), raw)
	})
}

// LastAttempt returns how the last send of this revision ended, and false when
// it was never sent.
func (j *Journal) LastAttempt(k Key, revision int) (Ending, bool, error) {
	var a Attempt
	var found bool
	err := j.view(func(tx *bolt.Tx) error {
		raw := tx.Bucket(bucketAttempts).Get(k.attempt(revision))
		if raw == nil {
			return nil
		}
		found = true
		if json.Unmarshal(raw, &a) != nil {
			// What cannot be read may have been refused.
			a.Ending = Unseen
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return "", false, nil
	}
	return a.Ending, found, err
}

// Unsend drops the record of a send that never happened.
func (j *Journal) Unsend(k Key, revision int) error {
	return j.update(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketAttempts).Delete(k.attempt(revision))
	})
}

// ForgetAttempts drops the record of a secret that was itself forgotten.
func (j *Journal) ForgetAttempts(k Key) error {
	return j.update(func(tx *bolt.Tx) error {
		return deletePrefix(tx.Bucket(bucketAttempts), append(k.prefix(), 0))
	})
}

// refusedAccounts lists the accounts of a protection space whose last send was
// refused.
func refusedAccounts(tx *bolt.Tx, origin, realm string) []string {
	latest := map[string]Attempt{}
	prefix := origin + "\x00"
	c := tx.Bucket(bucketAttempts).Cursor()
	for k, v := c.Seek([]byte(prefix)); k != nil && strings.HasPrefix(string(k), prefix); k, v = c.Next() {
		var a Attempt
		if json.Unmarshal(v, &a) == nil && a.Key.Realm == realm && !a.Time.Before(latest[a.Key.Account].Time) {
			latest[a.Key.Account] = a
		}
	}
	var accounts []string
	for account, a := range latest {
		if a.Ending == Refused {
			accounts = append(accounts, account)
		}
	}
	return accounts
}

func deletePrefix(b *bolt.Bucket, prefix []byte) error {
	c := b.Cursor()
	for k, _ := c.Seek(prefix); k != nil && strings.HasPrefix(string(k), string(prefix)); k, _ = c.Seek(prefix) {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}
