package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/installer/doctor"
)

type doctorOptions struct{ json, fix bool }

func newDoctor(s streams, c computer) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [--json] [--fix]",
		Short: "Find out why readmit does not work",
		Long: `Looks at the programs, the folders, the agent, the password store and each
browser, and says what mends what it finds. It starts the agent if it does not
run. With --fix it mends what it can. Warnings do not count as failure.`,
		Example: `  readmit doctor
  readmit doctor --fix`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE:                  func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), s, c, o) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "answer in JSON")
	cmd.Flags().BoolVar(&o.fix, "fix", false, "mend what can be mended")
	return cmd
}

func runDoctor(ctx context.Context, s streams, c computer, o doctorOptions) error {
	if user := c.sudoUser(); o.fix && user != "" {
		return hinted{errors.New("this would mend root's set-up, not that of " + user), `run "readmit doctor --fix" without sudo`}
	}
	findings := doctor.Run(ctx, c.checks(), o.fix)
	worst := doctor.Worst(findings)
	if o.json {
		err := printJSON(s.out, struct {
			Version int              `json:"version"`
			State   doctor.State     `json:"state"`
			Checks  []doctor.Finding `json:"checks"`
		}{1, worst, findings})
		if err != nil {
			return err
		}
	} else {
		printFindings(s.out, findings)
	}
	if worst == doctor.Fail {
		return exitCode(exitFailed)
	}
	return nil
}
