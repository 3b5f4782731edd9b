//go:build linux

package ipc

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/readmit/readmit/agent/paths"
)

// handedOver makes a copy of this test program act as an agent that a service
// manager started with a socket.
const handedOver = "TEST_HANDED_OVER"

func TestMain(m *testing.M) {
	if os.Getenv(handedOver) != "" {
		os.Exit(serveHandedOver())
	}
	os.Exit(m.Run())
}

func serveHandedOver() int {
	dirs, err := paths.Current()
	if err != nil {
		return 2
	}
	// The manager sets the number between fork and exec.
	if err := os.Setenv("LISTEN_PID", strconv.Itoa(os.Getpid())); err != nil {
		return 2
	}
	l, err := Listen(dirs)
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		return 3
	}
	defer func() { _ = l.Close() }()
	conn, err := l.Accept()
	if err != nil {
		return 4
	}
	if _, err := io.WriteString(conn, "here"); err != nil {
		return 5
	}
	return 0
}

func TestTheHolderOfTheLockIsNamed(t *testing.T) {
	dirs := folders(t)
	if pid := Holder(dirs); pid != 0 {
		t.Errorf("before there was an agent, process %d holds the lock", pid)
	}
	l, err := Listen(dirs)
	if err != nil {
		t.Fatal(err)
	}
	if pid := Holder(dirs); pid != os.Getpid() {
		t.Errorf("process %d holds the lock, want %d", pid, os.Getpid())
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if pid := Holder(dirs); pid != 0 {
		t.Errorf("after the agent ended, process %d holds the lock", pid)
	}
}

// folders returns dirs whose runtime folder does not exist yet.
func folders(t *testing.T) paths.Dirs {
	t.Helper()
	root, err := os.MkdirTemp("", "rm") // short, as a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	return paths.Dirs{Config: root + "/config", State: root + "/state", Runtime: root + "/run"}
}

func mustListen(t *testing.T, dirs paths.Dirs) net.Listener {
	t.Helper()
	l, err := Listen(dirs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestBothSidesKnowEachOther(t *testing.T) {
	dirs := folders(t)
	l := mustListen(t, dirs)
	client, err := Dial(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	for name, conn := range map[string]net.Conn{"client": client, "server": server} {
		if peer, err := PeerOf(conn); err != nil || peer != (Peer{UID: os.Getuid(), PID: os.Getpid()}) {
			t.Errorf("the %s sees %+v, %v", name, peer, err)
		}
	}
	for path, want := range map[string]os.FileMode{dirs.Runtime: 0o700, dirs.Socket(): 0o600, filepath.Join(dirs.Runtime, lockName): 0o600} {
		if info, err := os.Lstat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v", path, info.Mode().Perm(), err)
		}
	}
}

func TestPeerOfAnythingElseIsAnError(t *testing.T) {
	one, other := net.Pipe()
	defer func() { _ = one.Close() }()
	defer func() { _ = other.Close() }()
	if _, err := PeerOf(one); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}

func TestOnlyOneAgentListens(t *testing.T) {
	dirs := folders(t)
	first := mustListen(t, dirs)
	if _, err := Listen(dirs); !errors.Is(err, ErrRunning) {
		t.Fatalf("a second agent got %v", err)
	}
	conn, err := Dial(t.Context(), dirs)
	if err != nil {
		t.Fatalf("the first agent's socket is gone: %v", err)
	}
	_ = conn.Close()
	if err := errors.Join(first.Close(), first.Close()); err != nil {
		t.Errorf("closing: %v", err)
	}
	if _, err := os.Lstat(dirs.Socket()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket stayed: %v", err)
	}
	mustListen(t, dirs)
}

func TestAnAgentThatEndsLateLeavesTheNextOnesSocket(t *testing.T) {
	dirs := folders(t)
	first, err := Listen(dirs)
	if err != nil {
		t.Fatal(err)
	}
	// Somebody cleared the folder under it, and another agent began there.
	if err := os.RemoveAll(dirs.Runtime); err != nil {
		t.Fatal(err)
	}
	mustListen(t, dirs)
	if err := first.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	conn, err := Dial(t.Context(), dirs)
	if err != nil {
		t.Fatalf("the second agent's socket is gone: %v", err)
	}
	_ = conn.Close()
}

func TestASocketLeftBehindIsReplaced(t *testing.T) {
	dirs := folders(t)
	if err := paths.Private(dirs.Runtime); err != nil {
		t.Fatal(err)
	}
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: dirs.Socket(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	_ = stale.Close()
	if _, err := Dial(t.Context(), dirs); !errors.Is(err, ErrNotRunning) {
		t.Errorf("dialling it: %v", err)
	}
	mustListen(t, dirs)
	conn, err := Dial(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

func TestDialSaysThatNoAgentRuns(t *testing.T) {
	dirs := folders(t)
	if _, err := Dial(t.Context(), dirs); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without the folder: %v", err)
	}
	if _, err := os.Lstat(dirs.Runtime); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("dialling made the folder: %v", err)
	}
	if err := paths.Private(dirs.Runtime); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), dirs); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without the socket: %v", err)
	}
}

func TestUnsafePlacesAreRefusedByBothSides(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(dirs paths.Dirs) error
	}{
		{"a runtime folder that is a link", func(dirs paths.Dirs) error {
			return errors.Join(os.Mkdir(dirs.State, 0o700), os.Symlink(dirs.State, dirs.Runtime))
		}},
		{"a runtime folder that all may write to", func(dirs paths.Dirs) error {
			return errors.Join(os.Mkdir(dirs.Runtime, 0o700), os.Chmod(dirs.Runtime, 0o777))
		}},
		{"a file in the socket's place", func(dirs paths.Dirs) error {
			return errors.Join(os.Mkdir(dirs.Runtime, 0o700), os.WriteFile(dirs.Socket(), nil, 0o600))
		}},
		{"a link in the socket's place", func(dirs paths.Dirs) error {
			return errors.Join(os.Mkdir(dirs.Runtime, 0o700), os.Symlink("/elsewhere", dirs.Socket()))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dirs := folders(t)
			if err := test.make(dirs); err != nil {
				t.Fatal(err)
			}
			var unsafe *paths.UnsafeError
			if _, err := Dial(t.Context(), dirs); !errors.As(err, &unsafe) || errors.Is(err, ErrNotRunning) || unsafe.Hint == "" {
				t.Errorf("Dial: %v", err)
			}
			if l, err := Listen(dirs); !errors.As(err, &unsafe) || unsafe.Hint == "" {
				t.Errorf("Listen: %v, %v", l, err)
			}
		})
	}
}

