package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/doctor"
)

type removeOptions struct {
	origin, account, realm, always string
	hasRealm                       bool
}

func newCredentialRemove(s streams, c computer) *cobra.Command {
	var o removeOptions
	cmd := &cobra.Command{
		Use:   "remove <site> --account <name> [--realm <text>] | --always <id>",
		Short: "Forget an account, or ask again before it is used",
		Long: `Forgets the password of an account with all that rests on it. With --always and
an id of "list --always" it keeps the password, and readmit asks again before it
signs in there.`,
		Example: `  readmit credential remove intranet.example.org --account anna
  readmit credential remove --always 0123456789abcdef01234567`,
		DisableFlagsInUseLine: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.always != "" {
				return noArgs(cmd, args)
			}
			return oneSite(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.hasRealm = cmd.Flags().Changed("realm")
			if o.always != "" {
				if o.account != "" || o.hasRealm {
					return usageError{cmd, errors.New("--always takes no --account and no --realm")}
				}
				return runRemoveAlways(cmd.Context(), s, c, o.always)
			}
			var err error
			o.origin, err = originOf(args[0])
			if err == nil && o.account == "" {
				err = hinted{errors.New("there is no account to remove"), "name it, as in: --account anna"}
			}
			if err != nil {
				return usageError{cmd, err}
			}
			return runCredentialRemove(cmd.Context(), s, c, o)
		},
	}
	cmd.Flags().StringVar(&o.account, "account", "", "the user `name` at the site")
	cmd.Flags().StringVar(&o.realm, "realm", "", "only the one of this `text`, where several are kept")
	cmd.Flags().StringVar(&o.always, "always", "", "ask again where this `id` of \"list --always\" was used without asking")
	return cmd
}

func runCredentialRemove(ctx context.Context, s streams, c computer, o removeOptions) error {
	accounts, err := c.accounts(ctx)
	if err != nil {
		return err
	}
	var found []rpc.StoredAccount
	for _, a := range accounts {
		if a.Origin == o.origin && a.Account == o.account && (!o.hasRealm || !a.AnyRealm && a.Realm == o.realm) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return hinted{fmt.Errorf("no account %s is kept for %s", o.account, o.origin), `run "readmit credential list"`}
	case 1:
	default:
		return hinted{fmt.Errorf("%s is kept for %d realms of %s", o.account, len(found), o.origin), "name one with --realm"}
	}
	if err := c.call(ctx, true, rpc.MethodAccountRemove, rpc.AccountParams{ID: found[0].ID}, nil); err != nil {
		return err
	}
	line(s.out, doctor.OK, found[0].Origin, "forgot "+o.account, "")
	return nil
}

func runRemoveAlways(ctx context.Context, s streams, c computer, id string) error {
	err := c.call(ctx, true, rpc.MethodCredentialForget, rpc.ForgetParams{StandingID: id}, nil)
	var wire *rpc.Error
	if errors.As(err, &wire) && wire.Code == rpc.CodeNotFound {
		return hinted{errors.New("there is nothing of this id"), `run "readmit credential list --always"`}
	}
	if err != nil {
		return err
	}
	line(s.out, doctor.OK, "Always here", "withdrawn; readmit asks again", "")
	return nil
}
