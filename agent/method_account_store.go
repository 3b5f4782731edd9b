package agent

import (
	"context"
	"strings"
	"unicode"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/rpc"
)

// accountStore keeps a sign-in that the person handed over at the command
// line. What became of an earlier secret is no more said of this one.
func (s *server) accountStore(ctx context.Context, _ *conn, p *rpc.AccountStoreParams) (*rpc.AccountStoreResult, error) {
	k, err := checkAccount(p)
	if err != nil {
		return nil, err
	}
	before, exists := s.revisionOf(k)
	if exists && !p.Replace {
		return nil, &rpc.Error{Code: rpc.CodeNotAllowed, Message: "a password of this account is stored already", Hint: "say that it is to be replaced"}
	}
	secret := vault.NewSecret(p.Secret.Reveal())
	defer secret.Wipe()
	revision, err := s.vault.Set(ctx, vaultKey(k), secret)
	if err != nil {
		return nil, vaultError(err)
	}
	did := rpc.StoredReplaced
	switch {
	case !exists:
		did = rpc.StoredAdded
	case revision == before:
		did = rpc.StoredUnchanged
	}
	return &rpc.AccountStoreResult{Did: did}, nil
}

// checkAccount bounds what a command line may store as what a person types.
func checkAccount(p *rpc.AccountStoreParams) (journal.Key, error) {
	origin, ok := release.Origin(p.Origin)
	switch {
	case !ok || len(origin) > vault.MaxOrigin:
		return journal.Key{}, invalid("the site is no origin such as https://intranet.example.org")
	case len(p.Realm) > vault.MaxRealm || strings.ContainsFunc(p.Realm, unicode.IsControl):
		return journal.Key{}, invalid("the realm is too long or holds control characters")
	case p.AnyRealm && p.Realm != "":
		return journal.Key{}, invalid("a realm and any realm exclude each other")
	case p.Secret.Reveal() == "":
		return journal.Key{}, invalid("the password is empty")
	}
	k := journal.Key{Origin: origin, Realm: p.Realm, Account: p.Account}
	if p.AnyRealm {
		k.Realm = vault.AnyRealm
	}
	return k, checkSignIn(&rpc.SaveParams{Account: p.Account, Secret: p.Secret})
}
