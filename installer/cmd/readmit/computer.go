package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/client"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/launch"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/doctor"
	"github.com/readmit/readmit/installer/register"
)

// computer is what the commands take from the machine they run on.
type computer struct {
	dirs      paths.Dirs
	machine   register.Machine
	bin       string // the folder of the three programs
	temporary []string
	uid       int
	getenv    func(string) string
	now       func() time.Time
	// forEverybody is register.ForEverybody but in tests.
	forEverybody func(program string) error
	unusable     error // why its folders are not known; most commands need them
	// dial reaches the agent. With start it is started when it does not run;
	// without, that is ipc.ErrNotRunning.
	dial func(ctx context.Context, start bool) (agent, error)
}

// agent is the part of client.Client that the commands use.
type agent interface {
	Call(ctx context.Context, method string, params, result any) error
	Close() error
}

// agentLimit bounds every exchange with the agent, its start included.
const agentLimit = 8 * time.Second

// thisComputer is usable, or says why not.
func thisComputer() computer {
	c, err := findComputer()
	if err != nil {
		return computer{unusable: err, now: time.Now}
	}
	return c
}

func findComputer() (computer, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return computer{}, hinted{fmt.Errorf("finding the home folder: %w", err), "set HOME to your home folder, as in: export HOME=/home/anna"}
	}
	dirs, err := paths.Current()
	if err != nil {
		return computer{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return computer{}, fmt.Errorf("finding the running program: %w", err)
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return computer{}, fmt.Errorf("finding the running program: %w", err)
	}
	return computer{
		dirs:      dirs,
		machine:   register.Machine{OS: runtime.GOOS, Base: baseOf(home, os.Getenv), LookPath: exec.LookPath},
		bin:       filepath.Dir(self),
		temporary: temporaryFolders(os.TempDir()),
		uid:       os.Getuid(),
		getenv:    os.Getenv,
		now:       time.Now,

		forEverybody: register.ForEverybody,

		dial: dialer(dirs, ""),
	}, nil
}

// baseOf follows the XDG base directory specification, as browsers do.
func baseOf(home string, getenv func(string) string) browser.Base {
	base := browser.Base{Home: home, Config: filepath.Join(home, ".config"), Support: filepath.Join(home, "Library", "Application Support")}
	if config := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(config) {
		base.Config = filepath.Clean(config)
	}
	return base
}

// temporaryFolders are emptied by the system: at boot, or after some days.
func temporaryFolders(own string) []string {
	return []string{own, "/tmp", "/var/tmp", "/dev/shm", "/run"}
}

// dialer connects to the agent of the folders. An empty program means the one
// beside this command.
func dialer(dirs paths.Dirs, program string) func(context.Context, bool) (agent, error) {
	return func(ctx context.Context, start bool) (agent, error) {
		caller := rpc.Caller{Engine: "cli", HostVersion: about.Version}
		connect := ipc.Dial
		if start {
			connect = func(ctx context.Context, dirs paths.Dirs) (net.Conn, error) {
				return launch.Connect(ctx, launch.Options{Dirs: dirs, Program: program, Wait: agentLimit})
			}
		}
		conn, err := connect(ctx, dirs)
		if err != nil {
			return nil, err
		}
		return client.New(conn, caller)
	}
}

func (c computer) host() string  { return filepath.Join(c.bin, about.HostProgram+c.suffix()) }
func (c computer) agent() string { return filepath.Join(c.bin, about.AgentProgram+c.suffix()) }

func (c computer) suffix() string {
	if c.machine.OS == "windows" {
		return ".exe"
	}
	return ""
}

// status asks the agent how it is. With start it is started when it does not
// run; without, that is ipc.ErrNotRunning.
func (c computer) status(ctx context.Context, start bool) (rpc.StatusResult, error) {
	var status rpc.StatusResult
	return status, c.call(ctx, start, rpc.MethodStatus, struct{}{}, &status)
}

// stop ends the agent and waits until it is gone, so that another can start.
// That none runs is no error.
func (c computer) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, agentLimit)
	defer cancel()
	err := c.call(ctx, false, rpc.MethodAgentStop, struct{}{}, nil)
	var gone *rpc.Error
	for {
		switch {
		case errors.Is(err, ipc.ErrNotRunning):
			return nil
		case errors.As(err, &gone) && gone.Code == rpc.CodeAgentUnavailable && ctx.Err() == nil:
			// The connection ended: it was ending already, somebody else had asked.
		case err != nil:
			return fmt.Errorf("stopping the agent: %w", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the agent to end: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
		var a agent
		if a, err = c.dial(ctx, false); err == nil {
			_ = a.Close()
		}
	}
}

func (c computer) call(ctx context.Context, start bool, method string, params, result any) error {
	ctx, cancel := context.WithTimeout(ctx, agentLimit)
	defer cancel()
	a, err := c.dial(ctx, start)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	return a.Call(ctx, method, params, result)
}

// sudoUser is who runs this with the administrator's rights; "" when nobody
// borrowed them.
func (c computer) sudoUser() string {
	if user := c.getenv("SUDO_USER"); c.uid == 0 && user != "root" {
		return user
	}
	return ""
}

// checks are what doctor looks at here.
func (c computer) checks() []doctor.Check { return doctor.Checks(c.env()) }

func (c computer) env() doctor.Env {
	return doctor.Env{
		Machine: c.machine, Dirs: c.dirs, Host: c.host(), Agent: c.agent(), Temporary: c.temporary,
		Getenv: c.getenv, Now: c.now, HostVersion: doctor.HostVersion,
		Status: func(ctx context.Context) (rpc.StatusResult, error) { return c.status(ctx, true) },
		Stop:   c.stop,
		Holder: func() int { return ipc.Holder(c.dirs) }, Free: doctor.Free, Extension: extensionFolder(c.bin), UID: c.uid,
	}
}
