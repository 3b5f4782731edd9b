package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

func newStatus(s streams, c computer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status [--json]",
		Short: "Say how readmit is",
		Long: `Says whether the agent runs, what it says about itself, and which browsers are
set up. It starts nothing: an agent that does not run is started by the next
refused page. Exit code 3 means that it does not run.`,
		Example: `  readmit status
  readmit status --json`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE:                  func(cmd *cobra.Command, _ []string) error { return runStatus(cmd.Context(), s, c, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return cmd
}

func runStatus(ctx context.Context, s streams, c computer, asJSON bool) error {
	record, err := register.Load(c.dirs.State)
	if err != nil {
		return err
	}
	answer := struct {
		Version  int               `json:"version"`
		Running  bool              `json:"running"`
		Agent    *rpc.StatusResult `json:"agent,omitempty"`
		Browsers []string          `json:"browsers"`
	}{Version: 1, Browsers: []string{}}
	for _, entry := range record.Files {
		answer.Browsers = append(answer.Browsers, entry.Browser)
	}
	status, err := c.status(ctx, false)
	switch {
	case err == nil:
		answer.Running, answer.Agent = true, &status
	case !errors.Is(err, ipc.ErrNotRunning):
		return err
	}
	if asJSON {
		err = printJSON(s.out, answer)
	} else {
		err = printStatus(s, answer.Agent, answer.Browsers)
	}
	if err == nil && !answer.Running {
		return exitCode(exitNothing)
	}
	return err
}

func printStatus(s streams, status *rpc.StatusResult, browsers []string) error {
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	row := func(title, value string) { say(table, "%s\t%s", title, plain(value)) }
	if status == nil {
		row("Agent", "not running; the next refused page starts it")
	} else {
		row("Agent", fmt.Sprintf("version %s, process %d, since %s", status.Version, status.PID, status.Started.Local().Format(time.DateTime)))
		row("Password store", status.Keyring+" ("+status.Vault+")")
		journal := status.Journal
		if status.JournalProblem != "" {
			journal += " (" + status.JournalProblem + ")"
		}
		row("Journal", journal)
		row("Signatures", signatures(status.Signatures))
		row("Connections", fmt.Sprint(status.Connections))
	}
	var names []string
	for _, id := range browsers {
		name := id
		if b, ok := browser.ByID(id); ok {
			name = b.Name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = []string{"none set up"}
	}
	row("Browsers", strings.Join(names, ", "))
	return table.Flush()
}

// signatures says which rows are in force. An agent of an older version says
// nothing of them.
func signatures(s rpc.SignatureStatus) string {
	text := "built in"
	switch s.Source {
	case "":
		return "not known"
	case "file":
		text = "from the system folder"
	}
	text = fmt.Sprintf("%d rows of %d, %s", s.Rows, s.Serial, text)
	if s.Problem != "" {
		text += " (" + s.Problem + ")"
	}
	return text
}
