package doctor

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

// fault is one thing that is wrong with a computer.
type fault struct {
	name   string
	id     string
	breaks func(t *testing.T, e *Env)
	state  State
	detail string
	mend   string
	fixed  bool // by --fix
}

// answers makes the agent say this of itself.
func answers(e *Env, status rpc.StatusResult) {
	e.Status = func(context.Context) (rpc.StatusResult, error) { return status, nil }
}

// forAll puts a manifest where the administrator does.
func forAll(t *testing.T, e *Env) {
	t.Helper()
	content, err := register.Manifest(browser.Chromium, e.Host)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(e.Machine.Base.Root, "etc/chromium/native-messaging-hosts", register.FileName), string(content), 0o600)
}

// byHand puts a manifest where install would, without a record of it.
func byHand(t *testing.T, e *Env) {
	t.Helper()
	content, err := register.Manifest(browser.Chromium, e.Host)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(e.Machine.Base.Config, "chromium/NativeMessagingHosts", register.FileName), string(content), 0o644)
}

var faults = []fault{
	{"run by sudo", "user", func(_ *testing.T, e *Env) {
		e.Getenv = func(name string) string { return map[string]string{"SUDO_USER": "anna"}[name] }
		e.UID = 0
	}, Warn, "run it without sudo for that of anna", "readmit doctor", false},
	{"another copy comes first", "command", func(t *testing.T, e *Env) {
		other := filepath.Join(t.TempDir(), "readmit")
		write(t, other, "#!/bin/sh\n", 0o700)
		e.Machine.LookPath = func(string) (string, error) { return other, nil }
	}, Warn, "another copy than this", "export PATH=", false},
	{"a file where the log's folder goes", "log", func(t *testing.T, e *Env) { write(t, filepath.Join(e.Dirs.State, "log"), "x", 0o600) }, Fail, "is a file", "mv -n ", true},
	{"a folder where the log goes", "log", func(t *testing.T, e *Env) { write(t, filepath.Join(e.Dirs.State, "log/agent.log/x"), "x", 0o600) }, Warn, "cannot write its log", "ls -l ", false},
	{"a link where the log's folder goes", "log", func(t *testing.T, e *Env) {
		write(t, filepath.Join(e.Dirs.State, "x"), "x", 0o600)
		if err := os.Symlink(t.TempDir(), filepath.Join(e.Dirs.State, "log")); err != nil {
			t.Fatal(err)
		}
	}, Warn, "does not write its log", "", false},
	{"a full disk", "disk", func(_ *testing.T, e *Env) { e.Free = func(string) (uint64, error) { return 1 << 20, nil } }, Fail, "no room left", "df -h ", false},
	{"a disk that is nearly full", "disk", func(_ *testing.T, e *Env) { e.Free = func(string) (uint64, error) { return 50 << 20, nil } }, Warn, "only 50 MiB left", "df -h ", false},
	{"a disk that does not answer", "disk", func(_ *testing.T, e *Env) {
		e.Free = func(string) (uint64, error) { return 0, errors.New("stale handle") }
	}, Warn, "stale handle", "df -h ", false},
	{"something else where the socket goes", "socket", func(t *testing.T, e *Env) { write(t, e.Dirs.Socket(), "x", 0o600) }, Fail, "no socket", "mv -n ", true},
	{"two agents", "second", func(_ *testing.T, e *Env) {
		answers(e, rpc.StatusResult{PID: 7})
		e.Holder = func() int { return 8 }
	}, Fail, "process 7 answers, and process 8 holds the lock", "kill 7 8", false},
	{"no session bus", "bus", func(_ *testing.T, e *Env) { answers(e, rpc.StatusResult{Keyring: "absent"}) }, Warn, "no session bus", "sign in to the desktop", false},
	{"the passphrase is gone", "passphrase", func(_ *testing.T, e *Env) { answers(e, rpc.StatusResult{Vault: "file"}) }, Fail, "is gone", "readmit credential store --file", false},
	{"a passphrase that others can read", "passphrase", func(t *testing.T, e *Env) {
		answers(e, rpc.StatusResult{Vault: "file"})
		write(t, filepath.Join(e.Dirs.Config, "passphrase"), "x", 0o644)
	}, Fail, "can be read by others", "chmod 600 ", true},
	{"a passphrase that is a link", "passphrase", func(t *testing.T, e *Env) {
		answers(e, rpc.StatusResult{Vault: "file"})
		other := filepath.Join(t.TempDir(), "other")
		write(t, other, "x", 0o640)
		write(t, filepath.Join(e.Dirs.Config, "x"), "x", 0o600)
		if err := os.Symlink(other, filepath.Join(e.Dirs.Config, "passphrase")); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if info, err := os.Stat(other); err != nil || info.Mode().Perm() != 0o640 {
				t.Errorf("what the link leads to was changed: %v %v", info.Mode(), err)
			}
		})
	}, Fail, "is no plain file", "put the file itself there", false},
	{"signatures that nobody signed", "signatures", func(_ *testing.T, e *Env) {
		answers(e, rpc.StatusResult{Signatures: rpc.SignatureStatus{Problem: "it is not signed", Hint: "sign it"}})
	}, Warn, "it is not signed", "sign it", false},
	{"an extension of another version", "extension", func(t *testing.T, e *Env) {
		e.Extension = t.TempDir()
		write(t, filepath.Join(e.Extension, "manifest.json"), `{"version": "9.9.9"}`, 0o600)
	}, Warn, "is version 9.9.9", "one release", false},
	{"an extension that is damaged", "extension", func(t *testing.T, e *Env) {
		e.Extension = t.TempDir()
		write(t, filepath.Join(e.Extension, "manifest.json"), `{`, 0o600)
	}, Fail, "cannot be loaded", "one release", false},
	{"a manifest that no record knows", "leftovers", byHand, Warn, "was not written by this copy", "readmit install --browser chromium", false},
	{"two manifests", "shadow.chromium", func(t *testing.T, e *Env) { byHand(t, e); forAll(t, e) }, Warn, "has no effect", "rm ", false},
	{"a policy that others may write to", "policy-files.chromium", func(t *testing.T, e *Env) {
		path := filepath.Join(e.Machine.Base.Root, "etc/chromium/policies/managed/x.json")
		write(t, path, "{}", 0o600)
		if err := os.Chmod(path, 0o666); err != nil { //nolint:gosec // the fault under test
			t.Fatal(err)
		}
	}, Warn, "others could change", "ask the administrator", false},
}

