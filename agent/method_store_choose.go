package agent

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/readmit/readmit/agent/atomicfile"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
)

// Bounds of a passphrase, in characters and bytes.
const (
	minPassphrase = 12
	maxPassphrase = 1 << 10
)

// storeChoose changes where secrets are kept, on the person's word alone. The
// new store is tried first; then the choice is written and this agent ends, so
// that the next one begins with it.
func (s *server) storeChoose(ctx context.Context, _ *conn, p *rpc.StoreChooseParams) (*rpc.StoreChooseResult, error) {
	if s.vaultFixed {
		return nil, notAllowed("the agent was started with --vault-file")
	}
	if err := paths.Private(s.dirs.Config); err != nil {
		return nil, &rpc.Error{Code: rpc.CodeNotAllowed, Message: err.Error(), Hint: hintOf(err)}
	}
	result := &rpc.StoreChooseResult{Store: p.Store}
	switch p.Store {
	case storeKeyring:
	case storeFile:
		if err := s.keepPassphrase(p.Passphrase.Reveal()); err != nil {
			return nil, err
		}
		result.File, result.PassphraseFile = filePath(s.dirs), passphrasePath(s.dirs)
	default:
		return nil, invalid("this store is not known")
	}
	if err := tryStore(ctx, vaultConfig(s.dirs, p.Store)); err != nil {
		return nil, vaultError(err)
	}
	if err := choose(s.dirs, p.Store); err != nil {
		return nil, err
	}
	if s.vaultKind != p.Store {
		result.Left = len(s.vault.All())
	}
	s.log.Info().Str("part", "vault").Str("store", p.Store).Msg("another store was chosen")
	time.AfterFunc(stopDelay, s.stop)
	return result, nil
}

// keepPassphrase writes the passphrase of a new file. One that was set opens a
// file already: it stays, and no other is taken for it.
func (s *server) keepPassphrase(passphrase string) error {
	_, err := os.Stat(passphrasePath(s.dirs))
	isSet := !errors.Is(err, fs.ErrNotExist)
	switch {
	case isSet && passphrase == "":
		return nil
	case isSet:
		return &rpc.Error{Code: rpc.CodeNotAllowed, Message: "a passphrase was set before, and is used again", Hint: "choose the file without a new one"}
	case passphrase == "":
		return &rpc.Error{Code: rpc.CodeBadParams, Message: "a new file needs a passphrase"}
	case utf8.RuneCountInString(passphrase) < minPassphrase || len(passphrase) > maxPassphrase:
		return invalid("the passphrase needs at least 12 characters, and at most 1024 bytes")
	case strings.ContainsFunc(passphrase, unicode.IsControl):
		return invalid("the passphrase holds control characters")
	}
	return atomicfile.Write(passphrasePath(s.dirs), []byte(passphrase+"\n"), 0o600)
}

func tryStore(ctx context.Context, c vault.Config) error {
	v, err := vault.Open(c)
	if err != nil {
		return err
	}
	return v.Check(ctx)
}
