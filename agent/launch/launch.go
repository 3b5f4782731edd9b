// Package launch starts the agent and hardens the programs.
//
// It promises that the only program it starts is the readmit-agent that lies
// beside the running program, that neither PATH nor the working folder is
// searched, that the agent gets none of the caller's environment but what is
// listed here, and that it outlives its caller.
//
// Limits: an agent that a session manager ends with the whole session is not
// started again until someone asks for it.
package launch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
)

// defaultWait bounds how long an agent may take from its start to listening.
const defaultWait = 5 * time.Second

// Options say which agent to reach. Dirs is required.
type Options struct {
	Dirs paths.Dirs
	// Program is the agent's executable; empty means the one beside the running
	// program. It must pass paths.Trusted either way.
	Program string
	// Args are passed to the agent.
	Args []string
	// Environ is what the agent's environment is picked from; nil means
	// os.Environ().
	Environ []string
	// Wait bounds the start of the agent; 0 means 5 s.
	Wait time.Duration
}

// Connect connects to the running agent, or starts one.
func Connect(ctx context.Context, o Options) (net.Conn, error) {
	conn, err := ipc.Dial(ctx, o.Dirs)
	if !errors.Is(err, ipc.ErrNotRunning) {
		return conn, err
	}
	return Agent(ctx, o)
}

// Agent starts the agent, waits until it listens and connects to it. That
// another one was faster is no error: the connection is to that one.
func Agent(ctx context.Context, o Options) (net.Conn, error) {
	program := o.Program
	if program == "" {
		var err error
		if program, err = beside(); err != nil {
			return nil, err
		}
	}
	if err := paths.Trusted(program); err != nil {
		return nil, fmt.Errorf("starting the agent: %w", err)
	}
	wait := o.Wait
	if wait == 0 {
		wait = defaultWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	ended, err := start(program, o)
	if err != nil {
		return nil, fmt.Errorf("starting the agent: %w", err)
	}
	return await(ctx, o.Dirs, ended)
}

// beside names the agent in the folder of the running program, links resolved.
func beside() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the agent: %w", err)
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", fmt.Errorf("finding the agent: %w", err)
	}
	return filepath.Join(filepath.Dir(self), about.AgentProgram+filepath.Ext(self)), nil
}

// start starts program on its own. What the channel yields is how it ended,
// nil for exit status 0.
func start(program string, o Options) (<-chan error, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = null.Close() }()
	environ := o.Environ
	if environ == nil {
		environ = os.Environ()
	}
	closeInheritedOnExec()
	process, err := os.StartProcess(program, append([]string{program}, o.Args...), &os.ProcAttr{
		Dir:   filepath.VolumeName(program) + string(filepath.Separator),
		Env:   environment(environ, o.Dirs),
		Files: []*os.File{null, null, null},
		Sys:   detached(),
	})
	if err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	// Ends with the agent, or with this program, whichever is first: a caller
	// that stays for long must not keep a dead agent as a zombie.
	go func() {
		state, err := process.Wait()
		if err == nil && !state.Success() {
			err = fmt.Errorf("the agent ended at once: %s", state)
		}
		ended <- err
	}()
	return ended, nil
}

// await dials until somebody answers, the agent failed or time is up.
func await(ctx context.Context, dirs paths.Dirs, ended <-chan error) (net.Conn, error) {
	const longest = 20 * time.Millisecond
	for pause := time.Millisecond; ; pause = min(2*pause, longest) {
		conn, err := ipc.Dial(ctx, dirs)
		if !errors.Is(err, ipc.ErrNotRunning) {
			return conn, err
		}
		select {
		case failed := <-ended:
			if failed != nil {
				return nil, failed
			}
			// Exit status 0: another agent holds the lock and will listen soon.
			ended = nil
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the agent to listen: %w", ctx.Err())
		}
	}
}

// Hint says what helps against an error of this package, in one line for a
// technician.
func Hint(err error) string {
	var unsafe *paths.UnsafeError
	switch {
	case errors.As(err, &unsafe):
		return unsafe.Hint
	case errors.Is(err, fs.ErrNotExist):
		return "install readmit again"
	}
	return `run "` + about.Name + ` doctor"`
}
