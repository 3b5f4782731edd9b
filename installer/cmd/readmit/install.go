package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/doctor"
	"github.com/readmit/readmit/installer/register"
)

type installOptions struct {
	browsers          []string
	os                string
	system            bool // for everybody
	all, dryRun, json bool
}

func newInstall(s streams, c computer) *cobra.Command {
	var o installOptions
	cmd := &cobra.Command{
		Use:   "install [--system] [--browser <id>]... [--all] [--dry-run [--os <name>]] [--json]",
		Short: "Set readmit up for your browsers",
		Long: `Tells your browsers where readmit is: one small file for each, and a record of
them, which "uninstall" removes again. Then it looks whether readmit works, which
starts the agent: that one keeps its history and log in a folder of its own. The
programs stay where they are. Without --browser or --all it sets up the browsers
that it finds. Browsers:
` + wrapped(browser.IDs(browser.All)) + `

With --system it sets readmit up for everybody who uses this computer, which
takes the administrator's rights, as by sudo.

With --dry-run and --os it says what it would write on another system, for all
browsers or those named: ` + strings.Join(browser.Systems, ", ") + `.`,
		Example: `  readmit install
  readmit install --system --dry-run
  readmit install --browser firefox --dry-run`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.os != "" {
				if err := preview(s, o); err != nil {
					return usageError{cmd, err}
				}
				return nil
			}
			rows, err := chosen(c.machine, o)
			if err != nil {
				return usageError{cmd, err}
			}
			if o.system {
				return runInstallSystem(cmd.Context(), s, c, o, rows)
			}
			return runInstall(cmd.Context(), s, c, o, rows)
		},
	}
	cmd.Flags().StringSliceVar(&o.browsers, "browser", nil, "set up this `id`; may be repeated")
	cmd.Flags().BoolVar(&o.all, "all", false, "set up every browser that readmit knows")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would be written, write nothing")
	cmd.Flags().BoolVar(&o.system, "system", false, "set up for everybody on this computer")
	cmd.Flags().StringVar(&o.os, "os", "", "with --dry-run: the system with this `name`")
	cmd.Flags().BoolVar(&o.json, "json", false, "answer in JSON")
	return cmd
}

// wrapped joins names into indented lines of at most 78 characters.
func wrapped(names []string) string {
	text, width := "  ", 2
	for i, name := range names {
		if i > 0 {
			text += ", "
			width += 2
		}
		if width+len(name) > 76 {
			text, width = strings.TrimSuffix(text, " ")+"\n  ", 2
		}
		text, width = text+name, width+len(name)
	}
	return text
}

// preview shows the plan for a system, this one or another. Its errors are
// wrong usage.
func preview(s streams, o installOptions) error {
	known := browser.Known(browser.GOOS(o.os))
	switch {
	case o.system || (o.all && len(o.browsers) > 0):
		return errors.New("--os goes with --dry-run, --browser and --json alone")
	case !o.dryRun:
		return hinted{errors.New("--os shows a plan and writes nothing"), "say so, as in: readmit install --dry-run --os " + o.os}
	case len(known) == 0:
		return hinted{fmt.Errorf("there is no system %q", o.os), "use one of: " + strings.Join(browser.Systems, ", ")}
	}
	rows := known
	if len(o.browsers) > 0 {
		var err error
		if rows, err = named(known, o.browsers); err != nil {
			return err
		}
	}
	places, err := register.Preview(rows, browser.GOOS(o.os))
	if err != nil {
		return err
	}
	changes := make([]change, len(places))
	for i, p := range places {
		changes[i] = change{Browser: p.Browser, Also: p.Also, Path: p.Path, Did: register.Wrote}
	}
	if o.json {
		return printJSON(s.out, struct {
			Version int      `json:"version"`
			DryRun  bool     `json:"dryRun"`
			OS      string   `json:"os"`
			Changes []change `json:"changes"`
		}{1, true, o.os, changes})
	}
	printChanges(s.out, changes, true)
	say(s.err, "Nothing was written.")
	return nil
}

// chosen are the rows that the flags name; its errors are wrong usage.
func chosen(m register.Machine, o installOptions) ([]browser.Browser, error) {
	known := browser.On(m.OS)
	if o.system {
		known = slices.DeleteFunc(known, func(b browser.Browser) bool { return len(b.Systems[m.OS].System) == 0 })
	}
	switch {
	case o.all && len(o.browsers) > 0:
		return nil, errors.New("--all and --browser exclude each other")
	case o.all:
		return known, nil
	case len(o.browsers) == 0 && o.system:
		return register.Installed(m), nil
	case len(o.browsers) == 0:
		return register.InUse(m), nil
	}
	return named(known, o.browsers)
}

