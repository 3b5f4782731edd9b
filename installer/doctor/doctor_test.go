package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

func TestRunMendsOnlyWhenAsked(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fix   bool
		mends func() error // nil: nothing can mend it
		want  Finding
	}{
		{"not asked to", false, func() error { return nil }, Finding{State: Fail, Detail: "broken", Mend: "mend it"}},
		{"asked to", true, func() error { return nil }, Finding{State: OK, Detail: "whole", Mended: true}},
		{"asked to, and it cannot", true, nil, Finding{State: Fail, Detail: "broken", Mend: "mend it"}},
		{"asked to, and it fails", true, func() error { return errors.New("no room") },
			Finding{State: Fail, Detail: "broken; mending it: no room", Mend: "mend it"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			whole := false
			check := Check{"x", "X", func(context.Context) Result {
				if whole {
					return Result{State: OK, Detail: "whole"}
				}
				result := Result{State: Fail, Detail: "broken", Mend: "mend it"}
				if tc.mends != nil {
					result.fix = func(context.Context) error {
						err := tc.mends()
						whole = err == nil
						return err
					}
				}
				return result
			}}
			tc.want.ID, tc.want.Title = "x", "X"
			got := Run(t.Context(), []Check{check}, tc.fix)
			if diff := cmp.Diff([]Finding{tc.want}, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWorst(t *testing.T) {
	for _, tc := range []struct {
		states []State
		want   State
	}{
		{nil, OK},
		{[]State{OK, Warn, OK}, Warn},
		{[]State{Warn, Fail, Warn}, Fail},
	} {
		var findings []Finding
		for _, state := range tc.states {
			findings = append(findings, Finding{State: state})
		}
		if got := Worst(findings); got != tc.want {
			t.Errorf("Worst(%v) = %v, want %v", tc.states, got, tc.want)
		}
	}
}

// newEnv is a computer on which Chromium is in use and the programs are there.
func newEnv(t *testing.T) Env {
	home := t.TempDir()
	bin := filepath.Join(home, "bin")
	write(t, filepath.Join(bin, "readmit-host"), "#!/bin/sh\n", 0o700)
	write(t, filepath.Join(bin, "readmit-agent"), "#!/bin/sh\n", 0o700)
	if err := os.MkdirAll(filepath.Join(home, ".config/chromium"), 0o700); err != nil {
		t.Fatal(err)
	}
	none := func(string) string { return "" }
	dirs, err := paths.For(none, home, os.Getuid())
	if err != nil {
		t.Fatal(err)
	}
	return Env{
		Machine: register.Machine{
			OS:       "linux",
			Base:     browser.Base{Home: home, Config: filepath.Join(home, ".config"), Root: filepath.Join(home, "root")},
			LookPath: func(string) (string, error) { return "", os.ErrNotExist },
		},
		Dirs: dirs, Host: filepath.Join(bin, "readmit-host"), Agent: filepath.Join(bin, "readmit-agent"),
		Getenv: none, Now: time.Now,
		HostVersion: func(context.Context, string) (string, error) { return "0.1.0", nil },
		Status:      func(context.Context) (rpc.StatusResult, error) { return rpc.StatusResult{}, errors.New("none") },
		Stop:        func(context.Context) error { return nil },
		Holder:      func() int { return 0 },
		UID:         1000,
		Free:        func(string) (uint64, error) { return 1 << 30, nil },
	}
}

func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}

// find runs the checks and returns one finding.
func find(t *testing.T, e Env, id string, fix bool) Finding {
	t.Helper()
	for _, f := range Run(t.Context(), Checks(e), fix) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("there is no check %q", id)
	return Finding{}
}

func TestManifestFaults(t *testing.T) {
	const origin = "chrome-extension://eclddaiioddfjgccgpfmdlmdfffpdidm/"
	sound := func(e Env) string {
		return fmt.Sprintf(`{"name":"io.github.readmit","type":"stdio","path":%q,"allowed_origins":[%q]}`, e.Host, origin)
	}
	swap := func(old, new string) func(Env) string {
		return func(e Env) string { return strings.Replace(sound(e), old, new, 1) }
	}
	for _, tc := range []struct {
		name     string
		manifest func(Env) string
		state    State
		detail   string
	}{
		{"a sound one", sound, OK, "set up in"},
		{"an empty file", func(Env) string { return "" }, Fail, "damaged"},
		{"a list", func(Env) string { return "[]" }, Fail, "damaged"},
		{"another host's name", swap("io.github.readmit", "org.other"), Fail, `has name "org.other"`},
		{"another type", swap("stdio", "pipe"), Fail, `type "pipe"`},
		{"a relative path", func(e Env) string { return strings.Replace(sound(e), e.Host, "readmit-host", 1) }, Fail, "no absolute path"},
		{"a program that is gone", swap("readmit-host", "readmit-gone"), Fail, "points to a file that is gone"},
		{"no extension of ours", swap(origin, "chrome-extension://other/"), Fail, "does not let readmit's extension"},
		{"ids for the wrong engine", swap("allowed_origins", "allowed_extensions"), Fail, "does not let readmit's extension"},
		{"a second extension", swap("[", `["chrome-extension://other/",`), Warn, "lets other extensions in too"},
		{"another program of ours", swap("readmit-host", "readmit-agent"), Warn, "not the program beside this command"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEnv(t)
			path := filepath.Join(e.Machine.Base.Config, "chromium/NativeMessagingHosts", register.FileName)
			write(t, path, tc.manifest(e), 0o600)
			got := find(t, e, "manifest.chromium", false)
			if got.State != tc.state || !strings.Contains(got.Detail, tc.detail) {
				t.Errorf("%s: %s, want %s with %q", got.State, got.Detail, tc.state, tc.detail)
			}
			if got := find(t, e, "manifest.chromium", true); got.State != OK || got.Mended != (tc.state != OK) {
				t.Errorf("after mending: %+v", got)
			}
		})
	}
}

func TestAManifestForEverybody(t *testing.T) {
	e := newEnv(t)
	everybody := filepath.Join(e.Machine.Base.Root, "etc/chromium/native-messaging-hosts", register.FileName)
	content, err := register.Manifest(browser.Chromium, e.Host)
	if err != nil {
		t.Fatal(err)
	}
	write(t, everybody, string(content), 0o600)
	policy := filepath.Join(e.Machine.Base.Root, "etc/chromium/policies/managed/x.json")
	write(t, policy, `{"NativeMessagingUserLevelHosts": false}`, 0o600)
	for _, id := range []string{"manifest.chromium", "policy.chromium"} {
		if got := find(t, e, id, false); got.State != OK {
			t.Errorf("%s: %+v, want ok", id, got)
		}
	}
	write(t, everybody, "{", 0o600)
	got := find(t, e, "manifest.chromium", true)
	if got.State != Fail || !strings.Contains(got.Mend, "administrator") {
		t.Errorf("a damaged one: %+v, want a fault for the administrator", got)
	}
	if data, err := os.ReadFile(everybody); err != nil || string(data) != "{" {
		t.Errorf("the file of everybody now holds %q (%v)", data, err)
	}
}

func TestAProgramThatOthersMayReplaceIsNotRun(t *testing.T) {
	e := newEnv(t)
	e.HostVersion = func(_ context.Context, program string) (string, error) {
		t.Errorf("%s was run", program)
		return "", nil
	}
	if err := os.Chmod(e.Host, 0o777); err != nil { //nolint:gosec // the fault under test
		t.Fatal(err)
	}
	if got := find(t, e, "programs", true); got.State != Fail || !strings.HasPrefix(got.Mend, "chmod go-w ") {
		t.Errorf("programs: %+v, want a fault with chmod", got)
	}
}

func TestTheAgentIsAskedOnce(t *testing.T) {
	e := newEnv(t)
	asked := 0
	e.Status = func(context.Context) (rpc.StatusResult, error) {
		asked++
		return rpc.StatusResult{}, &rpc.Error{Code: rpc.CodeAgentUnavailable, Message: "it ended at once"}
	}
	findings := map[string]Finding{}
	for _, f := range Run(t.Context(), Checks(e), true) {
		findings[f.ID] = f
	}
	if asked != 1 {
		t.Errorf("the agent was asked %d times, want once", asked)
	}
	if got := findings["agent"]; got.State != Fail || got.Detail != "it does not answer: it ended at once" {
		t.Errorf("agent: %+v", got)
	}
	if got := findings["keyring"]; got.State != Warn {
		t.Errorf("keyring: %+v, want a warning that it is not known", got)
	}
}

func TestWhatHelpsWhenTheAgentDoesNotAnswer(t *testing.T) {
	foreign := &paths.UnsafeError{Path: "/run/x", Problem: "it belongs to user 0", Hint: "remove it and start again: rm /run/x"}
	for _, tc := range []struct {
		name         string
		err          error
		holder       int
		detail, mend string
	}{
		{"somebody else's socket", fmt.Errorf("connecting: %w", foreign), 0, "it belongs to user 0", "remove it and start again: rm /run/x"},
		{"somebody else's socket, while an agent runs", foreign, 7, "it belongs to user 0", "remove it and start again: rm /run/x"},
		{"an agent that was stopped", fmt.Errorf("waiting: %w", context.DeadlineExceeded), 7, "process 7 is the agent, and it does not answer", "kill -9 7"},
		{"time ran out and nobody is there", context.DeadlineExceeded, 0, "it does not answer", "--foreground"},
		{"an agent that ends", errors.New("it ended at once"), 0, "it ended at once", "--foreground"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEnv(t)
			e.Status = func(context.Context) (rpc.StatusResult, error) { return rpc.StatusResult{}, tc.err }
			e.Holder = func() int { return tc.holder }
			if got := find(t, e, "agent", false); got.State != Fail || !strings.Contains(got.Detail, tc.detail) || !strings.Contains(got.Mend, tc.mend) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestWhatTheAgentSaysOfItself(t *testing.T) {
	for _, tc := range []struct {
		id           string
		status       rpc.StatusResult
		state        State
		detail, mend string
	}{
		{"journal", rpc.StatusResult{Journal: "ok"}, OK, "in ", ""},
		{"journal", rpc.StatusResult{Journal: "off", JournalProblem: "it is on network storage (NFS)"}, Fail, "network storage (NFS)", paths.StateEnv},
		{"journal", rpc.StatusResult{Journal: "off"}, Fail, "nothing is kept", paths.StateEnv},
		{"journal", rpc.StatusResult{Journal: "read_only"}, Warn, "no kept sign-in is sent", "newer readmit"},
		{"journal", rpc.StatusResult{Journal: "set_aside"}, Warn, "set aside", ".damaged-"},
		{"keyring", rpc.StatusResult{Keyring: "ok"}, OK, "is open", ""},
		{"keyring", rpc.StatusResult{Keyring: "locked"}, Warn, "is locked", "open it"},
		{"keyring", rpc.StatusResult{Keyring: "absent"}, Warn, "cannot be kept", "Secret Service"},
		{"keyring", rpc.StatusResult{Keyring: "timeout"}, Warn, "does not answer", "sign in to the desktop"},
		{"keyring", rpc.StatusResult{Keyring: "broken", Vault: "file"}, Warn, "encrypted file that was chosen cannot be read", "agent.log"},
	} {
		t.Run(tc.id+" "+tc.status.Journal+tc.status.Keyring, func(t *testing.T) {
			e := newEnv(t)
			e.Status = func(context.Context) (rpc.StatusResult, error) { return tc.status, nil }
			got := find(t, e, tc.id, false)
			if got.State != tc.state || !strings.Contains(got.Detail, tc.detail) || !strings.Contains(got.Mend, tc.mend) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAnAgentOfAnotherVersionIsReplaced(t *testing.T) {
	e := newEnv(t)
	running := "0.0.9"
	e.Status = func(context.Context) (rpc.StatusResult, error) {
		return rpc.StatusResult{Version: running, PID: 7}, nil
	}
	e.Stop = func(context.Context) error { running = "0.1.0"; return nil }
	if got := find(t, e, "agent", false); got.State != Warn || got.Mend != "kill 7" {
		t.Errorf("agent: %+v, want a warning with kill 7", got)
	}
	if got := find(t, e, "agent", true); got.State != OK || !got.Mended {
		t.Errorf("agent after mending: %+v", got)
	}
}

func TestNoBrowser(t *testing.T) {
	e := newEnv(t)
	if err := os.RemoveAll(e.Machine.Base.Config); err != nil {
		t.Fatal(err)
	}
	if got := find(t, e, "browsers", false); got.State != Warn || got.Mend == "" {
		t.Errorf("browsers: %+v, want a warning", got)
	}
}
