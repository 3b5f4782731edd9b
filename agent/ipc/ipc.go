// Package ipc connects the programs of one user: the agent listens, native
// host and command line dial, and each side knows who the other is.
//
// It promises that Listen lets in nobody but the user who runs the agent, that
// at most one agent listens per runtime folder, and that Dial sends nothing
// before folder, socket and peer were found to be this user's own.
//
// Limits: it carries bytes, see package frame for messages. Two processes of
// the same user are not kept apart; a process id is a hint for logs, since it
// may have been reused.
package ipc

import (
	"context"
	"errors"
	"net"

	"github.com/readmit/readmit/agent/paths"
)

// ErrRunning means that another agent holds the lock; whoever wanted one can
// dial it.
var ErrRunning = errors.New("an agent is already running")

// ErrNotRunning means that nobody listens: there is no socket, or only one
// that an agent left behind.
var ErrNotRunning = errors.New("no agent is running")

// ErrOtherUser means that another user answers at the socket.
var ErrOtherUser = errors.New("the socket is answered by another user")

// Peer is the process at the other end of a connection.
type Peer struct {
	UID int
	PID int // 0 when the system does not tell
}

// Listen takes the lock that an agent holds as long as it runs, then removes a
// stale socket, then listens. A service manager's socket is used instead when
// one was handed over and the runtime folder was not set by hand. Closing the
// listener removes the socket that Listen made and gives the lock back.
// Connections of other users are closed before Accept returns them.
func Listen(dirs paths.Dirs) (net.Listener, error) { return listen(dirs) }

// Dial connects to the agent. It returns ErrNotRunning when there is none, and
// a *paths.UnsafeError or ErrOtherUser when someone else could be answering.
func Dial(ctx context.Context, dirs paths.Dirs) (net.Conn, error) { return dial(ctx, dirs) }

// Holder is the process id of the agent that holds the lock, whether it answers
// or not; 0 when none does or the system does not tell.
func Holder(dirs paths.Dirs) int { return holder(dirs) }

// PeerOf says who is at the other end of a connection that Dial or a listener
// of Listen returned.
func PeerOf(conn net.Conn) (Peer, error) { return peerOf(conn) }
