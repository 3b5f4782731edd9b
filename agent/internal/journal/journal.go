// Package journal keeps what happened: incidents, credential attempts,
// standing consents, when an origin last answered well, and how often each
// step helped.
//
// It promises that an attempt is on disk before Attempt returns, so that no
// crash makes readmit forget a password it sent; that a damaged file is set
// aside under a new name and kept, never deleted or overwritten; that a file
// written by a newer readmit is opened read-only; and that page text never
// reaches the disk: bodies and titles are dropped here, whoever passes them.
//
// Incidents are written in groups, at most 100 ms after they were put; reads
// see them at once. Incidents are kept for 30 days, the newest 500 of them, and
// all else for ninety days.
//
// Limits: one process at a time (the agent's lock sees to that), local disks
// only: bbolt maps the file into memory, which network storage may break. All
// methods may be called from several goroutines.
package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/readmit/readmit/agent/incident"
)

// Version of the file's layout. A file of a later version is never written.
const Version = 1

// What is kept.
const (
	KeepFor          = 90 * 24 * time.Hour // unused consents, accepted attempts, successes, success rates
	KeepIncidentsFor = 30 * 24 * time.Hour
	KeepIncidents    = 500
)

const (
	groupWait   = 100 * time.Millisecond
	maxPending  = 256      // incidents waiting to be written; beyond, Put writes
	maxIncident = 64 << 10 // bytes of one stored incident
	lockWait    = time.Second
)

// State says how the journal is.
type State string

// The states.
const (
	OK       State = "ok"
	ReadOnly State = "read_only" // written by a newer readmit
	SetAside State = "set_aside" // the file was damaged; a new one was begun
	Off      State = "off"       // there is no place for it; nothing is kept
)

// Errors that callers tell apart.
var (
	ErrNotFound = errors.New("not in the journal")
	ErrReadOnly = errors.New("the journal takes no entries")
	ErrDamaged  = errors.New("the journal is damaged")
)

var errNewer = errors.New("a newer readmit wrote the journal")

// NetworkError refuses a folder on network storage.
type NetworkError struct{ Dir, Kind string }

func (e *NetworkError) Error() string {
	return fmt.Sprintf("opening the journal: %s is on network storage (%s)", e.Dir, e.Kind)
}

// Hint says what helps.
func (e *NetworkError) Hint() string {
	return "set READMIT_STATE_DIR to a folder on a local disk"
}

// Config says where and with what the journal works.
type Config struct {
	Path string           // of the file; its folder must exist
	Now  func() time.Time // nil means time.Now
	// OnError hears of a grouped write that failed after its caller had gone
	// on; nil drops it.
	OnError func(error)
}

// Journal is an open journal. Its zero value is no journal; see Open and None.
type Journal struct {
	conf Config

	mu      sync.RWMutex // guards db, state and problem
	db      *bolt.DB
	state   State
	problem error // why it takes no entries

	queue queue
}

// The buckets.
var (
	bucketMeta      = []byte("meta")
	bucketIncidents = []byte("incidents") // id -> incident
	bucketPages     = []byte("pages")     // origin NUL id -> page
	bucketAttempts  = []byte("attempts")  // origin NUL hash -> Attempt
	bucketStanding  = []byte("standing")  // id -> Standing
	bucketSuccess   = []byte("success")   // origin -> hour
	bucketRates     = []byte("rates")     // origin NUL cause NUL action -> rate

	keyVersion = []byte("version")
)

var buckets = [][]byte{bucketMeta, bucketIncidents, bucketPages, bucketAttempts, bucketStanding, bucketSuccess, bucketRates}

// None returns a journal that keeps nothing, and why: reads find nothing,
// attempts cannot be recorded, so that no stored secret is released.
func None(why error) *Journal { return &Journal{state: Off, problem: why} }

