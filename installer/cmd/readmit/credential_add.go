package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/doctor"
)

type addOptions struct {
	origin, account, realm   string
	hasRealm, stdin, replace bool
}

func newCredentialAdd(s streams, c computer) *cobra.Command {
	var o addOptions
	cmd := &cobra.Command{
		Use:   "add <site> --account <name> [--realm <text>] [--stdin] [--replace]",
		Short: "Keep an account of a site",
		Long: `Asks for the password of an account and keeps it in this computer's password
store. The password is typed, and not shown, or read from standard input; it is
never an argument. Without --realm the account is offered for every area of the
site that asks for a name and password. A site without "http://" means https.`,
		Example: `  readmit credential add intranet.example.org --account anna
  head -n 1 secret.txt | readmit credential add intranet.example.org --account anna --stdin`,
		Args:                  oneSite,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			o.origin, err = originOf(args[0])
			if err == nil && o.account == "" {
				err = hinted{errors.New("there is no account to add"), "name it, as in: --account anna"}
			}
			if err != nil {
				return usageError{cmd, err}
			}
			o.hasRealm = cmd.Flags().Changed("realm")
			return runCredentialAdd(cmd.Context(), s, c, o)
		},
	}
	cmd.Flags().StringVar(&o.account, "account", "", "the user `name` at the site")
	cmd.Flags().StringVar(&o.realm, "realm", "", "only where the site asks with this `text`")
	cmd.Flags().BoolVar(&o.stdin, "stdin", false, "read the password from standard input")
	cmd.Flags().BoolVar(&o.replace, "replace", false, "replace a password that is kept for this account")
	return cmd
}

func runCredentialAdd(ctx context.Context, s streams, c computer, o addOptions) error {
	secret, err := s.secret("Password of "+plain(o.account), o.stdin)
	if err != nil {
		return err
	}
	params := rpc.AccountStoreParams{
		Origin: o.origin, Account: o.account, Realm: o.realm, AnyRealm: !o.hasRealm, Secret: secret, Replace: o.replace,
	}
	did, err := c.store(ctx, params)
	if err != nil {
		return err
	}
	line(s.out, doctor.OK, o.origin, storedText[did](o.account), "")
	return nil
}

// store keeps an account. That one is kept already says what replaces it.
func (c computer) store(ctx context.Context, params rpc.AccountStoreParams) (rpc.Stored, error) {
	var result rpc.AccountStoreResult
	err := c.call(ctx, true, rpc.MethodAccountStore, params, &result)
	var wire *rpc.Error
	if errors.As(err, &wire) && wire.Code == rpc.CodeNotAllowed && !params.Replace {
		return "", hinted{err, "add --replace to replace it"}
	}
	return result.Did, err
}

// storedText is how it reads what became of an account.
var storedText = map[rpc.Stored]func(account string) string{
	rpc.StoredAdded:     func(account string) string { return "kept " + account },
	rpc.StoredReplaced:  func(account string) string { return "replaced the password of " + account },
	rpc.StoredUnchanged: func(account string) string { return "the password of " + account + " is kept already" },
}
