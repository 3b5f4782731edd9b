package vault

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// openFileVault opens a vault in an age file of dir, with little work for scrypt.
func openFileVault(t *testing.T, dir, passphrase string) *Vault {
	t.Helper()
	path := filepath.Join(dir, "passphrase")
	if err := os.WriteFile(path, []byte(passphrase+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := Open(Config{Dir: dir, File: filepath.Join(dir, "vault.age"), PassphraseFile: path})
	if err != nil {
		t.Fatal(err)
	}
	v.store.(*fileStore).work = 10
	return v
}

func TestANewAgeFileMakesGuessingSlow(t *testing.T) {
	dir := t.TempDir()
	openFileVault(t, dir, "passphrase")
	c := Config{Dir: dir, File: filepath.Join(dir, "vault.age"), PassphraseFile: filepath.Join(dir, "passphrase")}
	v, err := Open(c)
	must(t, err)
	if _, err := v.Set(t.Context(), Key{"https://h.example", "r", "anna"}, NewSecret("s")); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(c.File)
	must(t, err)
	var file vaultFile
	must(t, json.Unmarshal(data, &file))
	// age-encryption.org/v1: "-> scrypt", salt, log2 of the work factor.
	_, stanza, _ := strings.Cut(string(file.Identity), "-> scrypt ")
	if fields := strings.Fields(stanza); len(fields) < 2 || fields[1] != "15" {
		t.Errorf("work factor in %.60q", stanza)
	}
}

func TestAnAgeFileKeepsSecrets(t *testing.T) {
	v := openFileVault(t, t.TempDir(), "passphrase")
	if state := v.State(t.Context()); state != StateOK {
		t.Errorf("state %q before the first secret", state)
	}
	exercise(t, v)
	if state := v.State(t.Context()); state != StateOK {
		t.Errorf("state %q", state)
	}
}

func TestAnAgeFileThatCannotBeUsedSaysWhyAndStays(t *testing.T) {
	k := Key{"https://h.example", "r", "anna"}
	whole := t.TempDir()
	if _, err := openFileVault(t, whole, "passphrase").Set(t.Context(), k, NewSecret("canary")); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		harm func(t *testing.T, dir string)
	}{
		{"another passphrase", func(t *testing.T, dir string) { openFileVault(t, dir, "wrong") }},
		{"no passphrase file", func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "passphrase"))) }},
		{"an empty passphrase", func(t *testing.T, dir string) { openFileVault(t, dir, "") }},
		{"a passphrase that others can read", func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "passphrase"), 0o640)) }},
		{"half a file", func(t *testing.T, dir string) { must(t, os.Truncate(filepath.Join(dir, "vault.age"), 100)) }},
		{"a file of something else", func(t *testing.T, dir string) {
			must(t, os.WriteFile(filepath.Join(dir, "vault.age"), []byte(`{"v":1,"identity":"AAAA","secrets":"AAAA"}`), 0o600))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.CopyFS(dir, os.DirFS(whole)))
			must(t, os.Chmod(filepath.Join(dir, "passphrase"), 0o600))
			c := Config{Dir: dir, File: filepath.Join(dir, "vault.age"), PassphraseFile: filepath.Join(dir, "passphrase")}
			tc.harm(t, dir)
			before, err := os.ReadFile(c.File)
			must(t, err)
			v, err := Open(c)
			must(t, err)
			if state := v.State(t.Context()); state != StateBroken {
				t.Errorf("state %q", state)
			}
			var hinted *Error
			if err := v.Check(t.Context()); !errors.As(err, &hinted) || !errors.Is(err, ErrBroken) || hinted.Hint() == "" {
				t.Errorf("checked: %v", err)
			}
			_, _, get := v.Get(t.Context(), k)
			_, set := v.Set(t.Context(), k, NewSecret("canary"))
			for name, err := range map[string]error{"get": get, "set": set, "delete": v.Delete(t.Context(), k)} {
				if !errors.Is(err, ErrBroken) || strings.Contains(err.Error(), "canary") {
					t.Errorf("%s: %v", name, err)
				}
			}
			if after, err := os.ReadFile(c.File); err != nil || string(after) != string(before) {
				t.Errorf("the file changed, %v", err)
			}
		})
	}
}

func TestAFileReplacedFromABackupIsReadAnew(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	k := Key{"https://h.example", "r", "anna"}
	v, w := openFileVault(t, one, "passphrase"), openFileVault(t, two, "passphrase")
	for vault, value := range map[*Vault]string{v: "old", w: "new"} {
		if _, err := vault.Set(t.Context(), k, NewSecret(value)); err != nil {
			t.Fatal(err)
		}
	}
	must(t, os.Rename(filepath.Join(two, "vault.age"), filepath.Join(one, "vault.age")))
	if s, _, err := v.Get(t.Context(), k); err != nil || s.Reveal() != "new" {
		t.Errorf("got another secret, %v", err)
	}
}

func TestHalfAConfigurationIsRefused(t *testing.T) {
	for _, c := range []Config{{Dir: t.TempDir(), File: "vault.age"}, {Dir: t.TempDir(), PassphraseFile: "passphrase"}} {
		if v, err := Open(c); !errors.Is(err, ErrBroken) || v != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
