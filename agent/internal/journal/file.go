package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// openFile opens the file for writing, or read-only when it is of a newer
// version. ErrDamaged means that it is no journal or is cut short.
func openFile(path string) (*bolt.DB, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	db, err := openBolt(path, false)
	if err != nil {
		return nil, err
	}
	version, err := prepare(db, path)
	switch {
	case err != nil:
		return nil, errors.Join(err, guard(db.Close))
	case version > Version:
		if err := db.Close(); err != nil {
			return nil, err
		}
		return openBolt(path, true)
	}
	return db, nil
}

func openBolt(path string, readOnly bool) (db *bolt.DB, err error) {
	err = guard(func() error {
		db, err = bolt.Open(path, 0o600, &bolt.Options{
			Timeout: lockWait, ReadOnly: readOnly,
			FreelistType: bolt.FreelistMapType, NoStatistics: true,
		})
		return err
	})
	// bbolt takes an empty file for a new one, and one too short for a header
	// as invalid.
	if isDamage(err) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

// prepare checks the length, reads the version and makes the buckets.
func prepare(db *bolt.DB, path string) (version int, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			// Reading a mapped page beyond the end of the file kills a program.
			if info.Size() < tx.Size() {
				return fmt.Errorf("%w: %d bytes of %d", ErrDamaged, info.Size(), tx.Size())
			}
			if b := tx.Bucket(bucketMeta); b != nil {
				if v := b.Get(keyVersion); v != nil {
					if version, err = strconv.Atoi(string(v)); err != nil {
						return fmt.Errorf("%w: its version is unreadable", ErrDamaged)
					}
				}
			}
			return walkKeys(tx)
		})
	})
	if err != nil || version > Version {
		return version, err
	}
	return version, guard(func() error {
		return db.Update(func(tx *bolt.Tx) error {
			for _, name := range buckets {
				if _, err := tx.CreateBucketIfNotExists(name); err != nil {
					return err
				}
			}
			return tx.Bucket(bucketMeta).Put(keyVersion, []byte(strconv.Itoa(Version)))
		})
	})
}

// walkKeys visits every page that leads to a key, so that a broken tree shows
// now and not in the middle of a release.
func walkKeys(tx *bolt.Tx) error {
	return tx.ForEach(func(_ []byte, b *bolt.Bucket) error {
		if b == nil {
			return fmt.Errorf("%w: an entry outside every bucket", ErrDamaged)
		}
		return b.ForEach(func(_, _ []byte) error { return nil })
	})
}

// guard turns what bbolt does with a damaged file, panics and faults on mapped
// pages included, into ErrDamaged.
func guard(fn func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(old)
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	err = fn()
	if isDamage(err) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

func isDamage(err error) bool {
	for _, damage := range []error{
		berrors.ErrInvalid, berrors.ErrChecksum, berrors.ErrVersionMismatch, berrors.ErrBucketNotFound, berrors.ErrIncompatibleValue,
	} {
		if errors.Is(err, damage) {
			return true
		}
	}
	return false
}

// refuseNetwork refuses a file whose folder is on network storage.
func refuseNetwork(path string) error {
	dir := filepath.Dir(path)
	kind, err := networkKind(dir)
	if err != nil {
		return fmt.Errorf("looking at the journal's folder %s: %w", dir, err)
	}
	if kind != "" {
		return &NetworkError{Dir: dir, Kind: kind}
	}
	return nil
}
