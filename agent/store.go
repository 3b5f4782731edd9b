package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/readmit/readmit/agent/atomicfile"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/paths"
)

// The places where secrets can be kept.
const (
	storeKeyring = "keyring"
	storeFile    = "file"
)

// choice is which of them the person chose, once, with "readmit credential
// store": the content of store.json in the folder of settings.
type choice struct {
	V     int    `json:"v"`
	Store string `json:"store"`
}

func choicePath(dirs paths.Dirs) string     { return filepath.Join(dirs.Config, "store.json") }
func filePath(dirs paths.Dirs) string       { return filepath.Join(dirs.State, "vault.age") }
func passphrasePath(dirs paths.Dirs) string { return filepath.Join(dirs.Config, "passphrase") }

// chosenStore reads the choice; nobody who chose nothing gets a file. A choice
// that cannot be read is taken for the file: what was meant for it must not
// reach the keyring instead.
func chosenStore(dirs paths.Dirs) string {
	data, err := os.ReadFile(choicePath(dirs))
	if errors.Is(err, fs.ErrNotExist) {
		return storeKeyring
	}
	var c choice
	if err == nil && json.Unmarshal(data, &c) == nil && c.Store == storeKeyring {
		return storeKeyring
	}
	return storeFile
}

// vaultConfig says where a store keeps things.
func vaultConfig(dirs paths.Dirs, store string) vault.Config {
	c := vault.Config{Dir: dirs.State, Timeout: keyringWait}
	if store == storeFile {
		c.File, c.PassphraseFile = filePath(dirs), passphrasePath(dirs)
	}
	return c
}

// choose writes the choice down.
func choose(dirs paths.Dirs, store string) error {
	data, err := json.Marshal(choice{V: 1, Store: store})
	if err != nil {
		return fmt.Errorf("encoding the choice of a store: %w", err)
	}
	return atomicfile.Write(choicePath(dirs), append(data, '\n'), 0o600)
}
