//go:build linux

package launch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
)

const patience = 20 * time.Second

// TestMain lets copies of this test program act as the agent, known by its
// name, or show what Harden did.
func TestMain(m *testing.M) {
	switch {
	case filepath.Base(os.Args[0]) == about.AgentProgram:
		os.Exit(standIn())
	case os.Getenv("TEST_HARDEN") != "":
		os.Exit(hardened())
	}
	os.Exit(m.Run())
}

// standIn tells its process id and ends once all callers are gone.
func standIn() int {
	dirs, err := paths.Current()
	if err != nil {
		return 2
	}
	l, err := ipc.Listen(dirs)
	if errors.Is(err, ipc.ErrRunning) {
		return 0
	}
	if err != nil {
		return 3
	}
	defer func() { _ = l.Close() }()
	var callers sync.WaitGroup
	first := make(chan struct{})
	var once sync.Once
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			callers.Add(1)
			once.Do(func() { close(first) })
			go func() {
				defer callers.Done()
				_, _ = fmt.Fprintf(conn, "%d %s\n", os.Getpid(), strings.Join(os.Args[1:], " "))
				_, _ = io.Copy(io.Discard, conn)
			}()
		}
	}()
	select {
	case <-first:
		callers.Wait()
		return 0
	case <-time.After(patience):
		return 4
	}
}

func hardened() int {
	if err := Harden(); err != nil {
		fmt.Println(err)
		return 1
	}
	var core unix.Rlimit
	dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	fmt.Println(dumpable, err, unix.Getrlimit(unix.RLIMIT_CORE, &core), core)
	return 0
}

func options(t *testing.T) Options {
	t.Helper()
	root, err := os.MkdirTemp("", "rm") // short, as a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(root, about.AgentProgram)
	if err := os.WriteFile(program, self, 0o755); err != nil {
		t.Fatal(err)
	}
	return Options{
		Dirs:    paths.Dirs{Config: root + "/config", State: root + "/state", Runtime: root + "/run"},
		Program: program,
		Args:    []string{"--like", "this"},
		Environ: []string{"HOME=" + root},
		Wait:    patience,
	}
}

func greeting(t *testing.T, conn net.Conn) string {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	buf := make([]byte, 100)
	n, err := conn.Read(buf)
	if err != nil {
		t.Error(err)
	}
	return string(buf[:n])
}

func TestConnectStartsOneAgentForAll(t *testing.T) {
	o := options(t)
	const callers = 8
	said := make(chan string, callers)
	release := make(chan struct{})
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			conn, err := Connect(t.Context(), o)
			if err != nil {
				said <- err.Error()
				return
			}
			defer func() { _ = conn.Close() }()
			said <- greeting(t, conn)
			<-release
		})
	}
	first := <-said
	if !strings.HasSuffix(first, " --like this\n") {
		t.Errorf("the agent said %q", first)
	}
	for range callers - 1 {
		if other := <-said; other != first {
			t.Errorf("one caller got %q, another %q", first, other)
		}
	}
	close(release)
	all.Wait()
}

func TestWaitingForTheAgent(t *testing.T) {
	listenIn := func(t *testing.T, dirs paths.Dirs) {
		l, err := ipc.Listen(dirs)
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = l.Close() })
	}
	t.Run("another agent that is still starting will do", func(t *testing.T) {
		o := options(t)
		ended := make(chan error) // exit status 0: another one holds the lock
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		var other sync.WaitGroup
		other.Go(func() {
			ended <- nil
			listenIn(t, o.Dirs)
		})
		conn, err := await(ctx, o.Dirs, ended)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		other.Wait()
	})
	t.Run("an agent that failed is not waited for", func(t *testing.T) {
		broken := errors.New("exit status 3")
		ended := make(chan error, 1)
		ended <- broken
		if _, err := await(t.Context(), options(t).Dirs, ended); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an agent that never listens is not waited for long", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := await(ctx, options(t).Dirs, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheAgentIsLookedForBesideTheProgram(t *testing.T) {
	o := options(t)
	o.Program = ""
	// Beside this test program lies none.
	_, err := Connect(t.Context(), o)
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), filepath.Join(filepath.Dir(os.Args[0]), about.AgentProgram)) {
		t.Errorf("got %v", err)
	}
	if hint := Hint(err); hint != "install readmit again" {
		t.Errorf("hint: %s", hint)
	}
}

func TestHardenKeepsMemoryOutOfDumps(t *testing.T) {
	shown := exec.Command(os.Args[0])
	shown.Env = append(os.Environ(), "TEST_HARDEN=1")
	out, err := shown.CombinedOutput()
	if want := "0 <nil> <nil> {0 0}\n"; err != nil || string(out) != want {
		t.Errorf("%v: %q, want %q", err, out, want)
	}
}
