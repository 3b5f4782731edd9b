package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/doctor"
)

type storeOptions struct{ file, keyring, stdin bool }

func newCredentialStore(s streams, c computer) *cobra.Command {
	var o storeOptions
	cmd := &cobra.Command{
		Use:   "store [--file [--stdin] | --keyring]",
		Short: "Say, or choose, where passwords are kept",
		Long: `Says where passwords are kept: in the desktop's password store unless you chose
otherwise. With --file they are kept from now on in a file that is encrypted with
a passphrase of yours, for a computer without a password store. The passphrase is
asked for once and kept beside your settings, for you alone: whoever reads both
can read the passwords. Nothing is moved from one store to the other.`,
		Example: `  readmit credential store
  readmit credential store --file`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.file && o.keyring:
				return usageError{cmd, errors.New("--file and --keyring exclude each other")}
			case o.stdin && !o.file:
				return usageError{cmd, errors.New("--stdin belongs to --file")}
			case o.file:
				return runStoreFile(cmd.Context(), s, c, o.stdin)
			case o.keyring:
				return c.chooseStore(cmd.Context(), s, rpc.StoreChooseParams{Store: "keyring"})
			}
			return runStore(cmd.Context(), s, c)
		},
	}
	cmd.Flags().BoolVar(&o.file, "file", false, "keep passwords in an encrypted file")
	cmd.Flags().BoolVar(&o.stdin, "stdin", false, "read the passphrase of a new file from standard input")
	cmd.Flags().BoolVar(&o.keyring, "keyring", false, "keep passwords in the desktop's password store")
	return cmd
}

func runStore(ctx context.Context, s streams, c computer) error {
	status, err := c.status(ctx, true)
	if err != nil {
		return err
	}
	say(s.out, "%s (%s)", plain(status.Vault), plain(status.Keyring))
	return nil
}

// runStoreFile asks for a passphrase only where none was set before.
func runStoreFile(ctx context.Context, s streams, c computer, fromStdin bool) error {
	params := rpc.StoreChooseParams{Store: "file"}
	if !fromStdin {
		err := c.chooseStore(ctx, s, params)
		var wire *rpc.Error
		if !errors.As(err, &wire) || wire.Code != rpc.CodeBadParams {
			return err
		}
	}
	var err error
	if params.Passphrase, err = s.secret("Passphrase of the new file, at least 12 characters", fromStdin); err != nil {
		return err
	}
	if !fromStdin {
		again, err := s.secret("The same once more", false)
		if err != nil {
			return err
		}
		if again.Reveal() != params.Passphrase.Reveal() {
			return errors.New("the two differ, and nothing was changed")
		}
	}
	return c.chooseStore(ctx, s, params)
}

func (c computer) chooseStore(ctx context.Context, s streams, params rpc.StoreChooseParams) error {
	var result rpc.StoreChooseResult
	if err := c.call(ctx, true, rpc.MethodStoreChoose, params, &result); err != nil {
		return err
	}
	where := "in the desktop's password store"
	if result.File != "" {
		where = "in " + result.File
	}
	line(s.out, doctor.OK, "Password store", "passwords are kept "+where, "")
	if result.PassphraseFile != "" {
		say(s.err, "its passphrase is in %s; keep a copy elsewhere", plain(result.PassphraseFile))
	}
	if result.Left > 0 {
		say(s.err, "%s", leftBehind(result.Left))
	}
	// The agent ends by itself; the next command must not meet the old one.
	return c.stop(ctx)
}

func leftBehind(n int) string {
	if n == 1 {
		return "one account stays in the store that was used so far, and is not offered from this one"
	}
	return fmt.Sprintf("%d accounts stay in the store that was used so far, and are not offered from this one", n)
}
