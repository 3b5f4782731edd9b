package agent

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

// commandLine dials as "readmit" does.
func (h *hub) commandLine() *peer {
	h.t.Helper()
	return h.as(rpc.Caller{Engine: engineCLI, HostVersion: about.Version})
}

func forSite(account, secret string) rpc.AccountStoreParams {
	return rpc.AccountStoreParams{Origin: site, AnyRealm: true, Account: account, Secret: rpc.NewWireSecret(secret)}
}

func TestTheCommandLineStoresListsAndRemovesAccountsAndReadsNoSecret(t *testing.T) {
	h := startHub(t)
	c := h.commandLine()
	staff := rpc.AccountStoreParams{Origin: "HTTPS://Intranet.example:443", Realm: "Staff", Account: "anna", Secret: rpc.NewWireSecret("canary-one")}
	if got := call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, staff).Did; got != rpc.StoredAdded {
		t.Errorf("stored: %s", got)
	}
	call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, forSite("bert", "canary-two"))
	raw, fault := c.ask(rpc.MethodAccountList, rpc.AccountListParams{})
	if fault != nil {
		t.Fatal(fault)
	}
	if bytes.Contains(raw, []byte("canary")) {
		t.Errorf("a secret is listed: %s", raw)
	}
	list := call[rpc.AccountListResult](c, rpc.MethodAccountList, nothing{}).Accounts
	for i := range list {
		list[i].ID = ""
	}
	if diff := cmp.Diff([]rpc.StoredAccount{
		{Origin: site, AnyRealm: true, Account: "bert", State: rpc.AccountReady},
		{Origin: "https://intranet.example", Realm: "Staff", Account: "anna", State: rpc.AccountReady},
	}, list); diff != "" {
		t.Error(diff)
	}
	for _, method := range []string{rpc.MethodCredentialRelease, rpc.MethodCredentialSave} {
		c.refused(method, nothing{}, rpc.CodeNotAllowed)
	}
	p := h.browser()
	for _, method := range []string{rpc.MethodAccountList, rpc.MethodAccountStore, rpc.MethodAccountRemove, rpc.MethodStoreChoose} {
		p.refused(method, nothing{}, rpc.CodeNotAllowed)
	}
	id := call[rpc.AccountListResult](c, rpc.MethodAccountList, nothing{}).Accounts[0].ID
	call[nothing](c, rpc.MethodAccountRemove, rpc.AccountParams{ID: id})
	c.refused(rpc.MethodAccountRemove, rpc.AccountParams{ID: id}, rpc.CodeNotFound)
}

func TestWhatIsStoredIsReplacedOnRequestAlone(t *testing.T) {
	h := startHub(t)
	c, p := h.commandLine(), h.browser()
	h.refusedOnce(p, rpc.ConsentOnce)
	same := rpc.AccountStoreParams{Origin: site, Realm: "Staff", Account: "anna", Secret: rpc.NewWireSecret("correct horse")}
	c.refused(rpc.MethodAccountStore, same, rpc.CodeNotAllowed)
	same.Replace = true
	if got := call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, same).Did; got != rpc.StoredUnchanged {
		t.Errorf("the same secret: %s", got)
	}
	// It is the one that was refused: that it was typed again changes nothing.
	p.refused(rpc.MethodCredentialRelease, releaseOf(h.report(p, "/b"), rpc.ConsentOnce), rpc.CodeRefusedBefore)
	same.Secret = rpc.NewWireSecret("new hörse")
	if got := call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, same).Did; got != rpc.StoredReplaced {
		t.Errorf("another secret: %s", got)
	}
	if got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(h.report(p, "/c"), rpc.ConsentOnce)); got.Secret.Reveal() != "new hörse" {
		t.Error("the old secret is still the one that is sent")
	}
}