// Open opens or begins the journal. An error means that there can be none:
// the folder is on network storage (*NetworkError), cannot be written, or
// another process holds the file.
func Open(conf Config) (*Journal, error) {
	if conf.Now == nil {
		conf.Now = time.Now
	}
	if err := refuseNetwork(conf.Path); err != nil {
		return nil, err
	}
	j := &Journal{conf: conf, state: OK}
	db, err := openFile(conf.Path)
	if errors.Is(err, ErrDamaged) {
		j.state = SetAside
		db, err = j.beginAnew()
	}
	if err != nil {
		return nil, fmt.Errorf("opening the journal %s: %w", conf.Path, err)
	}
	j.db = db
	if db.IsReadOnly() {
		j.state, j.problem = ReadOnly, errNewer
	}
	return j, nil
}

// State says how the journal is.
func (j *Journal) State() State {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.state
}

// Problem says why the journal takes no entries; nil when it does.
func (j *Journal) Problem() error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.problem
}

// Close writes what waits and closes the file.
func (j *Journal) Close() error {
	err := j.queue.close(j)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.db == nil {
		return err
	}
	err = errors.Join(err, j.db.Close())
	j.db = nil
	return err
}

// beginAnew sets the file aside and begins an empty one.
func (j *Journal) beginAnew() (*bolt.DB, error) {
	aside := j.conf.Path + ".damaged-" + j.conf.Now().UTC().Format("20060102T150405.000Z")
	if err := os.Rename(j.conf.Path, aside); err != nil {
		return nil, fmt.Errorf("setting the damaged journal aside: %w", err)
	}
	return openFile(j.conf.Path)
}

// view and update run fn in a transaction. A file that turns out damaged is
// set aside, and ErrDamaged returned for this once.
func (j *Journal) view(fn func(*bolt.Tx) error) error   { return j.run(fn, false) }
func (j *Journal) update(fn func(*bolt.Tx) error) error { return j.run(fn, true) }

func (j *Journal) run(fn func(*bolt.Tx) error, write bool) error {
	j.mu.RLock()
	db, state := j.db, j.state
	var err error
	switch {
	case write && (db == nil || state == ReadOnly):
		err = ErrReadOnly
	case db == nil:
		err = ErrNotFound
	case write:
		err = guard(func() error { return db.Update(fn) })
	default:
		err = guard(func() error { return db.View(fn) })
	}
	j.mu.RUnlock()
	if errors.Is(err, ErrDamaged) {
		return errors.Join(err, j.replace(db))
	}
	return err
}

// replace sets a damaged file aside while the agent runs.
func (j *Journal) replace(damaged *bolt.DB) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.db != damaged {
		return nil // another call was faster
	}
	j.db, j.state = nil, Off
	if j.problem = guard(damaged.Close); j.problem != nil {
		return j.problem
	}
	db, err := j.beginAnew()
	if err != nil {
		j.problem = err
		return err
	}
	j.db, j.state = db, SetAside
	return nil
}

// stored is an incident as it goes to disk, with its index entry.
type stored struct {
	raw  []byte
	page page
}

// encode drops the page's text and bounds what is left.
func encode(inc *incident.Incident) (stored, error) {
	kept := *inc
	kept.Refusal.Title, kept.Refusal.Body, kept.Refusal.BodyTruncated = "", "", false
	raw, err := json.Marshal(&kept)
	if err == nil && len(raw) > maxIncident {
		kept.Refusal.ResponseHeaders, kept.Refusal.Cookies, kept.Refusal.Redirects = nil, nil, nil
		raw, err = json.Marshal(&kept)
	}
	if err != nil {
		return stored{}, fmt.Errorf("encoding incident %s: %w", inc.ID, err)
	}
	if len(raw) > maxIncident {
		return stored{}, fmt.Errorf("encoding incident %s: %d bytes, at most %d are kept", inc.ID, len(raw), maxIncident)
	}
	return stored{raw: raw, page: pageOf(inc)}, nil
}
