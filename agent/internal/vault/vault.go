// Package vault keeps passwords: in the keyring of the desktop, or in an age
// file that the person chose instead.
//
// It promises that a secret leaves it only as a Secret, which prints as
// [redacted]; that no call waits longer than its bound for a keyring that is
// locked, absent or stuck, starts a message bus or raises an unlock prompt;
// and that one store never stands in for the other. Accounts are known from an
// index file without secrets, so that listing them asks nobody.
//
// Limits: a process of the same user can ask the keyring itself. Secrets are
// at most MaxSecret bytes on every system, since Windows and macOS keep no
// longer ones. Go strings cannot be wiped, so a secret may stay in memory
// until it is collected. On Linux the Secret Service hands it over in the
// clear on the session bus. One vault may use a folder at a time: the agent's
// lock sees to that.
package vault

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Bounds of what is stored, in bytes; all beyond is ErrTooBig.
const (
	MaxSecret  = 2 << 10
	MaxOrigin  = 512
	MaxRealm   = 8 << 10
	MaxAccount = 512
	MaxEntries = 2000
)

// Errors that callers decide by, with errors.Is.
var (
	ErrNotFound = errors.New("nothing is stored for this account")
	ErrLocked   = errors.New("the keyring is locked")
	ErrAbsent   = errors.New("there is no keyring")
	ErrTimeout  = errors.New("the keyring did not answer in time")
	ErrTooBig   = errors.New("too big to be stored")
	ErrBroken   = errors.New("the password store cannot be used")
)

// Error is an error of this package that knows what mends it.
type Error struct {
	Kind  error // one of the sentinels
	Cause error // may be nil
	hint  string
}

// Error never holds a secret: causes come from the operating system.
func (e *Error) Error() string {
	if e.Cause == nil {
		return "vault: " + e.Kind.Error()
	}
	return fmt.Sprintf("vault: %v: %v", e.Kind, e.Cause)
}

// Unwrap makes errors.Is see the sentinel and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// Hint says what to do about it; "" if nothing is known.
func (e *Error) Hint() string { return e.hint }

// Key names one stored secret: an account in a protection space (RFC 9110
// 11.5). Origin is scheme, host and port; Realm is exactly what the server sent.
type Key struct{ Origin, Realm, Account string }

// AnyRealm, as the realm of a Key, stands for whatever realm the origin names.
// No header field can hold it (RFC 9110, 5.5).
const AnyRealm = "\x00"

// Stored is an account with the protection space that it is stored for.
type Stored struct {
	Key
	Entry
}

// Entry is what the index knows of an account.
type Entry struct {
	Account  string
	Revision int       // grows whenever the secret changes; never used twice
	Worked   time.Time // when the server last accepted the secret; zero if never
	Turn     int       // the larger, the later it was accepted, whatever the clock said
}

// State says whether the store can be used now.
type State string

// The states.
const (
	StateOK      State = "ok"
	StateLocked  State = "locked"
	StateAbsent  State = "absent"
	StateTimeout State = "timeout" // it is there, but does not answer
	StateBroken  State = "broken"  // damaged, or closed to its passphrase
)

// Config says where a Vault keeps things.
type Config struct {
	Dir            string        // of the index; must exist and belong to this user alone
	File           string        // an age file instead of the keyring; made when first written
	PassphraseFile string        // with File: its passphrase, in a file for this user alone
	Timeout        time.Duration // bound of one keyring operation; 1.5 s if zero
}

const defaultTimeout = 1500 * time.Millisecond

// store is a place for secrets. Names come from Key.name. check says whether
// it can be used; get and remove return ErrNotFound; all may return the other
// sentinels.
type store interface {
	check(ctx context.Context) error
	get(ctx context.Context, name string) (Secret, error)
	set(ctx context.Context, name string, s Secret) error
	remove(ctx context.Context, name string) error
}

// Vault is safe for concurrent use.
type Vault struct {
	store store
	gate  *gate
	index *index
}