func TestWhatCannotBeStoredIsRefusedBeforeAnythingIsLost(t *testing.T) {
	h := startHub(t)
	c := h.commandLine()
	call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, forSite("anna", "kept"))
	for name, change := range map[string]func(*rpc.AccountStoreParams){
		"a secret over the limit": func(p *rpc.AccountStoreParams) { p.Secret = rpc.NewWireSecret(strings.Repeat("x", vault.MaxSecret+1)) },
		"a secret over the limit by its size": func(p *rpc.AccountStoreParams) {
			p.Secret = rpc.NewWireSecret(strings.Repeat("ä", vault.MaxSecret/2+1))
		},
		"a secret with a line break": func(p *rpc.AccountStoreParams) { p.Secret = rpc.NewWireSecret("a\nb") },
		"no secret":                  func(p *rpc.AccountStoreParams) { p.Secret = rpc.NewWireSecret("") },
		"no account":                 func(p *rpc.AccountStoreParams) { p.Account = "" },
		"an address for a site":      func(p *rpc.AccountStoreParams) { p.Origin = site + "/path" },
		"a site of another kind":     func(p *rpc.AccountStoreParams) { p.Origin = "ftp://host" },
		"a realm and any realm":      func(p *rpc.AccountStoreParams) { p.Realm = "Staff" },
		"a realm no site can name":   func(p *rpc.AccountStoreParams) { p.Realm, p.AnyRealm = vault.AnyRealm, false },
	} {
		t.Run(name, func(t *testing.T) {
			p := forSite("anna", "another")
			p.Replace = true
			change(&p)
			c.refused(rpc.MethodAccountStore, p, rpc.CodeBadParams)
		})
	}
	p := h.browser()
	if got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(h.report(p, "/a"), rpc.ConsentOnce)); got.Secret.Reveal() != "kept" {
		t.Error("the secret that was stored is gone")
	}
	if limit := forSite("bert", strings.Repeat("ä", vault.MaxSecret/2)); call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, limit).Did != rpc.StoredAdded {
		t.Error("a secret at the limit is not stored")
	}
}

// What was stored for a site is offered for whatever realm it names, asked for
// each time, and is one credential: refused in one realm, it is in all.
func TestAnAccountOfAWholeSiteServesEveryRealm(t *testing.T) {
	h := startHub(t)
	c, p := h.commandLine(), h.browser()
	call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, forSite("anna", "correct horse"))
	in := func(realm, path string) string {
		report := h.basicRefusal(path)
		report.Refusal.ResponseHeaders[0].Value = fmt.Sprintf("Basic realm=%q", realm)
		return call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
	}
	id := in("Staff", "/a")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentAlways))
	busy := in("Archive", "/busy")
	p.refused(rpc.MethodCredentialRelease, releaseOf(busy, rpc.ConsentOnce), rpc.CodeBusy)
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	id = in("Staff", "/b")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentStanding))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	// "Always here" was said of one realm.
	id = in("Archive", "/c")
	if list := accounts(p, id); len(list.Accounts) != 1 || list.Accounts[0].Standing {
		t.Errorf("listed %+v", list.Accounts)
	}
}

func TestARefusalInOneRealmHoldsForTheWholeSiteAccount(t *testing.T) {
	h := startHub(t)
	c, p := h.commandLine(), h.browser()
	call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, forSite("anna", "correct horse"))
	id := h.report(p, "/a")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentAlways))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	id = h.report(p, "/b")
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentStanding))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRefused))
	report := h.basicRefusal("/archive")
	report.Refusal.ResponseHeaders[0].Value = `Basic realm="Archive"`
	id = call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
	p.refused(rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce), rpc.CodeRefusedBefore)

	// A sign-in that was typed for this realm is kept beside it and comes first.
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "typed", true))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRecovered))
	report.Refusal.URL += "/2"
	id = call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
	if list := accounts(p, id); len(list.Accounts) != 1 || list.Accounts[0].State != rpc.AccountReady {
		t.Errorf("listed %+v", list.Accounts)
	}
	if got := call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce)); got.Secret.Reveal() != "typed" {
		t.Error("the whole site's secret was sent instead of the realm's own")
	}

	// Removing it withdraws what rests on it, and leaves its namesake.
	for _, account := range call[rpc.AccountListResult](c, rpc.MethodAccountList, nothing{}).Accounts {
		if account.AnyRealm {
			call[nothing](c, rpc.MethodAccountRemove, rpc.AccountParams{ID: account.ID})
		}
	}
	if list := call[rpc.ListResult](c, rpc.MethodCredentialList, rpc.ListParams{Standing: true}); len(list.Standing) != 0 {
		t.Errorf("standing: %+v", list.Standing)
	}
	if list := call[rpc.AccountListResult](c, rpc.MethodAccountList, nothing{}).Accounts; len(list) != 1 || list[0].Realm != "Archive" {
		t.Errorf("left: %+v", list)
	}
}

