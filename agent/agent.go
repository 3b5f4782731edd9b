// Package agent is the hub of readmit: one process per user that answers the
// browsers' native hosts and the command line.
//
// It promises that every request ends in a reply, that no caller can make it
// hold more memory than its limits say, that a stuck caller delays no other,
// and that a secret leaves only through credential/release, after package
// release agreed and the attempt was synced to the journal. It opens no
// network connection of its own.
//
// The hub gathers facts and calls the pure rooms; it judges nothing itself.
// One file holds one method of the wire.
//
// Limits: a process of the same user can dial it like a native host. The
// preamble and the parent program tell a browser from a shell, which decides
// about lasting consent; they are no wall.
package agent

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/machine"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/paths"
)

// The limits of the hub.
const (
	maxConnections = 32
	maxAtOnce      = 32 // requests of one connection
	callerWait     = 2 * time.Second
	writeWait      = 2 * time.Second
	idleExit       = 15 * time.Minute
	sweepEvery     = 15 * time.Second
	pruneEvery     = time.Hour
)

// config is what a server works with. Zero values of the last four mean the
// real thing.
type config struct {
	vault     *vault.Vault
	vaultKind string // "keyring" | "file"
	// vaultFixed says that flags chose the store, so that nobody else does.
	vaultFixed bool
	dirs       paths.Dirs
	journal    *journal.Journal
	machine    *machine.Machine
	log        zerolog.Logger
	vpn        func(origin string) []string // interfaces of the VPN that a site needs; nil names none

	rowsProblem error // why a file of signature rows is not used

	now    func() time.Time
	random io.Reader
	idle   time.Duration                  // without connection and request, then Serve returns
	parent func(pid int) (program, error) // of the process at the other end
	peer   func(net.Conn) (pid int, err error)
}

// server is the running hub.
type server struct {
	config
	started  time.Time
	handlers map[string]handler
	book     *book
	probes   probeBudget

	stop  context.CancelFunc
	conns sync.WaitGroup
	open  atomic.Int32
	calls atomic.Uint64 // requests so far
	idler *time.Timer
	mu    sync.Mutex // guards idler
}

func newServer(c config) *server {
	if c.now == nil {
		c.now = time.Now
	}
	if c.random == nil {
		c.random = rand.Reader
	}
	if c.idle == 0 {
		c.idle = idleExit
	}
	if c.parent == nil {
		c.parent = parentOf
	}
	if c.peer == nil {
		c.peer = peerPID
	}
	s := &server{config: c, started: c.now(), book: newBook()}
	s.handlers = s.methods()
	return s
}

// serve answers until ctx ends, the hub has been idle for its time or a caller
// stops it. It returns once every connection has ended.
func (s *server) serve(ctx context.Context, l net.Listener) error {
	ctx, s.stop = context.WithCancel(ctx)
	defer s.stop()
	s.mu.Lock()
	s.idler = time.AfterFunc(s.idle, s.stop)
	s.mu.Unlock()
	closed := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer closed()
	var sweeper sync.WaitGroup
	sweeper.Go(func() { s.sweep(ctx) })
	err := s.accept(ctx, l)
	s.stop()
	s.conns.Wait()
	sweeper.Wait()
	s.book.wipe()
	return err
}

func (s *server) accept(ctx context.Context, l net.Listener) error {
	for {
		nc, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = nc.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil:
			// Out of file descriptors, or a caller that went away: the next may do better.
			s.log.Warn().Err(err).Str("part", "hub").Msg("accepting a connection")
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		if s.open.Load() >= maxConnections {
			s.log.Warn().Str("part", "hub").Msg("too many connections")
			_ = nc.Close()
			continue
		}
		s.enter()
		s.conns.Go(func() {
			defer s.leave()
			s.converse(ctx, nc)
		})
	}
}

func (s *server) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open.Add(1)
	s.idler.Stop()
}

func (s *server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open.Add(-1) == 0 {
		s.idler.Reset(s.idle)
	}
}

// sweep lets go of what must not stay: typed sign-ins, page text, leases whose
// outcome never came, and journal entries past their time.
func (s *server) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	var pruned time.Time
	calls, tidy := uint64(0), false
	for {
		now := s.now()
		// What loading and the last requests left behind goes back to the system
		// once nobody asks: an agent is there all day and works for seconds.
		switch n := s.calls.Load(); {
		case n != calls:
			calls, tidy = n, false
		case !tidy:
			tidy = true
			debug.FreeOSMemory()
		}
		s.book.sweep(now)
		s.probes.sweep(now)
		if now.Sub(pruned) >= pruneEvery {
			pruned = now
			if err := s.journal.Prune(now); err != nil {
				s.log.Warn().Err(err).Str("part", "journal").Msg("pruning")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