// Open reads the index; it asks neither keyring nor file, so that starting
// costs nothing. A damaged index is set aside beside the new one.
func Open(c Config) (*Vault, error) {
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	v := &Vault{store: keyringStore{}, gate: newGate(c.Timeout)}
	name := "index.json"
	switch {
	case c.File != "" && c.PassphraseFile == "":
		return nil, &Error{ErrBroken, errors.New("an age file without a passphrase file"), "name the file that holds its passphrase"}
	case c.File == "" && c.PassphraseFile != "":
		return nil, &Error{ErrBroken, errors.New("a passphrase file without an age file"), "name the age file as well"}
	case c.File != "":
		v.store = &fileStore{path: c.File, passphrase: c.PassphraseFile, work: workFactor}
		// Deriving the key is work of this process, not a wait for another.
		v.gate = newGate(0)
		name = "index-file.json"
	}
	var err error
	v.index, err = openIndex(filepath.Join(c.Dir, name))
	return v, err
}

// Check asks the store, bounded like every operation, and returns what stands
// in the way of using it.
func (v *Vault) Check(ctx context.Context) error {
	_, err := run(ctx, v.gate, func(ctx context.Context) (struct{}, error) { return struct{}{}, v.store.check(ctx) })
	return err
}

// State puts what Check says in one word.
func (v *Vault) State(ctx context.Context) State {
	err := v.Check(ctx)
	switch {
	case err == nil:
		return StateOK
	case errors.Is(err, ErrLocked):
		return StateLocked
	case errors.Is(err, ErrAbsent):
		return StateAbsent
	case errors.Is(err, ErrBroken):
		return StateBroken
	default:
		return StateTimeout
	}
}

// Accounts lists the accounts of a protection space from the index, the one
// that worked last first.
func (v *Vault) Accounts(origin, realm string) []Entry { return v.index.accounts(origin, realm) }

// All lists every stored account, ordered by origin, realm and account.
func (v *Vault) All() []Stored { return v.index.all() }

// found is what Get finds.
type found struct {
	Secret
	revision int
}

// Get returns the secret of an account and its revision.
func (v *Vault) Get(ctx context.Context, k Key) (Secret, int, error) {
	if err := k.check(); err != nil {
		return Secret{}, 0, err
	}
	f, err := run(ctx, v.gate, func(ctx context.Context) (found, error) {
		s, err := v.store.get(ctx, k.name())
		return found{s, v.index.revision(k)}, err
	})
	return f.Secret, f.revision, err
}

// Set stores a secret and returns its revision, which is a new one unless the
// same secret was stored already.
func (v *Vault) Set(ctx context.Context, k Key, s Secret) (revision int, err error) {
	if err := k.check(); err != nil {
		return 0, err
	}
	if len(s.bytes()) > MaxSecret {
		return 0, &Error{ErrTooBig, fmt.Errorf("a secret of more than %d bytes", MaxSecret), ""}
	}
	// The caller may wipe the secret when this call gave up on the keyring.
	s = NewSecret(string(s.bytes()))
	return run(ctx, v.gate, func(ctx context.Context) (int, error) {
		defer s.Wipe()
		old, err := v.store.get(ctx, k.name())
		defer old.Wipe()
		if err == nil && string(old.bytes()) == string(s.bytes()) && v.index.revision(k) > 0 {
			return v.index.revision(k), nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
		if err := v.index.room(k); err != nil {
			return 0, err
		}
		if err := v.store.set(ctx, k.name(), s); err != nil {
			return 0, err
		}
		return v.index.changed(k)
	})
}

// Worked records that the server accepted the secret of an account.
func (v *Vault) Worked(k Key, at time.Time) error { return v.index.worked(k, at) }

// Delete forgets a secret and its account.
func (v *Vault) Delete(ctx context.Context, k Key) error {
	if err := k.check(); err != nil {
		return err
	}
	_, err := run(ctx, v.gate, func(ctx context.Context) (struct{}, error) {
		err := v.store.remove(ctx, k.name())
		if err == nil || errors.Is(err, ErrNotFound) {
			err = errors.Join(err, v.index.forget(k))
		}
		return struct{}{}, err
	})
	return err
}