func TestTheAccountThatWorkedLastComesFirst(t *testing.T) {
	h := startHub(t)
	c, p := h.commandLine(), h.browser()
	for _, account := range []string{"anna", "bert", "carl"} {
		call[rpc.AccountStoreResult](c, rpc.MethodAccountStore, forSite(account, "secret of "+account))
	}
	order := func() (names []string) {
		for _, a := range accounts(p, h.report(p, "/order")).Accounts {
			names = append(names, a.Account)
		}
		return names
	}
	worked := func(account string) {
		t.Helper()
		h.clock.forward(-time.Hour) // the clock is being set right
		id := h.report(p, "/"+account)
		call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, rpc.ReleaseParams{IncidentID: id, Account: account, Consent: rpc.ConsentOnce})
		ended := outcome(id, recovery.ResultRecovered)
		ended.Account = account
		call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, ended)
	}
	for _, step := range []struct {
		account string
		want    []string
	}{
		{"", []string{"anna", "bert", "carl"}},
		{"bert", []string{"bert", "anna", "carl"}},
		{"carl", []string{"carl", "bert", "anna"}},
	} {
		if step.account != "" {
			worked(step.account)
		}
		if diff := cmp.Diff(step.want, order()); diff != "" {
			t.Errorf("after %q: %s", step.account, diff)
		}
	}
}

func TestAccountsAreListedInPages(t *testing.T) {
	h := startHub(t)
	c := h.commandLine()
	want := accountPage + 3
	for i := range want {
		k := vault.Key{Origin: fmt.Sprintf("https://h%03d.example", i), Realm: vault.AnyRealm, Account: "anna"}
		if _, err := h.server.vault.Set(t.Context(), k, vault.NewSecret("x")); err != nil {
			t.Fatal(err)
		}
	}
	seen, after := map[string]bool{}, ""
	for pages := 1; ; pages++ {
		page := call[rpc.AccountListResult](c, rpc.MethodAccountList, rpc.AccountListParams{After: after})
		for _, a := range page.Accounts {
			seen[a.Origin] = true
			after = a.ID
		}
		if !page.More {
			if pages != 2 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(seen) != want {
		t.Errorf("%d accounts, want %d", len(seen), want)
	}
	c.refused(rpc.MethodAccountList, rpc.AccountListParams{After: "made-up"}, rpc.CodeNotFound)
}

func TestAFileForSecretsIsChosenByThePersonAlone(t *testing.T) {
	h := startHub(t, func(_ *hub, c *config) { c.vaultKind = storeKeyring })
	c := h.commandLine()
	if err := os.MkdirAll(h.dirs.Config, 0o700); err != nil {
		t.Fatal(err)
	}
	if chosenStore(h.dirs) != storeKeyring {
		t.Error("nobody chose, and it is the file")
	}
	choose := func(passphrase string) rpc.StoreChooseParams {
		return rpc.StoreChooseParams{Store: storeFile, Passphrase: rpc.NewWireSecret(passphrase)}
	}
	for _, passphrase := range []string{"", "too short", "with a\ncontrol character"} {
		c.refused(rpc.MethodStoreChoose, choose(passphrase), rpc.CodeBadParams)
	}
	c.refused(rpc.MethodStoreChoose, rpc.StoreChooseParams{Store: "cloud"}, rpc.CodeBadParams)
	if chosenStore(h.dirs) != storeKeyring {
		t.Error("what was refused was chosen")
	}
	got := call[rpc.StoreChooseResult](c, rpc.MethodStoreChoose, choose("canary passphrase"))
	if got.File != filePath(h.dirs) || chosenStore(h.dirs) != storeFile {
		t.Errorf("chosen: %+v", got)
	}
	if info, err := os.Stat(passphrasePath(h.dirs)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("passphrase: %v %v", info, err)
	}
	if strings.Contains(h.log.String(), "canary") {
		t.Error("the passphrase is in the log")
	}
	// It ends, so that the next one begins with the file.
	if err := <-h.done; err != nil {
		t.Error(err)
	}
	h.done <- nil
}

func TestAChoiceThatCannotBeReadIsNotTheKeyring(t *testing.T) {
	h := startHub(t)
	if err := os.MkdirAll(h.dirs.Config, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"", "{", `{"v":1}`, `{"v":1,"store":"elsewhere"}`} {
		if err := os.WriteFile(filepath.Join(h.dirs.Config, "store.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := chosenStore(h.dirs); got != storeFile {
			t.Errorf("%q: %s", content, got)
		}
	}
	if err := choose(h.dirs, storeKeyring); err != nil || chosenStore(h.dirs) != storeKeyring {
		t.Errorf("back to the keyring: %v", err)
	}
}

func TestAPassphraseThatWasSetIsNotReplaced(t *testing.T) {
	h := startHub(t)
	s := &server{config: config{dirs: h.dirs}}
	if err := os.MkdirAll(h.dirs.Config, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, passphrase := range []string{"the first passphrase", ""} {
		if err := s.keepPassphrase(passphrase); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if err := s.keepPassphrase("another passphrase"); err == nil {
		t.Error("another passphrase was taken")
	}
	if data, err := os.ReadFile(passphrasePath(h.dirs)); err != nil || string(data) != "the first passphrase\n" {
		t.Errorf("%v", err)
	}
}
