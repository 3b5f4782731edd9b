package register

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/readmit/readmit/agent/atomicfile"
	"github.com/readmit/readmit/agent/paths"
)

// RecordName is the record's file in the state folder.
const RecordName = "installed.json"

const (
	recordVersion = 1
	maxRecord     = 1 << 20
)

// Record is what Apply wrote, for one user or everybody. It is written before the files
// are, so that no crash leaves a file that nobody remembers.
type Record struct {
	Version int     `json:"version"`
	Files   []Entry `json:"files"`
	// Folders that did not exist before, outermost first.
	Folders []string `json:"folders,omitempty"`
	// Shared says that it is everybody's to read.
	Shared bool `json:"shared,omitempty"`
}

// Entry is one manifest.
type Entry struct {
	Browser string `json:"browser"`
	Anchor  string `json:"anchor"`
	Path    string `json:"path"`
	// SHA256 are the contents that are ours; more than one only while a new
	// one is being written.
	SHA256 []string `json:"sha256"`
	// Kept is where a manifest that somebody else had written was put.
	Kept string `json:"kept,omitempty"`
}

// DamagedError says that a record cannot be read. It is left as it is.
type DamagedError struct {
	Path string
	Err  error
}

// Error implements error.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("reading what was installed from %s: %v", e.Path, e.Err)
}

// Unwrap gives the cause.
func (e *DamagedError) Unwrap() error { return e.Err }

// Load reads the record in a state folder. Without one it is empty.
func Load(state string) (Record, error) {
	path := filepath.Join(state, RecordName)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{Version: recordVersion}, nil
	}
	if err != nil {
		return Record{}, fmt.Errorf("reading what was installed: %w", err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxRecord))
	if err != nil {
		return Record{}, fmt.Errorf("reading what was installed: %w", err)
	}
	var record Record
	if err := json.Unmarshal(data, &record); err != nil {
		return Record{}, &DamagedError{path, err}
	}
	if record.Version != recordVersion {
		return Record{}, &DamagedError{path, fmt.Errorf("version %d is not one that this readmit knows", record.Version)}
	}
	for _, entry := range record.Files {
		// Undo removes what stands here, so it must be what Apply can have written.
		if filepath.Base(entry.Path) != FileName || !filepath.IsAbs(entry.Path) || !beneath(entry.Path, entry.Anchor) {
			return Record{}, &DamagedError{path, fmt.Errorf("%q is no manifest of readmit's", entry.Path)}
		}
	}
	for _, folder := range record.Folders {
		if !filepath.IsAbs(folder) {
			return Record{}, &DamagedError{path, fmt.Errorf("%q is no absolute path", folder)}
		}
	}
	return record, nil
}

// save writes the record and makes the state folder if need be.
func (r *Record) save(state string) error {
	if missing := missingFolders(state); len(missing) > 0 {
		r.Folders = append(missing, r.Folders...)
	}
	mode := os.FileMode(0o600)
	if r.Shared {
		mode = 0o644
		if err := shared(state); err != nil {
			return err
		}
	} else if err := paths.Private(state); err != nil {
		return err
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("writing what was installed: %w", err)
	}
	return atomicfile.Write(filepath.Join(state, RecordName), append(data, '\n'), mode)
}

// shared makes a folder that everybody may look into.
func shared(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // everybody's
		return fmt.Errorf("writing what was installed: %w", err)
	}
	return os.Chmod(folder, 0o755) //nolint:gosec // whatever the umask took away
}

// entry finds or adds the entry of a path.
func (r *Record) entry(a Action) *Entry {
	for i := range r.Files {
		if r.Files[i].Path == a.Path() {
			return &r.Files[i]
		}
	}
	r.Files = append(r.Files, Entry{Browser: a.Browser, Anchor: a.Anchor, Path: a.Path()})
	return &r.Files[len(r.Files)-1]
}

// find returns the entry of a path, or nil.
func (r *Record) find(path string) *Entry {
	for i := range r.Files {
		if r.Files[i].Path == path {
			return &r.Files[i]
		}
	}
	return nil
}

// ours reports whether data is what Apply wrote.
func (e *Entry) ours(data []byte) bool { return e != nil && slices.Contains(e.SHA256, sum(data)) }

func sum(data []byte) string {
	hash := sha256.Sum256(data)
	return hex.EncodeToString(hash[:])
}

// missingFolders lists dir and those above it that do not exist, outermost
// first.
func missingFolders(dir string) []string {
	var missing []string
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return missing
		}
		missing = append([]string{dir}, missing...)
	}
}
