package vault

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var key = Key{Origin: "https://h.example:8443", Realm: "Staff", Account: "anna@example.org"}

func openVault(t *testing.T, c Config) *Vault {
	t.Helper()
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	v, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAnUnlockedKeyringKeepsSecrets(t *testing.T) {
	startDesktop(t, keyringUnlocked)
	v := openVault(t, Config{Timeout: patience})
	if state := v.State(t.Context()); state != StateOK {
		t.Fatalf("state %q", state)
	}
	exercise(t, v)
}

func TestALockedKeyringAsksNobody(t *testing.T) {
	d := startDesktop(t, keyringLocked)
	dir := t.TempDir()
	v := openVault(t, Config{Dir: dir, Timeout: patience})
	if pid := d.keyringPID(); pid != 0 {
		t.Fatal("the keyring runs already; this test is about one that the bus starts")
	}
	if state := v.State(t.Context()); state != StateLocked {
		t.Errorf("state %q", state)
	}
	everyCallSays(t, v, ErrLocked)
	d.noPrompt()
	if _, err := os.Stat(filepath.Join(dir, "index.json")); err == nil {
		t.Error("an account is listed although nothing was stored")
	}
}

func TestWithoutAKeyringEveryCallSaysSo(t *testing.T) {
	startDesktop(t, keyringAbsent)
	v := openVault(t, Config{Timeout: patience})
	if state := v.State(t.Context()); state != StateAbsent {
		t.Errorf("state %q", state)
	}
	everyCallSays(t, v, ErrAbsent)
}

func TestWithoutABusEveryCallSaysSo(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	everyCallSays(t, openVault(t, Config{Timeout: patience}), ErrAbsent)
}

func TestABusIsNeverLaunched(t *testing.T) {
	dir := t.TempDir()
	launched := filepath.Join(dir, "launched")
	if err := os.WriteFile(filepath.Join(dir, "dbus-launch"), []byte("#!/bin/sh\n: > "+launched+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	// Where the machine has a bus of its own in /run, this only asks it for
	// the state of the keyring.
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "autolaunch:")
	openVault(t, Config{Timeout: patience}).State(t.Context())
	if _, err := os.Stat(launched); err == nil {
		t.Error("dbus-launch was run")
	}
}

func TestAStoppedKeyringIsGivenUpOnAndFoundAgain(t *testing.T) {
	d := startDesktop(t, keyringUnlocked)
	dir := t.TempDir()
	if _, err := openVault(t, Config{Dir: dir, Timeout: patience}).Set(t.Context(), key, NewSecret("s")); err != nil {
		t.Fatal(err)
	}
	pid := d.keyringPID()
	if pid == 0 {
		t.Fatal("no keyring")
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	v := openVault(t, Config{Dir: dir, Timeout: 50 * time.Millisecond})
	everyCallSays(t, v, ErrTimeout)
	if state := v.State(t.Context()); state != StateTimeout {
		t.Errorf("state %q", state)
	}
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	v = openVault(t, Config{Dir: dir, Timeout: patience})
	if s, _, err := v.Get(t.Context(), key); err != nil || s.Reveal() != "s" {
		t.Errorf("after it went on: %v", err)
	}
}

func everyCallSays(t *testing.T, v *Vault, want error) {
	t.Helper()
	_, _, get := v.Get(t.Context(), key)
	_, set := v.Set(t.Context(), key, NewSecret("canary"))
	for name, err := range map[string]error{"get": get, "set": set, "delete": v.Delete(t.Context(), key)} {
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
			continue
		}
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%s: no hint in %v", name, err)
		}
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: the secret is in the error", name)
		}
	}
}
