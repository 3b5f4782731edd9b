package main

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/signature"
)

func TestAFileIsSignedWithAKeyOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	key, out := filepath.Join(dir, "key"), filepath.Join(dir, signature.FileName)
	if err := run([]string{"-new-key", key}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the key's mode is %v, %v", info.Mode(), err)
	}
	private, err := readKey(key)
	if err != nil {
		t.Fatal(err)
	}
	rows := filepath.Join("..", "..", "..", "rows")
	if err := run([]string{"-key", key, "-rows", rows, "-serial", "2099010101", "-out", out}); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	set, err := signature.Load(file, private.Public().(ed25519.PublicKey))
	if err != nil || set.Origin().Rows != signature.InForce().Origin().Rows {
		t.Errorf("%+v, %v", set, err)
	}
}

func TestWhatCannotBeSignedIsNotWritten(t *testing.T) {
	dir := t.TempDir()
	key, out := filepath.Join(dir, "key"), filepath.Join(dir, "out")
	if err := run([]string{"-new-key", key}); err != nil {
		t.Fatal(err)
	}
	rows := filepath.Join("..", "..", "..", "rows")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no key":                   {[]string{"-rows", rows, "-serial", "2099010101"}, "needed"},
		"a key that is none":       {[]string{"-key", filepath.Join(rows, "clouds.yaml"), "-rows", rows, "-serial", "2099010101"}, "no private key"},
		"a key over another":       {[]string{"-new-key", key}, "exists"},
		"a serial that is too old": {[]string{"-key", key, "-rows", rows, "-serial", "7"}, "older"},
		"no rows":                  {[]string{"-key", key, "-rows", dir, "-serial", "2099010101"}, "0 rows"},
	} {
		if err := run(append(c.args, "-out", out)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error about %q", name, err, c.want)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was written")
	}
}