func TestALinkAsLockIsRefused(t *testing.T) {
	dirs := folders(t)
	victim := dirs.Runtime + "-victim"
	if err := errors.Join(os.Mkdir(dirs.Runtime, 0o700), os.Symlink(victim, filepath.Join(dirs.Runtime, lockName))); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(dirs); err == nil {
		t.Error("it passed")
	}
	if _, err := os.Lstat(victim); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the link's target was made: %v", err)
	}
}

// TestOtherUsersAreRefused needs no second user: it lets each side expect one.
func TestOtherUsersAreRefused(t *testing.T) {
	dirs := folders(t)
	l := mustListen(t, dirs)
	stranger := os.Getuid() + 1
	l.(*listener).uid = stranger
	accepted := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			_ = conn.Close()
		}
		accepted <- err
	}()
	conn, err := Dial(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the agent left the connection open: %v", err)
	}
	_ = l.Close()
	if err := <-accepted; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept returned %v", err)
	}

	if err := answeredBy(conn, stranger); !errors.Is(err, ErrOtherUser) {
		t.Errorf("the client took a stranger's answer: %v", err)
	}
	var unsafe *paths.UnsafeError
	if err := ownSocket("/socket", &unix.Stat_t{Mode: unix.S_IFSOCK | 0o600, Uid: uint32(stranger)}, os.Getuid()); !errors.As(err, &unsafe) {
		t.Errorf("the client took a stranger's socket: %v", err)
	}
}

func TestALongRuntimePathStillWorks(t *testing.T) {
	dirs := folders(t)
	dirs.Runtime = filepath.Join(dirs.Runtime, strings.Repeat("long", 40))
	mustListen(t, dirs)
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(dirs.Socket())) })
	conn, err := Dial(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

func TestAHandedOverSocketIsUsed(t *testing.T) {
	home := filepath.Dir(folders(t).Runtime)
	dirs, err := paths.For(func(string) string { return "" }, home, os.Getuid())
	if err != nil {
		t.Fatal(err)
	}
	if err := paths.Private(dirs.Runtime); err != nil {
		t.Fatal(err)
	}
	manager, err := net.ListenUnix("unix", &net.UnixAddr{Name: dirs.Socket(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = manager.Close() }()
	file, err := manager.File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	run := func(t *testing.T, extra ...string) (*exec.Cmd, *strings.Builder) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		t.Cleanup(cancel)
		agent := exec.CommandContext(ctx, os.Args[0])
		agent.Env = append([]string{"HOME=" + home, handedOver + "=1", "LISTEN_FDS=1"}, extra...)
		agent.ExtraFiles = []*os.File{file}
		var stderr strings.Builder
		agent.Stderr = &stderr
		if err := agent.Start(); err != nil {
			t.Fatal(err)
		}
		return agent, &stderr
	}
	answer := func(t *testing.T, dirs paths.Dirs) string {
		conn, err := Dial(t.Context(), dirs)
		for begun := time.Now(); errors.Is(err, ErrNotRunning) && time.Since(begun) < 20*time.Second; time.Sleep(time.Millisecond) {
			conn, err = Dial(t.Context(), dirs)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		said, err := io.ReadAll(conn)
		if err != nil {
			t.Error(err)
		}
		return string(said)
	}
	t.Run("and survives the agent", func(t *testing.T) {
		for range 2 {
			agent, stderr := run(t)
			if said := answer(t, dirs); said != "here" {
				t.Errorf("the agent said %q", said)
			}
			if err := agent.Wait(); err != nil {
				t.Errorf("%v: %s", err, stderr)
			}
		}
	})
	t.Run("but only one of them", func(t *testing.T) {
		agent, stderr := run(t, "LISTEN_FDS=2")
		if err := agent.Wait(); err == nil || !strings.Contains(stderr.String(), "LISTEN_FDS") {
			t.Errorf("%v: %s", err, stderr)
		}
	})
	t.Run("but not when the runtime folder was set by hand", func(t *testing.T) {
		other := folders(t)
		agent, stderr := run(t, paths.RuntimeEnv+"="+other.Runtime)
		if said := answer(t, other); said != "here" {
			t.Errorf("the agent said %q", said)
		}
		if err := agent.Wait(); err != nil {
			t.Errorf("%v: %s", err, stderr)
		}
	})
}
