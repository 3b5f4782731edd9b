package demo

import (
	"net/url"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/samplesite"
)

// Who somebody is known and what that account may do.
var storiesOfAccounts = []story{
	{"Anna is signed in with the wrong of her two accounts, and the page says so.", []step{
		signsIn("ben"), opens("/desk/plan"),
		refused("/desk/letters/anna"), because(cause.NoPermission),
		does(cause.SwitchAccount, signsIn("anna")),
	}},
	{"Anna follows a link to her own inbox while she is signed in with the team's account.", []step{
		signsIn("ben"), opens("/desk/plan"),
		refused("/desk/inbox/anna"), because(cause.WrongAccount), first(cause.SwitchAccount),
		does(cause.SwitchAccount, signsIn("anna")),
	}},
	{"Anna is signed in with the wrong account once more, and the page never says why.", []step{
		signsIn("ben"), opens("/desk/plan"),
		refused("/desk/board/anna"), because(cause.NoPermission), does(cause.SwitchAccount, signsIn("anna")),
		waits(72 * time.Hour), signsIn("ben"),
		refused("/desk/board/anna"), first(cause.SwitchAccount), does(cause.SwitchAccount, signsIn("anna")),
	}},
	{"Anna moved to another team, and her role was taken away.", []step{
		signsIn("anna"), opens("/desk/salaries"), happens(func(s *samplesite.Site) { s.Revoke("anna", samplesite.RightPayroll) }),
		refused("/desk/salaries"), because(cause.NoPermission), never(cause.LoginAgain),
		does(cause.RequestAccess, happens(func(s *samplesite.Site) { s.Grant("anna", samplesite.RightPayroll) })),
	}},
	{"Ben signs in again and again for a page that only a role opens.", []step{
		signsIn("ben"), refused("/desk/salaries"), because(cause.NoPermission),
		inVain(cause.RequestAccess), because(cause.NoPermission),
		does(cause.SwitchAccount, signsIn("anna")),
	}},
	{"Ben's licence for reports was given to somebody else.", []step{
		signsIn("ben"), opens("/desk/reports"), happens(func(s *samplesite.Site) { s.Revoke("ben", samplesite.RightReports) }),
		refused("/desk/reports"), because(cause.SubscriptionRequired),
		does(cause.Subscribe, happens(func(s *samplesite.Site) { s.Grant("ben", samplesite.RightReports) })),
	}},
	{"Anna opens the vault, which wants a second factor.", []step{
		signsIn("anna"), opens("/desk/plan"),
		refused("/desk/vault"), because(cause.StepUpRequired),
		does(cause.CompleteMFA, posts("/desk/code", url.Values{"code": {"271828"}})),
	}},
	{"Anna's password runs out while she is signed in.", []step{
		signsIn("anna"), opens("/desk/plan"), happens(func(s *samplesite.Site) { s.LetPasswordRunOut("anna") }),
		refused("/desk/plan"), because(cause.PasswordExpired),
		does(cause.ChangePassword, posts("/desk/password", url.Values{
			"account": {"anna"}, "password": {"correct horse"}, "new": {"quiet pony"}}), signsIn("anna")),
	}},
	{"Ben mistypes his password five times, and the desk locks his account.", []step{
		refusedWhen(asked{path: "/desk/login", form: wrongSignIn}), because(cause.WrongCredentials),
		triesWrongly(3),
		refusedWhen(asked{path: "/desk/login", form: wrongSignIn}), because(cause.AccountDisabledOrLocked),
		never(cause.LoginAgain, cause.RetryCredentials, cause.SupplyCredentials, cause.SwitchAccount, cause.ReloadPage),
		changes(func(p *person) { p.asks.form = rightSignIn }),
		does(cause.ContactSupport, happens(func(s *samplesite.Site) { s.Unlock("ben") })),
	}},
	{"Ben mistypes his password once and then types it right.", []step{
		refusedWhen(asked{path: "/desk/login", form: wrongSignIn}), because(cause.WrongCredentials),
		changes(func(p *person) { p.asks.form = rightSignIn }),
		does(cause.RetryCredentials),
	}},
	{"The password that readmit keeps was changed on another device.", []step{
		challenged("/basic/files"), because(cause.NoCredentials), carries("anna", "correct horse", recovery.ResultRecovered),
		happens(func(s *samplesite.Site) { s.SetPassword("new horse") }),
		challenged("/basic/files"), carries("anna", "", recovery.ResultRefused), because(cause.WrongCredentials),
		challenged("/basic/other"), state("anna", rpc.AccountRefused),
		carries("anna", "new horse", recovery.ResultRecovered),
		challenged("/basic/files"), state("anna", rpc.AccountReady),
		carries("anna", "", recovery.ResultRecovered),
	}},
	{"Anna's name and password are right, and the board is still not hers.", []step{
		refusedWhen(asked{path: "/basic/board", name: "anna", password: "correct horse"}), because(cause.NoPermission),
		never(cause.RetryCredentials, cause.SupplyCredentials, cause.LoginAgain), offers(cause.RequestAccess),
	}},
}