func TestEachFaultIsFoundAndMendedWhereItCanBe(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			whole := newEnv(t)
			answers(&whole, rpc.StatusResult{Version: "0.1.0", Keyring: "ok", Journal: "ok"})
			if f.id == "extension" {
				// It is looked at only where it is there.
			} else if got := find(t, whole, f.id, false); got.State != OK {
				t.Fatalf("before: %+v", got)
			}
			e := newEnv(t)
			answers(&e, rpc.StatusResult{Version: "0.1.0", Keyring: "ok", Journal: "ok"})
			f.breaks(t, &e)
			got := find(t, e, f.id, false)
			if got.State != f.state || !strings.Contains(got.Detail, f.detail) || !strings.Contains(got.Mend, f.mend) {
				t.Fatalf("%+v, want %s with %q and %q", got, f.state, f.detail, f.mend)
			}
			if got := find(t, e, f.id, true); got.Mended != f.fixed || (f.fixed && got.State != OK) {
				t.Errorf("with --fix: %+v", got)
			}
		})
	}
}

// A file that is in the way is put aside, never lost, nor put over another.
func TestWhatIsInTheWayIsKept(t *testing.T) {
	e := newEnv(t)
	for id, path := range map[string]string{"log": filepath.Join(e.Dirs.State, "log"), "socket": e.Dirs.Socket()} {
		write(t, path, "mine", 0o600)
		write(t, path+".moved", "mine too", 0o600)
		if got := find(t, e, id, true); got.State != Fail || got.Mended {
			t.Errorf("%s: %+v", id, got)
		}
		for path, want := range map[string]string{path: "mine", path + ".moved": "mine too"} {
			if data, err := os.ReadFile(path); err != nil || string(data) != want {
				t.Errorf("%s holds %q (%v)", path, data, err)
			}
		}
	}
}

