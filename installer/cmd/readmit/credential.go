package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/net/idna"

	"github.com/readmit/readmit/agent/rpc"
)

func newCredential(s streams, c computer) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "credential <command>",
		Short: "Keep the accounts that readmit may offer",
		Long: `Adds, lists and removes the accounts that readmit offers in its window. What is
added here is sent to no site before you agree to it there. No command prints a
password.`,
		Example: `  readmit credential add intranet.example.org --account anna
  readmit credential list`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newCredentialAdd(s, c), newCredentialList(s, c), newCredentialRemove(s, c),
		newCredentialImport(s, c), newCredentialStore(s, c),
	)
	return cmd
}

// oneSite takes the argument <site>.
func oneSite(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{cmd, hinted{fmt.Errorf("%q takes one site", cmd.CommandPath()), "name it, as in: intranet.example.org"}}
	}
	return nil
}

// originOf reads a site as people type it: a host, or an address whose path is
// left out. Its errors quote nothing: an address may hold a password.
func originOf(site string) (string, error) {
	wrong := func(problem string) (string, error) {
		return "", hinted{errors.New(problem), "name the site, as in: https://intranet.example.org"}
	}
	if !strings.Contains(site, "://") {
		site = "https://" + site
	}
	u, err := url.Parse(site)
	switch {
	case err != nil || u.Hostname() == "":
		return wrong("that is no site")
	case u.Scheme != "https" && u.Scheme != "http":
		return wrong("readmit keeps accounts of web sites alone")
	case u.User != nil:
		return wrong("a site is named without an account")
	}
	host, err := hostOf(u)
	if err != nil {
		return wrong("that is no site")
	}
	return u.Scheme + "://" + host, nil
}

// hostOf is host and port as browsers write them in an origin.
func hostOf(u *url.URL) (string, error) {
	host := strings.ToLower(u.Hostname())
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		host = "[" + addr.String() + "]"
	} else if !isASCII(host) {
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", err
		}
	}
	if port := u.Port(); port != "" && port != map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		host += ":" + port
	}
	return host, nil
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// accounts asks for all stored accounts, page by page.
func (c computer) accounts(ctx context.Context) ([]rpc.StoredAccount, error) {
	var all []rpc.StoredAccount
	for after := ""; ; {
		var page rpc.AccountListResult
		if err := c.call(ctx, true, rpc.MethodAccountList, rpc.AccountListParams{After: after}, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Accounts...)
		if !page.More || len(page.Accounts) == 0 {
			return all, nil
		}
		after = page.Accounts[len(page.Accounts)-1].ID
	}
}

// realmOf is how a realm reads in a list.
func realmOf(a rpc.StoredAccount) string {
	if a.AnyRealm {
		return "(any)"
	}
	return quoted(a.Realm)
}

// quoted marks a site's words as such.
func quoted(realm string) string { return `"` + realm + `"` }