// named are the rows with the given ids, in the table's order.
func named(known []browser.Browser, ids []string) ([]browser.Browser, error) {
	var rows []browser.Browser
	for _, b := range known {
		if slices.Contains(ids, b.ID) {
			rows = append(rows, b)
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(known, func(b browser.Browser) bool { return b.ID == id }) {
			if b, ok := browser.ByID(id); ok {
				return nil, fmt.Errorf("%s has no such place here", b.Name)
			}
			return nil, hinted{fmt.Errorf("there is no browser %q", id), "use one of: " + strings.Join(browser.IDs(known), ", ")}
		}
	}
	return rows, nil
}

func runInstall(ctx context.Context, s streams, c computer, o installOptions, rows []browser.Browser) error {
	switch {
	case len(browser.On(c.machine.OS)) == 0:
		return fmt.Errorf("readmit cannot set up browsers on %s yet", c.machine.OS)
	case len(rows) == 0:
		return hinted{errors.New("no browser that readmit knows was found"), `run "readmit install --all", or name one with --browser`}
	}
	if user := c.sudoUser(); user != "" {
		return hinted{errors.New("this would set readmit up for root, not for " + user), `run "readmit install" without sudo`}
	}
	for _, program := range []string{c.host(), c.agent()} {
		if err := register.Lasting(program, c.temporary); err != nil {
			return err
		}
	}
	plan, err := register.New(register.Options{
		Browsers: rows, Base: c.machine.Base, HostPath: c.host(), OS: c.machine.OS,
	})
	if err != nil {
		return err
	}
	done, err := register.Apply(plan, c.dirs.State, o.dryRun)
	if err != nil {
		return err
	}
	return finish(ctx, s, o, done, c.checks(), func() { printNext(s.err, rows, extensionFolder(c.bin)) })
}

// finish looks whether what was set up works, and tells of both.
func finish(ctx context.Context, s streams, o installOptions, done []register.Change, checks []doctor.Check, next func()) error {
	changes, failed := changesOf(done)
	findings := []doctor.Finding{}
	if !o.dryRun {
		findings = doctor.Run(ctx, checks, false)
		failed = failed || doctor.Worst(findings) == doctor.Fail
	}
	if o.json {
		err := printJSON(s.out, struct {
			Version int              `json:"version"`
			DryRun  bool             `json:"dryRun"`
			Changes []change         `json:"changes"`
			Checks  []doctor.Finding `json:"checks"`
		}{1, o.dryRun, changes, findings})
		if err != nil {
			return err
		}
	} else {
		printChanges(s.out, changes, o.dryRun)
		if len(findings) > 0 {
			say(s.err, "\nLooking whether it works:")
		}
		printFindings(s.out, findings)
	}
	if o.dryRun {
		say(s.err, "Nothing was written.")
	} else if !o.json {
		next()
	}
	if failed {
		return exitCode(exitFailed)
	}
	return nil
}

// extensionFolder is where the extension lies beside the programs, in a
// checkout or in a release; empty when it is in neither place.
func extensionFolder(bin string) string {
	for _, folder := range []string{"../extension/src", "../extension", "extension"} {
		folder = filepath.Join(bin, folder)
		if _, err := os.Stat(filepath.Join(folder, "manifest.json")); err == nil {
			return folder
		}
	}
	return ""
}

// printNext says how to load the extension, once per engine.
func printNext(w io.Writer, rows []browser.Browser, folder string) {
	manifest := filepath.Join(folder, "manifest.json")
	if folder == "" {
		folder = "the folder \"extension\" of your readmit download"
		manifest = "manifest.json in " + folder
	}
	say(w, "\nNow load the extension:")
	for _, b := range rows {
		switch b.Engine {
		case browser.Chromium:
			say(w, "  %s: open chrome://extensions, turn on Developer mode, choose \"Load unpacked\" and then\n    %s", b.Name, folder)
		case browser.Firefox:
			say(w, "  %s: open about:debugging#/runtime/this-firefox, choose \"Load Temporary Add-on\" and then\n    %s\n    Firefox forgets it when it is closed.",
				b.Name, manifest)
		}
	}
}
