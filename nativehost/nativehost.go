// Package nativehost is the program that a browser starts to let readmit's
// extension talk to the agent.
//
// It promises that only readmit's own extension gets through, that it tells
// the agent who calls before anything else, that frames pass unread and
// unchanged in both directions, that it keeps no more than one frame per
// direction and clears it once it is passed on, that a failure of its own
// reaches the extension as one error with a hint, and that it ends at once
// when the browser closes its input.
//
// Limits: it has no time limit for answers; the extension has one. The browser
// is known by its arguments and process id only, which a process of the same
// user can imitate; the agent judges that.
package nativehost

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/launch"
	"github.com/readmit/readmit/agent/paths"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
)

// hangUpCheck is how often the host looks whether the browser is gone while
// something else keeps it from reading its input.
const hangUpCheck = 20 * time.Millisecond

// lastWords bounds how long the end of a conversation may take to pass.
const lastWords = time.Second

// Main runs the host with the arguments the browser gave, the program's name
// included, and returns its exit code. The process must end when it returns:
// a write to a browser that reads nothing may still be under way.
func Main(args []string, stdin, stdout *os.File) int {
	fail := func(f *failure) int {
		report(f, stdin, stdout)
		return exitFailed
	}
	if err := launch.Harden(); err != nil {
		return fail(&failure{Code: internal, Message: err.Error()})
	}
	who, err := callerFrom(args, os.Getppid())
	if err != nil {
		return fail(&failure{Code: callerRefused, Message: err.Error(), Hint: "only readmit's extension may start this program"})
	}
	dirs, err := paths.Current()
	if err != nil {
		return fail(unavailable(err))
	}
	conn, failed := connect(launch.Options{Dirs: dirs}, stdin)
	if failed != nil {
		return fail(failed)
	}
	if conn == nil {
		return exitDone
	}
	defer func() { _ = conn.Close() }()
	if failed := relay(who, conn, stdin, stdout); failed != nil {
		return fail(failed)
	}
	return exitDone
}

// connect reaches the agent. It returns neither connection nor failure when
// the browser left meanwhile.
func connect(o launch.Options, stdin *os.File) (net.Conn, *failure) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conn, err := ipc.Dial(ctx, o.Dirs)
	if err == nil {
		return conn, nil
	}
	if !errors.Is(err, ipc.ErrNotRunning) {
		return nil, unavailable(err)
	}
	type result struct {
		conn net.Conn
		err  error
	}
	launched := make(chan result, 1)
	go func() {
		conn, err := launch.Agent(ctx, o)
		launched <- result{conn, err}
	}()
	for {
		select {
		case r := <-launched:
			if r.err != nil {
				return nil, unavailable(r.err)
			}
			return r.conn, nil
		case <-time.After(hangUpCheck):
			if hungUp(stdin) {
				return nil, nil
			}
		}
	}
}

// report tells the extension why the host ends. A browser that is gone, or
// reads nothing, does not keep the host.
func report(f *failure, stdin, stdout *os.File) {
	told := make(chan struct{})
	go func() {
		defer close(told)
		_ = f.send(stdout) // the browser is gone; there is nobody else to tell
	}()
	for end := time.Now().Add(lastWords); time.Now().Before(end); {
		select {
		case <-told:
			return
		case <-time.After(hangUpCheck):
			if hungUp(stdin) {
				return
			}
		}
	}
}

// relay passes frames both ways until one side ends. It returns nil when that
// was the browser.
func relay(who caller, conn net.Conn, stdin, stdout *os.File) *failure {
	preamble, err := who.preamble()
	if err != nil {
		return &failure{Code: internal, Message: err.Error()}
	}
	if err := frame.Write(conn, preamble); err != nil {
		return unavailable(err)
	}
	sent, received := make(chan *failure, 1), make(chan *failure, 1)
	go func() { sent <- fromBrowser(conn, stdin) }()
	go func() { received <- toBrowser(stdout, conn) }()
	select {
	case failed := <-received:
		return failed
	case failed := <-sent:
		if failed == nil || failed.Code != agentUnavailable {
			return failed
		}
		// What the agent said before it ended the connection may be on its way,
		// such as why it refused the caller.
		select {
		case failed = <-received:
		case <-time.After(lastWords):
		}
		return failed
	}
}
