package vault

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/readmit/readmit/agent/atomicfile"
)

// index knows which accounts have a secret. Keyrings cannot be listed on any
// system, and asking costs an unlocked one.
type index struct {
	path string
	mu   sync.Mutex
	data indexFile
}

// indexFile is the content of the index file. Next is the revision, or turn,
// that the next change gets: one counter for all accounts, so that an account that was
// deleted and stored again does not repeat an old revision.
type indexFile struct {
	V       int      `json:"v"`
	Next    int      `json:"next"`
	Entries []record `json:"entries"`
}

type record struct {
	Origin   string    `json:"origin"`
	Realm    string    `json:"realm"`
	Account  string    `json:"account"`
	Revision int       `json:"revision"`
	Worked   time.Time `json:"worked,omitzero"`
	Turn     int       `json:"turn,omitempty"`
}

func (r record) key() Key { return Key{r.Origin, r.Realm, r.Account} }

func (r record) entry() Entry {
	return Entry{Account: r.Account, Revision: r.Revision, Worked: r.Worked, Turn: r.Turn}
}

// ByTurn orders what worked last first. A clock that was set back changes
// nothing; entries of an earlier version have a time alone.
func ByTurn(a, b Entry) int { return cmp.Or(cmp.Compare(b.Turn, a.Turn), b.Worked.Compare(a.Worked)) }

// maxIndex bounds the file that is read: every entry at its longest.
const maxIndex = 2 * MaxEntries * (MaxOrigin + MaxRealm + MaxAccount)

func openIndex(path string) (*index, error) {
	x := &index{path: path, data: indexFile{V: 1, Next: 1}}
	data, err := readBounded(path, maxIndex)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return x, nil
	case err != nil:
		return nil, fmt.Errorf("vault: reading the index: %w", err)
	}
	var stored indexFile
	if json.Unmarshal(data, &stored) == nil && stored.V == 1 && stored.Next > 0 {
		x.data = stored
		return x, nil
	}
	// The passwords themselves are not in it: only the list is set aside.
	if err := os.Rename(path, path+".damaged"); err != nil {
		return nil, fmt.Errorf("vault: setting the damaged index aside: %w", err)
	}
	return x, nil
}

func (x *index) accounts(origin, realm string) []Entry {
	x.mu.Lock()
	defer x.mu.Unlock()
	var out []Entry
	for _, r := range x.data.Entries {
		if r.Origin == origin && r.Realm == realm {
			out = append(out, r.entry())
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return cmp.Or(ByTurn(a, b), cmp.Compare(a.Account, b.Account)) })
	return out
}

func (x *index) all() []Stored {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := make([]Stored, len(x.data.Entries))
	for i, r := range x.data.Entries {
		out[i] = Stored{r.key(), r.entry()}
	}
	slices.SortFunc(out, func(a, b Stored) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Realm, b.Realm), cmp.Compare(a.Key.Account, b.Key.Account))
	})
	return out
}

func (x *index) revision(k Key) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	if i := x.find(k); i >= 0 {
		return x.data.Entries[i].Revision
	}
	return 0
}

func (x *index) room(k Key) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.find(k) < 0 && len(x.data.Entries) >= MaxEntries {
		return &Error{ErrTooBig, fmt.Errorf("more than %d accounts", MaxEntries), "remove accounts that are no longer used"}
	}
	return nil
}

// changed gives an account a new revision. What worked was the old secret.
func (x *index) changed(k Key) (int, error) {
	revision := 0
	err := x.update(func(d *indexFile) bool {
		revision = d.Next
		d.Next++
		r := record{Origin: k.Origin, Realm: k.Realm, Account: k.Account, Revision: revision}
		if i := find(d.Entries, k); i >= 0 {
			d.Entries[i] = r
		} else {
			d.Entries = append(d.Entries, r)
		}
		return true
	})
	return revision, err
}

func (x *index) worked(k Key, at time.Time) error {
	return x.update(func(d *indexFile) bool {
		i := find(d.Entries, k)
		if i < 0 {
			return false
		}
		d.Entries[i].Worked, d.Entries[i].Turn = at.Round(0).UTC(), d.Next
		d.Next++
		return true
	})
}

func (x *index) forget(k Key) error {
	return x.update(func(d *indexFile) bool {
		i := find(d.Entries, k)
		if i < 0 {
			return false
		}
		d.Entries = slices.Delete(d.Entries, i, i+1)
		return true
	})
}

// update writes the changed index before it counts.
func (x *index) update(change func(*indexFile) bool) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	next := x.data
	next.Entries = slices.Clone(next.Entries)
	if !change(&next) {
		return nil
	}
	data, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("vault: encoding the index: %w", err)
	}
	if err := atomicfile.Write(x.path, data, 0o600); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	x.data = next
	return nil
}

func (x *index) find(k Key) int { return find(x.data.Entries, k) }

func find(entries []record, k Key) int {
	return slices.IndexFunc(entries, func(r record) bool { return r.key() == k })
}
