//go:build linux

package nativehost_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
)

// install puts a copy of the host into a folder of its own and, if wanted, an
// agent beside it: this test program under the agent's name.
func install(t *testing.T, withAgent bool) (program string) {
	t.Helper()
	folder := t.TempDir()
	copyFile(t, filepath.Join(built, about.HostProgram), filepath.Join(folder, about.HostProgram))
	if withAgent {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		copyFile(t, self, filepath.Join(folder, about.AgentProgram))
	}
	return filepath.Join(folder, about.HostProgram)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o755); err != nil {
		t.Fatal(err)
	}
}

// agentOf finds the process that listens in dirs.
func agentOf(t *testing.T, dirs paths.Dirs) int {
	t.Helper()
	conn, err := ipc.Dial(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	peer, err := ipc.PeerOf(conn)
	if err != nil {
		t.Fatal(err)
	}
	return peer.PID
}

// launched starts a host whose agent must be started too, and passes one frame
// through both. The stand-in echoes the preamble as well.
func launched(t *testing.T, env []string) (*host, paths.Dirs) {
	t.Helper()
	dirs, own := home(t)
	h := start(t, install(t, true), append(own, env...), chromium()...)
	h.send("{}")
	if preamble := h.receive(); !strings.Contains(preamble, about.ChromiumExtensionIDs[0]) {
		t.Errorf("the agent got %s first", preamble)
	}
	if got := h.receive(); got != "{}" {
		t.Errorf("the agent sent back %q", got)
	}
	pid := agentOf(t, dirs)
	t.Cleanup(func() { _ = unix.Kill(pid, unix.SIGKILL) })
	return h, dirs
}

func TestAnAbsentAgentIsStarted(t *testing.T) {
	planted := t.TempDir()
	mark := filepath.Join(planted, "ran")
	script := fmt.Sprintf("#!/bin/sh\necho planted > %s\n", mark)
	if err := os.WriteFile(filepath.Join(planted, about.AgentProgram), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(planted)
	_, dirs := launched(t, []string{
		"PATH=" + planted + ":/usr/bin:/bin", "LD_PRELOAD=" + planted + "/evil.so", "LD_LIBRARY_PATH=" + planted,
		"GODEBUG=madvdontneed=1", "SECRET=hunter2", "LC_ALL=C.UTF-8",
	})
	pid := agentOf(t, dirs)

	if _, err := os.Stat(mark); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program of PATH or of the working folder was started: %v", err)
	}
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		t.Fatal(err)
	}
	for entry := range strings.SplitSeq(strings.TrimRight(string(environ), "\x00"), "\x00") {
		name, value, _ := strings.Cut(entry, "=")
		switch {
		case name == "PATH" && !strings.Contains(value, planted):
		case name == "HOME", name == "LC_ALL", strings.HasPrefix(name, "READMIT_"):
		default:
			t.Errorf("the agent inherited %s", entry)
		}
	}
	if session, err := unix.Getsid(pid); err != nil || session != pid {
		t.Errorf("the agent is in session %d, %v", session, err)
	}
	if folder, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err != nil || folder != "/" {
		t.Errorf("the agent works in %s, %v", folder, err)
	}
	for fd := range 3 {
		if target, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, fd)); err != nil || target != os.DevNull {
			t.Errorf("file descriptor %d of the agent is %s, %v", fd, target, err)
		}
	}
}

