//go:build linux

package nativehost_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
)

// patience ends a test that hangs; nothing that works comes near it.
const patience = 20 * time.Second

// built is the folder that holds the programs under test.
var built string

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the real host once. A copy of this test program that is called
// readmit-agent acts as the agent.
func run(m *testing.M) int {
	if filepath.Base(os.Args[0]) == about.AgentProgram {
		return standIn()
	}
	var err error
	if built, err = os.MkdirTemp("", "readmit-host-test"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(built) }()
	for program, source := range map[string]string{about.HostProgram: "./cmd/readmit-host", "relay": "./testdata/relay"} {
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(built, program), source)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "building %s: %v\n%s", program, err, out)
			return 1
		}
	}
	return m.Run()
}

// standIn is an agent that echoes frames for one connection.
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
	conn, err := l.Accept()
	if err != nil {
		return 4
	}
	for {
		payload, err := frame.Read(conn, frame.MaxFromBrowser)
		if err != nil {
			return 0
		}
		if err := frame.Write(conn, payload); err != nil {
			return 5
		}
	}
}

// home is the folders of a test's user and the environment that points there.
func home(t testing.TB) (paths.Dirs, []string) {
	t.Helper()
	root, err := os.MkdirTemp("", "rm") // short, as a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	dirs := paths.Dirs{
		Config:  filepath.Join(root, "config"),
		State:   filepath.Join(root, "state"),
		Runtime: filepath.Join(root, "run"),
	}
	return dirs, []string{
		"HOME=" + root,
		paths.ConfigEnv + "=" + dirs.Config, paths.StateEnv + "=" + dirs.State, paths.RuntimeEnv + "=" + dirs.Runtime,
	}
}

// chromium and firefox are how the browsers call the host.
func chromium() []string {
	return []string{"chrome-extension://" + about.ChromiumExtensionIDs[0] + "/"}
}
func firefox() []string {
	return []string{"/manifests/" + about.NativeHost + ".json", about.FirefoxExtensionID}
}

// host is a running native host; the test is its browser.
type host struct {
	t     testing.TB
	cmd   *exec.Cmd
	in    *os.File // the browser's end of its input
	out   *os.File
	ended chan error
}

func start(t testing.TB, program string, env []string, args ...string) *host {
	t.Helper()
	return startWith(t, os.Stderr, program, env, args...)
}

func startWith(t testing.TB, stderr *os.File, program string, env []string, args ...string) *host {
	t.Helper()
	inRead, inWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	h := &host{t: t, cmd: exec.Command(program, args...), in: inWrite, out: outRead, ended: make(chan error, 1)}
	h.cmd.Env = env
	h.cmd.Stdin, h.cmd.Stdout, h.cmd.Stderr = inRead, outWrite, stderr
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = inRead.Close()
	_ = outWrite.Close()
	go func() { h.ended <- h.cmd.Wait() }()
	t.Cleanup(func() {
		_ = h.cmd.Process.Kill()
		_ = h.in.Close()
		_ = h.out.Close()
	})
	_ = h.out.SetReadDeadline(time.Now().Add(patience))
	_ = h.in.SetWriteDeadline(time.Now().Add(patience))
	return h
}

// exit waits for the host to end and returns its exit code.
func (h *host) exit() int {
	h.t.Helper()
	select {
	case err := <-h.ended:
		var failed *exec.ExitError
		if err != nil && !errors.As(err, &failed) {
			h.t.Fatal(err)
		}
		return h.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		h.t.Fatal("the host hangs")
		return -1
	}
}

func (h *host) send(payload string) {
	h.t.Helper()
	if err := frame.Write(h.in, []byte(payload)); err != nil {
		h.t.Fatalf("sending to the host: %v", err)
	}
}

func (h *host) receive() string {
	h.t.Helper()
	payload, err := frame.Read(h.out, frame.MaxToBrowser)
	if err != nil {
		h.t.Fatalf("reading from the host: %v", err)
	}
	return string(payload)
}

// problem is the data of an error that answers no request.
type problem struct {
	Code, Message, Hint string
	Retryable           bool
}

// failure reads the host's own error and checks its form.
func (h *host) failure() problem {
	h.t.Helper()
	var message struct {
		JSONRPC string
		ID      json.RawMessage
		Error   struct {
			Code    int
			Message string
			Data    problem
		}
	}
	payload := h.receive()
	decoder := json.NewDecoder(strings.NewReader(payload))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&message); err != nil {
		h.t.Fatalf("%s: %v", payload, err)
	}
	if message.JSONRPC != "2.0" || string(message.ID) != "null" || message.Error.Code != -32000 ||
		message.Error.Message == "" || message.Error.Data.Message != message.Error.Message || message.Error.Data.Hint == "" {
		h.t.Errorf("not an error as agreed: %s", payload)
	}
	if rest, err := io.ReadAll(h.out); err != nil || len(rest) != 0 {
		h.t.Errorf("after the error came %d more bytes, %v", len(rest), err)
	}
	return message.Error.Data
}

// agent is the other end of the socket, played by the test.
type agent struct {
	t    testing.TB
	l    net.Listener
	dirs paths.Dirs
}

func listen(t testing.TB, dirs paths.Dirs) *agent {
	t.Helper()
	l, err := ipc.Listen(dirs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &agent{t, l, dirs}
}

// accept returns the host's connection and the preamble it sent.
func (a *agent) accept() (net.Conn, string) {
	a.t.Helper()
	conn, err := a.l.Accept()
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	preamble, err := frame.Read(conn, frame.MaxFromBrowser)
	if err != nil {
		a.t.Fatalf("reading the preamble: %v", err)
	}
	return conn, string(preamble)
}

// session starts a host with an agent behind it.
func session(t testing.TB) (*host, net.Conn) {
	t.Helper()
	dirs, env := home(t)
	a := listen(t, dirs)
	h := start(t, filepath.Join(built, about.HostProgram), env, chromium()...)
	conn, _ := a.accept()
	return h, conn
}

// raw is a frame made by hand, with any length claimed.
func raw(claimed uint32, payload string) []byte {
	var out bytes.Buffer
	_ = frame.Write(&out, []byte("x"))
	header := out.Bytes()[:4]
	nativeEndian.PutUint32(header, claimed)
	return append(header, payload...)
}
