package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/doctor"
	"github.com/readmit/readmit/installer/register"
)

// systemState is where the record of what was set up for everybody lies.
func (c computer) systemState() string { return c.machine.Base.Expand("{root}/var/lib/readmit") }

// needsAdministrator says who may set up and remove what is everybody's.
func (c computer) needsAdministrator(command string) error {
	if c.uid != 0 {
		return hinted{errors.New("what is everybody's is the administrator's to change"), fmt.Sprintf("run: sudo %q %s --system", filepath.Join(c.bin, about.Name), command)}
	}
	return nil
}

// runInstallSystem sets readmit up for everybody. Each person's agent starts
// with their first refused page.
func runInstallSystem(ctx context.Context, s streams, c computer, o installOptions, rows []browser.Browser) error {
	switch {
	case len(browser.On(c.machine.OS)) == 0:
		return fmt.Errorf("readmit cannot set up browsers on %s yet", c.machine.OS)
	case len(rows) == 0:
		return hinted{errors.New("no browser that readmit knows was found"), `run "sudo readmit install --system --all", or name one with --browser`}
	}
	if !o.dryRun {
		if err := c.needsAdministrator("install"); err != nil {
			return err
		}
	}
	for _, program := range []string{c.host(), c.agent()} {
		if err := errors.Join(register.Lasting(program, c.temporary), c.forEverybody(program)); err != nil {
			return err
		}
	}
	plan, err := register.New(register.Options{
		Browsers: rows, Base: c.machine.Base, HostPath: c.host(), OS: c.machine.OS, System: true,
	})
	if err != nil {
		return err
	}
	done, err := register.Apply(plan, c.systemState(), o.dryRun)
	if err != nil {
		return err
	}
	return finish(ctx, s, o, done, doctor.ProgramChecks(c.env()), func() {
		say(s.err, "\nEverybody who uses these browsers here has the helper now. The extension comes by the browser's policy, or each loads it.")
	})
}

// runUninstallSystem removes what was set up for everybody.
func runUninstallSystem(s streams, c computer) error {
	if err := c.needsAdministrator("uninstall"); err != nil {
		return err
	}
	done, err := register.Undo(c.systemState())
	if err != nil {
		return err
	}
	changes, failed := changesOf(done)
	printChanges(s.out, changes, false)
	switch {
	case failed:
		return exitCode(exitFailed)
	case len(changes) == 0:
		say(s.err, "readmit is not set up for everybody here.")
		return exitCode(exitNothing)
	}
	say(s.err, `What people kept stays with them: each removes it with "readmit uninstall --purge".`)
	return nil
}
