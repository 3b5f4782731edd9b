package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/machine"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
)

// hub is a server on a real socket, with a real vault file and journal.
type hub struct {
	t      *testing.T
	dirs   paths.Dirs
	server *server
	clock  *clock
	log    *logBuffer
	done   chan error
	stop   context.CancelFunc
	parent string             // the program that runs the callers, as the kernel would say
	extra  map[string]handler // methods beside those of the wire
}

// clock is the hub's time; tests move it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func startHub(t *testing.T, change ...func(*hub, *config)) *hub {
	t.Helper()
	dir := t.TempDir()
	h := &hub{
		t: t, parent: "firefox-esr",
		dirs:  paths.Dirs{Config: filepath.Join(dir, "config"), State: filepath.Join(dir, "state"), Runtime: filepath.Join(dir, "run")},
		clock: &clock{now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)},
		log:   new(logBuffer),
	}
	if err := errors.Join(paths.Private(h.dirs.State), paths.Private(h.dirs.Runtime)); err != nil {
		t.Fatal(err)
	}
	h.open(change...)
	t.Cleanup(h.close)
	return h
}

// open starts the server on the hub's folders, which may hold an earlier one's.
func (h *hub) open(change ...func(*hub, *config)) {
	h.t.Helper()
	passphrase := filepath.Join(h.dirs.State, "passphrase")
	if err := os.WriteFile(passphrase, []byte("a passphrase of the tests\n"), 0o600); err != nil {
		h.t.Fatal(err)
	}
	v, err := vault.Open(vault.Config{
		Dir: h.dirs.State, File: filepath.Join(h.dirs.State, "vault.age"), PassphraseFile: passphrase, Timeout: 10 * time.Second,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	j, err := journal.Open(journal.Config{Path: filepath.Join(h.dirs.State, "journal.db"), Now: h.clock.Now})
	if err != nil {
		h.t.Fatal(err)
	}
	c := config{
		dirs: h.dirs, vault: v, vaultKind: "file", journal: j, machine: machine.New(),
		log: zerolog.New(h.log).Level(zerolog.DebugLevel), now: h.clock.Now,
		parent: func(int) (program, error) { return program{pid: 4711, name: h.parent}, nil },
	}
	for _, f := range change {
		f(h, &c)
	}
	l, err := ipc.Listen(h.dirs)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h.server, h.stop, h.done = newServer(c), stop, make(chan error, 1)
	maps.Copy(h.server.handlers, h.extra)
	go func() { h.done <- errors.Join(h.server.serve(ctx, l), j.Close()) }()
}

func (h *hub) close() {
	h.stop()
	select {
	case err := <-h.done:
		if err != nil {
			h.t.Errorf("serve: %v", err)
		}
		h.done <- nil
	case <-time.After(20 * time.Second):
		h.t.Error("the hub did not end")
	}
}

// restart ends the hub and starts one on the same folders.
func (h *hub) restart() {
	h.t.Helper()
	h.close()
	h.open()
}

// peer is the other end of a connection.
type peer struct {
	t    *testing.T
	conn net.Conn
	next int
}

func (h *hub) dial() *peer {
	h.t.Helper()
	conn, err := ipc.Dial(context.Background(), h.dirs)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	return &peer{t: h.t, conn: conn}
}

var firefox = rpc.Caller{Engine: "firefox", ExtensionID: about.FirefoxExtensionID, HostVersion: about.Version}

// browser dials as a browser's native host does.
func (h *hub) browser() *peer { return h.as(firefox) }

func (h *hub) as(caller rpc.Caller) *peer {
	h.t.Helper()
	p := h.dial()
	p.sendJSON(map[string]any{"jsonrpc": "2.0", "method": "caller", "params": caller})
	return p
}

func (p *peer) sendJSON(v any) {
	p.t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		p.t.Fatal(err)
	}
	p.send(raw)
}

func (p *peer) send(raw []byte) {
	p.t.Helper()
	if err := frame.Write(p.conn, raw); err != nil {
		p.t.Fatal(err)
	}
}

// receive reads one reply, or fails the test when none comes.
func (p *peer) receive() rpc.Response {
	p.t.Helper()
	var r rpc.Response
	if err := json.Unmarshal(p.receiveRaw(), &r); err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (p *peer) receiveRaw() []byte {
	p.t.Helper()
	if err := p.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		p.t.Fatal(err)
	}
	raw, err := frame.Read(p.conn, frame.MaxToBrowser)
	if err != nil {
		p.t.Fatalf("no reply: %v", err)
	}
	return raw
}

// closed waits until the hub has closed the connection.
func (p *peer) closed() {
	p.t.Helper()
	_ = p.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	if raw, err := frame.Read(p.conn, frame.MaxToBrowser); err == nil {
		p.t.Fatalf("the connection is open and said %s", raw)
	} else if errors.Is(err, os.ErrDeadlineExceeded) {
		p.t.Fatal("the connection stayed open")
	}
}

// ask sends a request and returns its reply.
func (p *peer) ask(method string, params any) (json.RawMessage, *rpc.Error) {
	p.t.Helper()
	p.next++
	id := strconv.Itoa(p.next)
	p.sendJSON(map[string]any{"jsonrpc": "2.0", "id": p.next, "method": method, "params": params})
	r := p.receive()
	if string(r.ID) != id {
		p.t.Fatalf("a reply to %s, want %s", r.ID, id)
	}
	if r.Error != nil {
		return nil, r.Error.Data
	}
	return r.Result, nil
}

// call asks and decodes the result; an error fails the test.
func call[R any](p *peer, method string, params any) R {
	p.t.Helper()
	raw, fault := p.ask(method, params)
	if fault != nil {
		p.t.Fatalf("%s: %v", method, fault)
	}
	var r R
	if err := json.Unmarshal(raw, &r); err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	return r
}

// refused asks and wants an error of this code.
func (p *peer) refused(method string, params any, want rpc.Code) {
	p.t.Helper()
	raw, fault := p.ask(method, params)
	if fault == nil {
		p.t.Fatalf("%s: %s, want %s", method, raw, want)
	}
	if fault.Code != want {
		p.t.Fatalf("%s: %v, want %s", method, fault, want)
	}
}
