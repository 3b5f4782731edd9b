package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/doctor"
	"github.com/readmit/readmit/installer/register"
)

func newUninstall(s streams, c computer) *cobra.Command {
	var purge, system bool
	cmd := &cobra.Command{
		Use:   "uninstall [--purge|--system]",
		Short: "Remove what install wrote",
		Long: `Removes exactly what "install" wrote, puts back what it kept aside, and stops the
agent. What the agent keeps stays and is named: its history and log, and your
settings. With --purge they go too. The programs stay. Sign-ins in the desktop's
password store are never touched. With --system it removes what was set up for
everybody, and leaves what is each person's own.`,
		Example: `  readmit uninstall
  readmit uninstall --purge`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case system && purge:
				return usageError{cmd, errors.New("--system and --purge exclude each other: what people keep is their own")}
			case system:
				return runUninstallSystem(s, c)
			}
			return runUninstall(cmd.Context(), s, c, purge)
		},
	}
	cmd.Flags().BoolVar(&system, "system", false, "remove what was set up for everybody")
	cmd.Flags().BoolVar(&purge, "purge", false, "also remove history, log and settings")
	return cmd
}

func runUninstall(ctx context.Context, s streams, c computer, purge bool) error {
	record, err := register.Load(c.dirs.State)
	if err != nil {
		return err
	}
	done, err := register.Undo(c.dirs.State)
	if err != nil {
		return err
	}
	changes, failed := changesOf(done)
	printChanges(s.out, changes, false)
	if err := c.stop(ctx); err != nil {
		// What a running agent uses is not taken from under it.
		alive := c.env().Unanswered(err)
		line(s.out, doctor.Fail, "Agent", alive.Detail, alive.Mend)
		sayKept(s, c, false)
		return exitCode(exitFailed)
	}
	purged := false
	if purge && !failed {
		if purged, err = removeFolders(s, c); err != nil {
			return err
		}
		// Those above the state folder were not empty before.
		register.RemoveEmpty(record.Folders)
	}
	if !purge {
		sayKept(s, c, true)
	}
	switch {
	case failed:
		return exitCode(exitFailed)
	case len(changes) == 0 && !purged:
		say(s.err, "readmit is not set up for any browser of yours.")
		return exitCode(exitNothing)
	}
	say(s.err, "If the extension is still loaded, remove it in the browser.")
	return nil
}

// sayKept names the folders that stay and, where that would work, how to be
// rid of them.
func sayKept(s streams, c computer, purgeable bool) {
	kept := false
	for _, place := range []struct{ holds, folder string }{
		{"history and log", c.dirs.State}, {"settings", c.dirs.Config}, {"the agent's lock", c.dirs.Runtime},
	} {
		if _, err := os.Lstat(place.folder); err == nil {
			line(s.out, doctor.OK, "Folders", "kept "+place.folder+" ("+place.holds+")", "")
			kept = true
		}
	}
	if kept && purgeable {
		say(s.err, `To remove these folders too, run "readmit uninstall --purge".`)
	}
}

// removeFolders removes readmit's own folders and says whether there was one.
// Only folders called readmit, or inside one, are removed: a variable that was
// set by mistake must not cost a home folder.
func removeFolders(s streams, c computer) (bool, error) {
	removed := false
	for _, folder := range []string{c.dirs.Runtime, c.dirs.State, c.dirs.Config} {
		if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if filepath.Base(folder) != about.Name && filepath.Base(filepath.Dir(folder)) != about.Name {
			return removed, hinted{fmt.Errorf("%s is not called %s, so it stays", folder, about.Name),
				"look into it and remove it yourself"}
		}
		if err := os.RemoveAll(folder); err != nil {
			return removed, fmt.Errorf("removing %s: %w", folder, err)
		}
		line(s.out, doctor.OK, "Folders", "removed "+folder, "")
		removed = true
	}
	if removed {
		say(s.err, `Sign-ins that you kept stay in the desktop's password store; look there for "readmit".`)
	}
	return removed, nil
}
