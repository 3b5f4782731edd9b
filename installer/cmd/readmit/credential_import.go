package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/doctor"
	"github.com/readmit/readmit/installer/netrc"
)

type importOptions struct {
	file            string
	dryRun, replace bool
}

func newCredentialImport(s streams, c computer) *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:   "import <file>|- [--dry-run] [--replace]",
		Short: "Keep the accounts of a .netrc file",
		Long: `Keeps the accounts of a .netrc file, or of standard input with "-", for https and
every area of each machine. An account that is kept already stays as it is
without --replace. A default has no site, and macros are passed over. The file
itself is not changed; delete it when no other program needs it.`,
		Example: `  readmit credential import ~/.netrc --dry-run
  gpg -d ~/.netrc.gpg | readmit credential import -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{cmd, hinted{errors.New("import takes one file"), `name it, or "-" for standard input`}}
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return runCredentialImport(cmd.Context(), s, c, o)
		},
	}
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would be kept, keep nothing")
	cmd.Flags().BoolVar(&o.replace, "replace", false, "replace passwords that are kept already")
	return cmd
}

func runCredentialImport(ctx context.Context, s streams, c computer, o importOptions) error {
	entries, err := readNetrc(s.in, o.file)
	if err != nil {
		return err
	}
	kept, err := c.accounts(ctx)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		say(s.err, "there is no account in it")
		return exitCode(exitNothing)
	}
	failed := false
	for _, row := range planImport(entries, kept, o.replace) {
		switch {
		case row.left != "":
			line(s.out, doctor.Warn, row.title, row.left, "")
		case o.dryRun:
			line(s.out, doctor.OK, row.title, row.would, "")
		default:
			did, err := c.store(ctx, row.params)
			if err != nil {
				failed = true
				line(s.out, doctor.Fail, row.title, row.params.Account+": "+err.Error(), hintOf(err))
				continue
			}
			line(s.out, doctor.OK, row.title, storedText[did](row.params.Account), "")
		}
	}
	if failed {
		return exitCode(exitFailed)
	}
	return nil
}

func readNetrc(in io.Reader, file string) ([]netrc.Entry, error) {
	name := "standard input"
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		in, name = f, file
	}
	entries, err := netrc.Parse(in)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return entries, nil
}

// importRow is what becomes of one entry.
type importRow struct {
	title  string
	left   string // why it is left out; "" when it is kept
	would  string
	params rpc.AccountStoreParams
}

// planImport decides about each entry. Of two for the same account the first
// counts, as with other readers of the file.
func planImport(entries []netrc.Entry, kept []rpc.StoredAccount, replace bool) []importRow {
	seen := map[[2]string]bool{}
	rows := make([]importRow, len(entries))
	for i, e := range entries {
		row := importRow{title: fmt.Sprintf("line %d", e.Line)}
		origin, err := originOf(addressOf(e))
		named := [2]string{origin, e.Login}
		switch {
		case e.Machine == "":
			row.left = "left out: a default has no site"
		case e.Protocol != "" && e.Protocol != "https" && e.Protocol != "http":
			row.left = "left out: it is not for the web"
		case err != nil:
			row.left = "left out: its machine is no site"
		case e.Login == "" || e.Password.Reveal() == "":
			row.title, row.left = origin, "left out: no login or no password"
		case seen[named]:
			row.title, row.left = origin, "left out: "+e.Login+" stands further up already"
		case !replace && isKept(kept, origin, e.Login):
			row.title, row.left = origin, "left as it is: "+e.Login+" is kept already; --replace replaces it"
		default:
			row.title, row.would = origin, "would keep "+e.Login
			if isKept(kept, origin, e.Login) {
				row.would = "would replace the password of " + e.Login
			}
			row.params = rpc.AccountStoreParams{Origin: origin, AnyRealm: true, Account: e.Login, Secret: e.Password, Replace: replace}
		}
		seen[named] = true
		rows[i] = row
	}
	return rows
}

// addressOf is where an entry belongs: https, unless it says otherwise.
func addressOf(e netrc.Entry) string {
	address := e.Machine
	if e.Protocol != "" {
		address = e.Protocol + "://" + address
	}
	if e.Port != "" {
		address += ":" + e.Port
	}
	return address
}

func isKept(kept []rpc.StoredAccount, origin, account string) bool {
	for _, a := range kept {
		if a.AnyRealm && a.Account == account && a.Origin == origin {
			return true
		}
	}
	return false
}
