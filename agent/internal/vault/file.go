package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"

	"filippo.io/age"

	"github.com/readmit/readmit/agent/atomicfile"
)

// fileStore keeps all secrets in one file: an X25519 identity wrapped by a
// passphrase, and the secrets encrypted to that identity, both in the format of
// age (age-encryption.org/v1). The identity stays in memory once unwrapped,
// since deriving a key from the passphrase is slow on purpose; the secrets do
// not stay.
type fileStore struct {
	path       string
	passphrase string // the file that holds it
	work       int    // scrypt's work factor for a new file, log2

	mu       sync.Mutex
	wrapped  []byte // what identity was unwrapped from
	identity *age.X25519Identity
}

// vaultFile is the content of the file.
type vaultFile struct {
	V        int    `json:"v"`
	Identity []byte `json:"identity"` // age, scrypt
	Secrets  []byte `json:"secrets"`  // age, X25519, of a JSON object name -> secret
}

const (
	// 2^15 takes about 0.3 s. A passphrase from a file can be long; it need not
	// be made up for by more work.
	workFactor = 15
	// A file made elsewhere may ask for more work, but not for minutes of it.
	maxWorkFactor = 18
	maxFile       = 4 * MaxEntries * (MaxSecret + longestName)
	maxPassphrase = 4 << 10
)

func (f *fileStore) check(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.readPassphrase(); err != nil {
		return err
	}
	secrets, err := f.load()
	defer wipe(secrets)
	if errors.Is(err, errNoFile) {
		return nil
	}
	return err
}

func (f *fileStore) get(_ context.Context, name string) (Secret, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	secrets, err := f.load()
	if errors.Is(err, errNoFile) {
		return Secret{}, &Error{ErrNotFound, nil, ""}
	}
	if err != nil {
		return Secret{}, err
	}
	value, ok := secrets[name]
	delete(secrets, name)
	wipe(secrets)
	if !ok {
		return Secret{}, &Error{ErrNotFound, nil, ""}
	}
	return secretOf(value), nil
}

func (f *fileStore) set(_ context.Context, name string, s Secret) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	secrets, err := f.load()
	switch {
	case errors.Is(err, errNoFile):
		if err := f.create(); err != nil {
			return err
		}
		secrets = map[string][]byte{}
	case err != nil:
		return err
	}
	defer wipe(secrets)
	secrets[name] = bytes.Clone(s.bytes())
	return f.save(secrets)
}

func (f *fileStore) remove(_ context.Context, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	secrets, err := f.load()
	if err != nil && !errors.Is(err, errNoFile) {
		return err
	}
	defer wipe(secrets)
	if _, ok := secrets[name]; !ok {
		return &Error{ErrNotFound, nil, ""}
	}
	clear(secrets[name])
	delete(secrets, name)
	return f.save(secrets)
}

// errNoFile: nothing was stored yet. A passphrase file that is gone is another
// matter.
var errNoFile = errors.New("no password file yet")

// load returns the secrets, or errNoFile.
func (f *fileStore) load() (map[string][]byte, error) {
	data, err := readBounded(f.path, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errNoFile
	case err != nil:
		return nil, &Error{ErrBroken, err, ""}
	}
	var file vaultFile
	if err := json.Unmarshal(data, &file); err != nil || file.V != 1 {
		return nil, f.broken(errors.New("it is no password file of this version"))
	}
	if err := f.unwrap(file.Identity); err != nil {
		return nil, err
	}
	plain, err := open(file.Secrets, f.identity)
	if err != nil {
		return nil, f.broken(err)
	}
	defer clear(plain)
	secrets := map[string][]byte{}
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return nil, f.broken(errors.New("its content is damaged"))
	}
	return secrets, nil
}

func (f *fileStore) unwrap(wrapped []byte) error {
	if f.identity != nil && bytes.Equal(f.wrapped, wrapped) {
		return nil
	}
	passphrase, err := f.readPassphrase()
	if err != nil {
		return err
	}
	scrypt, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return f.broken(err)
	}
	scrypt.SetMaxWorkFactor(maxWorkFactor)
	plain, err := open(wrapped, scrypt)
	if err != nil {
		return &Error{ErrBroken, fmt.Errorf("the passphrase in %s does not open %s: %w", f.passphrase, f.path, err),
			"put back the passphrase that the file was made with; nothing was changed"}
	}
	defer clear(plain)
	identity, err := age.ParseX25519Identity(string(plain))
	if err != nil {
		return f.broken(errors.New("its key is damaged"))
	}
	f.identity, f.wrapped = identity, wrapped
	return nil
}

// create makes a new identity; the file itself comes with the first save.
func (f *fileStore) create() error {
	passphrase, err := f.readPassphrase()
	if err != nil {
		return err
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return f.broken(err)
	}
	recipient.SetWorkFactor(f.work)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return f.broken(err)
	}
	wrapped, err := seal([]byte(identity.String()), recipient)
	if err != nil {
		return f.broken(err)
	}
	f.identity, f.wrapped = identity, wrapped
	return nil
}

func (f *fileStore) save(secrets map[string][]byte) error {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return f.broken(err)
	}
	defer clear(plain)
	sealed, err := seal(plain, f.identity.Recipient())
	if err != nil {
		return f.broken(err)
	}
	data, err := json.Marshal(vaultFile{V: 1, Identity: f.wrapped, Secrets: sealed})
	if err != nil {
		return f.broken(err)
	}
	if err := atomicfile.Write(f.path, data, 0o600); err != nil {
		return &Error{ErrBroken, err, ""}
	}
	return nil
}

func (f *fileStore) readPassphrase() (string, error) {
	if err := onlyOurs(f.passphrase); err != nil {
		return "", &Error{ErrBroken, err, fmt.Sprintf("make %s readable for you alone, for example with chmod 600", f.passphrase)}
	}
	data, err := readBounded(f.passphrase, maxPassphrase)
	if err != nil {
		return "", &Error{ErrBroken, err, ""}
	}
	passphrase := strings.TrimRight(string(data), "\r\n")
	if passphrase == "" {
		return "", &Error{ErrBroken, fmt.Errorf("%s is empty", f.passphrase), "write a long random passphrase into it"}
	}
	return passphrase, nil
}

func (f *fileStore) broken(err error) error {
	return &Error{ErrBroken, fmt.Errorf("%s: %w", f.path, err), "put back a copy of the file; nothing was changed"}
}

func seal(plain []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func open(sealed []byte, with age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func wipe(secrets map[string][]byte) {
	for _, value := range secrets {
		clear(value)
	}
}

// readBounded reads a file of at most max bytes.
func readBounded(path string, max int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, max+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > max:
		return nil, fmt.Errorf("%s is larger than %d bytes", path, max)
	}
	return data, nil
}
