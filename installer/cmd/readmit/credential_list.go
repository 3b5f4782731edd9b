package main

import (
	"context"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/rpc"
)

type listOptions struct{ always, json bool }

func newCredentialList(s streams, c computer) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list [--always] [--json]",
		Short: "List the accounts that are kept",
		Long: `Lists the accounts that readmit keeps, never a password. With --always it lists
the sites that readmit signs in to without asking, when that was last used, and
the id by which "remove --always" ends it. Exit code 3 means that there is none.`,
		Example: `  readmit credential list
  readmit credential list --always --json`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.always {
				return runListAlways(cmd.Context(), s, c, o.json)
			}
			return runListAccounts(cmd.Context(), s, c, o.json)
		},
	}
	cmd.Flags().BoolVar(&o.always, "always", false, "list the sites that are signed in to without asking")
	cmd.Flags().BoolVar(&o.json, "json", false, "answer in JSON")
	return cmd
}

func runListAccounts(ctx context.Context, s streams, c computer, asJSON bool) error {
	accounts, err := c.accounts(ctx)
	if err != nil {
		return err
	}
	rows := make([][]string, len(accounts))
	for i, a := range accounts {
		rows[i] = []string{a.Origin, realmOf(a), a.Account, stateText[a.State], when(a.Worked)}
	}
	return printList(s, asJSON, struct {
		Version  int                 `json:"version"`
		Accounts []rpc.StoredAccount `json:"accounts"`
	}{1, append([]rpc.StoredAccount{}, accounts...)}, []string{"SITE", "REALM", "ACCOUNT", "PASSWORD", "LAST WORKED"}, rows)
}

// stateText is how the state of a kept password reads.
var stateText = map[rpc.AccountState]string{
	rpc.AccountReady:   "kept",
	rpc.AccountRefused: "was not accepted; not sent again by itself",
	rpc.AccountUnseen:  "outcome not seen; not sent again by itself",
}

func runListAlways(ctx context.Context, s streams, c computer, asJSON bool) error {
	var list rpc.ListResult
	if err := c.call(ctx, true, rpc.MethodCredentialList, rpc.ListParams{Standing: true}, &list); err != nil {
		return err
	}
	rows := make([][]string, len(list.Standing))
	for i, a := range list.Standing {
		rows[i] = []string{a.ID, a.Space.Origin, quoted(a.Space.Realm), a.Account, a.Space.Scheme, when(a.Used)}
	}
	return printList(s, asJSON, struct {
		Version int            `json:"version"`
		Always  []rpc.Standing `json:"always"`
	}{1, append([]rpc.Standing{}, list.Standing...)}, []string{"ID", "SITE", "REALM", "ACCOUNT", "SCHEME", "LAST USED"}, rows)
}

func when(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return at.Local().Format(time.DateTime)
}

// printList prints a table, or the same in JSON; exit code 3 says that it is empty.
func printList(s streams, asJSON bool, answer any, head []string, rows [][]string) error {
	if asJSON {
		if err := printJSON(s.out, answer); err != nil {
			return err
		}
	} else if len(rows) > 0 {
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{head}, rows...) {
			for i, cell := range row {
				if i > 0 {
					_, _ = table.Write([]byte{'\t'})
				}
				_, _ = table.Write([]byte(plain(cell)))
			}
			say(table, "")
		}
		if err := table.Flush(); err != nil {
			return err
		}
	} else {
		say(s.err, "there is none")
	}
	if len(rows) == 0 {
		return exitCode(exitNothing)
	}
	return nil
}