func wrongSignIn(*person) url.Values   { return signInForm("ben", "batery stapel") }
func rightSignIn(p *person) url.Values { return signInForm("ben", p.site.PasswordOf("ben")) }

// triesWrongly signs in with a wrong password, without looking at readmit.
func triesWrongly(times int) step {
	return func(p *person) {
		for range times {
			p.fetch(asked{path: "/desk/login", form: wrongSignIn})
		}
	}
}

// offers asks for a step among the first two that nobody takes in the story.
func offers(want cause.Action) step {
	return func(p *person) {
		p.t.Helper()
		p.button(want)
	}
}

// challenged meets a challenge that the browser holds for readmit's answer.
func challenged(path string) step {
	return func(p *person) {
		p.t.Helper()
		var err error
		if p.now, err = challenge(p.t.Context(), p.v, p.h, path); err != nil {
			p.t.Fatal(err)
		}
		p.asks, p.told = asked{path: path}, true
	}
}

// carries answers the held challenge with a sign-in, typed or the kept one
// when secret is empty, sends it, and tells how that ended.
func carries(account, secret string, want recovery.Result) step {
	return func(p *person) {
		p.t.Helper()
		id, action := p.now.IncidentID, cause.SupplyCredentials
		if secret != "" {
			p.ask(rpc.MethodCredentialSave, rpc.SaveParams{IncidentID: id, Account: account, Secret: rpc.NewWireSecret(secret), Remember: true}, nil)
		}
		var released rpc.ReleaseResult
		p.ask(rpc.MethodCredentialRelease, rpc.ReleaseParams{IncidentID: id, Account: account, Consent: rpc.ConsentOnce}, &released)
		sent := p.asks
		sent.name, sent.password = released.Account, released.Secret.Reveal()
		got, _ := p.fetch(sent)
		how := recovery.ResultRecovered
		if got.status >= 400 {
			how = recovery.ResultRefused
		}
		if how != want {
			p.t.Fatalf("the sign-in was answered with %d", got.status)
		}
		done := rpc.OutcomeParams{IncidentID: id, Account: account, Outcome: recovery.Outcome{Action: action, Result: how}}
		p.tell(rpc.MethodRecoveryOutcome, done)
		if closed := p.view().Closed == "recovered"; closed != (how == recovery.ResultRecovered) {
			p.t.Errorf("closed as %q after %s", p.view().Closed, how)
		}
	}
}

// state is what readmit says of an account that it keeps for the challenge.
func state(account string, want rpc.AccountState) step {
	return func(p *person) {
		p.t.Helper()
		var list rpc.ListResult
		p.ask(rpc.MethodCredentialList, rpc.ListParams{IncidentID: p.now.IncidentID}, &list)
		for _, a := range list.Accounts {
			if a.Account == account && a.State != want {
				p.t.Errorf("%s is %s, want %s", account, a.State, want)
			}
		}
		if len(list.Accounts) == 0 {
			p.t.Error("no account is kept")
		}
	}
}