// A socket without an agent may be one that is starting, and is no trouble.
func TestASocketThatWasLeftBehindStays(t *testing.T) {
	e := newEnv(t)
	path := e.Dirs.Socket()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if got := find(t, e, "socket", true); got.State != OK {
		t.Errorf("socket: %+v", got)
	}
	if _, err := os.Lstat(path); err != nil {
		t.Error("the socket was removed")
	}
}

// Browsers that share a folder are each set up by it, whoever was asked for.
func TestSharedManifestsCountForEach(t *testing.T) {
	e := newEnv(t)
	for _, profile := range []string{".mozilla/firefox", ".librewolf"} {
		if err := os.MkdirAll(filepath.Join(e.Machine.Base.Home, profile), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b, _ := browser.ByID("librewolf")
	if err := e.install(b); err != nil {
		t.Fatal(err)
	}
	shared := filepath.Join(e.Machine.Base.Home, ".mozilla/native-messaging-hosts", register.FileName)
	for _, id := range []string{"manifest.firefox", "manifest.librewolf"} {
		if got := find(t, e, id, false); got.State != OK {
			t.Errorf("%s: %+v", id, got)
		}
	}
	write(t, shared, "{", 0o600)
	for _, id := range []string{"manifest.firefox", "manifest.librewolf"} {
		if got := find(t, e, id, false); got.State != Fail {
			t.Errorf("%s with the shared one damaged: %+v", id, got)
		}
	}
	if err := os.Remove(shared); err != nil {
		t.Fatal(err)
	}
	if got := find(t, e, "manifest.firefox", true); got.State != OK || !got.Mended {
		t.Errorf("firefox after the shared one was removed: %+v", got)
	}
}

// What the administrator set up for some browsers does not make others faulty.
func TestSetUpForEverybodyLeavesOthersAlone(t *testing.T) {
	e := newEnv(t)
	forAll(t, &e)
	if err := os.MkdirAll(filepath.Join(e.Machine.Base.Config, "vivaldi"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := find(t, e, "manifest.vivaldi", false); got.State != Warn {
		t.Errorf("vivaldi: %+v", got)
	}
	byHand(t, &e)
	write(t, filepath.Join(e.Machine.Base.Config, "chromium/NativeMessagingHosts", register.FileName), "{", 0o600)
	write(t, filepath.Join(e.Machine.Base.Root, "etc/chromium/policies/managed/x.json"), `{"NativeMessagingUserLevelHosts": false}`, 0o600)
	for _, id := range []string{"manifest.chromium", "shadow.chromium"} {
		if got := find(t, e, id, false); got.State != OK {
			t.Errorf("%s: the policy makes the administrator's count: %+v", id, got)
		}
	}
}

// A session bus without a password store on it is another matter.
func TestABusIsFoundWhereItListens(t *testing.T) {
	e := newEnv(t)
	runtime := t.TempDir()
	write(t, filepath.Join(runtime, "bus"), "", 0o600)
	answers(&e, rpc.StatusResult{Keyring: "absent"})
	e.Getenv = func(name string) string { return map[string]string{"XDG_RUNTIME_DIR": runtime}[name] }
	if got := find(t, e, "bus", false); got.State != OK {
		t.Errorf("bus: %+v", got)
	}
}

// Every id is there once, and there are many.
func TestTheDoctorLooksAtManyThings(t *testing.T) {
	e := newEnv(t)
	e.Extension = t.TempDir()
	for _, folder := range []string{"snap/chromium", ".var/app/org.chromium.Chromium", ".var/app/com.github.Eloston.UngoogledChromium", ".mozilla/firefox"} {
		if err := os.MkdirAll(filepath.Join(e.Machine.Base.Home, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for _, check := range Checks(e) {
		if seen[check.ID] || check.Title == "" {
			t.Errorf("check %q is there twice, or has no title", check.ID)
		}
		seen[check.ID] = true
	}
	if len(seen) < 25 {
		t.Errorf("%d checks: %v", len(seen), seen)
	}
}
