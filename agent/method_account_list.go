package agent

import (
	"context"
	"slices"

	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/rpc"
)

// accountPage keeps a page well below what one frame may hold.
const accountPage = 200

// accountList lists the stored accounts of all sites from the index, without
// asking the password store.
func (s *server) accountList(_ context.Context, _ *conn, p *rpc.AccountListParams) (*rpc.AccountListResult, error) {
	all := s.vault.All()
	if p.After != "" {
		at := slices.IndexFunc(all, func(stored vault.Stored) bool { return accountID(&stored) == p.After })
		if at < 0 {
			return nil, notFound("this account")
		}
		all = all[at+1:]
	}
	result := &rpc.AccountListResult{Accounts: []rpc.StoredAccount{}}
	for i := range all {
		if i == accountPage {
			result.More = true
			break
		}
		account, err := s.told(&all[i])
		if err != nil {
			return nil, err
		}
		result.Accounts = append(result.Accounts, account)
	}
	return result, nil
}

// accountID names a stored account as its lasting consent would be named.
func accountID(stored *vault.Stored) string { return journal.StandingID(journal.Key(stored.Key)) }

func (s *server) told(stored *vault.Stored) (rpc.StoredAccount, error) {
	account := rpc.StoredAccount{
		ID: accountID(stored), Origin: stored.Origin, AnyRealm: stored.Realm == vault.AnyRealm,
		Account: stored.Key.Account, Worked: stored.Worked,
	}
	if !account.AnyRealm {
		account.Realm = redact.Line(stored.Realm, maxRealm)
	}
	var err error
	account.State, _, err = s.stateOf(stored)
	return account, err
}