func TestTheAgentOutlivesTheHost(t *testing.T) {
	h, dirs := launched(t, nil)
	before := agentOf(t, dirs)
	if err := unix.Kill(h.cmd.Process.Pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	h.exit()
	// The agent must have kept none of the host's pipes open.
	if rest, err := io.ReadAll(h.out); err != nil || len(rest) != 0 {
		t.Errorf("the host's output ended with %d bytes, %v", len(rest), err)
	}
	if err := unix.Kill(before, 0); err != nil {
		t.Errorf("the agent is gone: %v", err)
	}
}

func TestAStoppedAgentDoesNotKeepTheHost(t *testing.T) {
	h, dirs := launched(t, nil)
	pid := agentOf(t, dirs)
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	h.send("{}")
	_ = h.in.Close()
	if code := h.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestAHostStartsWhileTheAgentIsStopped(t *testing.T) {
	_, dirs := launched(t, nil)
	if err := unix.Kill(agentOf(t, dirs), unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	second := start(t, filepath.Join(built, about.HostProgram), []string{
		"HOME=" + dirs.State, paths.RuntimeEnv + "=" + dirs.Runtime,
	}, firefox()...)
	second.send("{}")
	_ = second.in.Close()
	if code := second.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestWithoutAnAgentTheExtensionIsTold(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, program string, dirs paths.Dirs)
		hint    string
		message string
	}{
		{"none is installed", func(*testing.T, string, paths.Dirs) {}, "install readmit again", about.AgentProgram},
		{"it is a link to elsewhere", func(t *testing.T, program string, _ paths.Dirs) {
			if err := os.Symlink("/bin/true", filepath.Join(filepath.Dir(program), about.AgentProgram)); err != nil {
				t.Fatal(err)
			}
		}, "install readmit again", "not a regular file"},
		{"everyone may write to it", func(t *testing.T, program string, _ paths.Dirs) {
			path := filepath.Join(filepath.Dir(program), about.AgentProgram)
			copyFile(t, "/bin/true", path)
			if err := os.Chmod(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}, "chmod go-w", "may write to it"},
		{"everyone may write to its folder", func(t *testing.T, program string, _ paths.Dirs) {
			copyFile(t, "/bin/true", filepath.Join(filepath.Dir(program), about.AgentProgram))
			if err := os.Chmod(filepath.Dir(program), 0o777); err != nil {
				t.Fatal(err)
			}
		}, "chmod go-w", "may write to it"},
		{"it fails at once", func(t *testing.T, program string, _ paths.Dirs) {
			copyFile(t, "/bin/false", filepath.Join(filepath.Dir(program), about.AgentProgram))
		}, "doctor", "exit status 1"},
		{"the runtime folder is a link", func(t *testing.T, _ string, dirs paths.Dirs) {
			if err := os.Symlink(t.TempDir(), dirs.Runtime); err != nil {
				t.Fatal(err)
			}
		}, "rm ", "it is a link"},
		{"everyone may write to the runtime folder", func(t *testing.T, _ string, dirs paths.Dirs) {
			if err := errors.Join(os.Mkdir(dirs.Runtime, 0o700), os.Chmod(dirs.Runtime, 0o777)); err != nil {
				t.Fatal(err)
			}
		}, "chmod 700", "other users may write to it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dirs, env := home(t)
			program := install(t, false)
			test.prepare(t, program, dirs)
			h := start(t, program, env, chromium()...)
			got := h.failure()
			if got.Code != "agent_unavailable" || !got.Retryable || !strings.Contains(got.Hint, test.hint) || !strings.Contains(got.Message, test.message) {
				t.Errorf("got %+v", got)
			}
			if code := h.exit(); code != 1 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

func TestABrowserThatLeavesWhileTheAgentStartsEndsTheHost(t *testing.T) {
	dirs, env := home(t)
	program := install(t, false)
	script := filepath.Join(filepath.Dir(program), about.AgentProgram)
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexec sleep 4\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	h := start(t, program, env, chromium()...)
	begun := time.Now()
	_ = h.in.Close()
	if code := h.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("the host stayed for %s", took)
	}
	if _, err := os.Stat(dirs.Socket()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a socket appeared: %v", err)
	}
}

// TestACrashLeavesNoSecret ends a host by a signal that would dump core while
// a part of a secret lies in its buffer.
func TestACrashLeavesNoSecret(t *testing.T) {
	const canary = "canary-7f3a"
	folder := t.TempDir()
	t.Chdir(folder)
	var most unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &most); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: most.Max, Max: most.Max}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &most) })

	dirs, env := home(t)
	a := listen(t, dirs)
	stderr, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stderr.Close() }()
	h := startWith(t, stderr, filepath.Join(built, about.HostProgram), append(env, "GOTRACEBACK=crash"), chromium()...)
	conn, _ := a.accept()
	if _, err := h.in.Write(raw(1000, canary)); err != nil { // incomplete: it stays in the buffer
		t.Fatal(err)
	}
	if err := frame.Write(conn, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	h.receive()

	pid := h.cmd.Process.Pid
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^Max core file size +0 +0 `).Match(limits) {
		t.Errorf("core files may be written:\n%s", limits)
	}
	for _, file := range []string{"cmdline", "environ"} {
		if data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file)); err != nil || strings.Contains(string(data), canary) {
			t.Errorf("%s: %q, %v", file, data, err)
		}
	}
	if err := unix.Kill(pid, unix.SIGSEGV); err != nil {
		t.Fatal(err)
	}
	h.exit()
	status, ok := h.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.CoreDump() {
		t.Errorf("the host ended with %v and core dump %t", h.cmd.ProcessState, status.CoreDump())
	}
	if said, err := os.ReadFile(stderr.Name()); err != nil || strings.Contains(string(said), canary) {
		t.Errorf("the secret was printed (%v):\n%s", err, said)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
