package agent

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

// The test binary runs itself as the agent, so that the real Main is killed.
const agentEnv = "READMIT_TEST_AGENT"

func TestMain(m *testing.M) {
	if args, ok := os.LookupEnv(agentEnv); ok {
		os.Exit(Main(strings.Split(args, " ")))
	}
	os.Exit(m.Run())
}

// process is an agent of its own.
type process struct {
	*hub
	cmd    *exec.Cmd
	output bytes.Buffer
	ended  chan error
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	dir := t.TempDir()
	h := &hub{t: t, log: new(logBuffer), clock: &clock{now: time.Now()}, dirs: paths.Dirs{
		Config: filepath.Join(dir, "config"), State: filepath.Join(dir, "state"), Runtime: filepath.Join(dir, "run"),
	}}
	passphrase := filepath.Join(dir, "passphrase")
	if err := errors.Join(paths.Private(h.dirs.State), os.WriteFile(passphrase, []byte("a passphrase of the tests\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"--debug", "--vault-file", filepath.Join(h.dirs.State, "vault.age"), "--passphrase-file", passphrase}, args...)
	p := &process{hub: h, cmd: exec.Command(os.Args[0]), ended: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), agentEnv+"="+strings.Join(args, " "),
		paths.ConfigEnv+"="+h.dirs.Config, paths.StateEnv+"="+h.dirs.State, paths.RuntimeEnv+"="+h.dirs.Runtime)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	h.until(func() bool {
		conn, err := ipc.Dial(context.Background(), h.dirs)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return p
}

func (p *process) wait() error {
	p.t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(20 * time.Second):
		p.t.Fatal("the agent did not end")
		return nil
	}
}

func (p *process) signal(s syscall.Signal) error {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
	return p.wait()
}

// Threat 22: a secret that went through the agent is in no file, output,
// argument or environment, whenever and however the agent dies.
func TestACrashLeavesNoSecret(t *testing.T) {
	const canary = "canary-4716325-horse"
	for _, s := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSEGV, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			p := startProcess(t)
			b := p.browser()
			id := p.report(b, "/a")
			call[nothing](b, rpc.MethodCredentialSave, save(id, "anna", canary, true))
			call[rpc.ReleaseResult](b, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
			call[rpc.ViewResult](b, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
			id = p.report(b, "/b")
			got := call[rpc.ReleaseResult](b, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
			if got.Secret.Reveal() != canary {
				t.Fatal("the canary was not released")
			}
			for _, name := range []string{"environ", "cmdline"} {
				data, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/" + name)
				if err != nil && !errors.Is(err, os.ErrPermission) {
					t.Error(err)
				}
				if bytes.Contains(data, []byte(canary)) {
					t.Errorf("%s holds the secret", name)
				}
			}
			_ = p.signal(s) // it ends as it was told to
			if bytes.Contains(p.output.Bytes(), []byte(canary)) {
				t.Errorf("the output holds the secret")
			}
			p.noFileHolds(canary)
			if cores, _ := filepath.Glob(filepath.Join(p.cmd.Dir, "*core*")); len(cores) > 0 {
				t.Errorf("core dumps: %v", cores)
			}
		})
	}
}

// Promise 2 across a kill: what was sent and never answered stays unsent.
func TestAnAttemptOutlivesTheAgent(t *testing.T) {
	p := startProcess(t)
	b := p.browser()
	p.signIn(b, "/", rpc.ConsentOnce)
	id := p.report(b, "/a")
	call[rpc.ReleaseResult](b, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	_ = p.signal(syscall.SIGKILL) // it ends as it was told to
	p.clock.forward(time.Minute)
	if err := paths.Private(p.dirs.Runtime); err != nil {
		t.Fatal(err)
	}
	p.open()
	defer p.close()
	p.parent = "firefox-esr"
	b = p.browser()
	b.refused(rpc.MethodCredentialRelease, releaseOf(p.report(b, "/b"), rpc.ConsentOnce), rpc.CodeRefusedBefore)
}

func TestTheAgentEnds(t *testing.T) {
	t.Run("when it is told to, with the journal written", func(t *testing.T) {
		p := startProcess(t)
		b := p.browser()
		id := p.report(b, "/a")
		if err := p.signal(syscall.SIGTERM); err != nil {
			t.Fatalf("%v\n%s", err, p.output.String())
		}
		p.open()
		defer p.close()
		call[rpc.ViewResult](p.browser(), rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: id})
	})
	t.Run("when the command line stops it", func(t *testing.T) {
		p := startProcess(t)
		cli := p.as(rpc.Caller{Engine: "cli", HostVersion: about.Version})
		call[nothing](cli, rpc.MethodAgentStop, nothing{})
		if err := p.wait(); err != nil {
			t.Error(err)
		}
	})
	t.Run("when nobody needs it", func(t *testing.T) {
		p := startProcess(t, "--idle-exit", "300ms")
		if err := p.wait(); err != nil {
			t.Error(err)
		}
	})
	t.Run("at once when another one runs", func(t *testing.T) {
		p := startProcess(t)
		second := exec.Command(os.Args[0])
		second.Env = p.cmd.Env
		if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%v %s", err, out)
		}
		call[rpc.StatusResult](p.browser(), rpc.MethodStatus, nothing{})
	})
}

func TestIdleMeansWithoutConnection(t *testing.T) {
	h := startHub(t, func(_ *hub, c *config) { c.idle = 100 * time.Millisecond })
	p := h.browser()
	call[rpc.StatusResult](p, rpc.MethodStatus, nothing{})
	select {
	case err := <-h.done:
		t.Fatalf("ended under a connection: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	_ = p.conn.Close()
	select {
	case err := <-h.done:
		h.done <- err
	case <-time.After(20 * time.Second):
		t.Fatal("still there")
	}
}

func TestFlags(t *testing.T) {
	for name, args := range map[string][]string{
		"an unknown flag":              {"--nonsense"},
		"an argument":                  {"now"},
		"a vault without passphrase":   {"--vault-file", "x"},
		"a passphrase without vault":   {"--passphrase-file", "x"},
		"an idle time that is over":    {"--idle-exit", "-1s"},
		"an idle time that is no time": {"--idle-exit", "soon"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseFlags(args, io.Discard); err == nil {
				t.Error("accepted")
			}
		})
	}
	if code := Main([]string{"--nonsense"}); code != exitUsage {
		t.Errorf("exit %d", code)
	}
}
