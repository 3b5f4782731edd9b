package recovery_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/recovery"
)

// sure is a diagnosis that one cause leads, with rules seen.
func sure(c cause.ID, rules ...string) diagnosis.Diagnosis {
	top := diagnosis.Ranked{Cause: c, Probability: 0.95}
	for _, r := range rules {
		top.Evidence = append(top.Evidence, diagnosis.Evidence{Rule: r, Cause: c, Weight: 1})
	}
	return diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{top, {Cause: cause.Unknown, Probability: 0.05}}}
}

// either is a diagnosis that leans to the first of two causes.
func either(first, second cause.ID, rules ...string) diagnosis.Diagnosis {
	d := sure(first, rules...)
	d.Ranked[0].Probability = 0.7
	d.Ranked[1] = diagnosis.Ranked{Cause: second, Probability: 0.26}
	return d
}

// helped adds that an action ended the last refusal of the site.
func helped(d diagnosis.Diagnosis, a cause.Action) diagnosis.Diagnosis {
	d.Ranked[0].Evidence = append(d.Ranked[0].Evidence, diagnosis.Evidence{
		Rule: diagnosis.RuleHelped, Cause: d.Ranked[0].Cause, Weight: 1, Args: map[string]string{"action": string(a)}})
	return d
}

func unsure(cs ...cause.ID) diagnosis.Diagnosis {
	d := diagnosis.Diagnosis{Unsure: true}
	for _, c := range cs {
		d.Ranked = append(d.Ranked, diagnosis.Ranked{Cause: c, Probability: 0.9 / float64(len(cs))})
	}
	return d
}

// unsureBetween is about a program's request, which has no page.
func unsureBetween(cs ...cause.ID) diagnosis.Diagnosis {
	return unsureWith(diagnosis.RuleProgram, cs...)
}

func unsureWith(rule string, cs ...cause.ID) diagnosis.Diagnosis {
	d := unsure(cs...)
	d.Ranked[0].Evidence = []diagnosis.Evidence{{Rule: rule, Cause: cs[0], Weight: 1}}
	return d
}

func actionsOf(plan []recovery.Step) []cause.Action {
	var as []cause.Action
	for _, s := range plan {
		as = append(as, s.Action)
	}
	return as
}

var signIn = []cause.Action{cause.SupplyCredentials, cause.RetryCredentials, cause.LoginAgain, cause.SwitchAccount, cause.SSOLogin}

// rash is what nobody should be asked to do first on a guess.
var rash = []cause.Action{cause.SupplyCredentials, cause.RetryCredentials, cause.SwitchAccount, cause.ChangePassword, cause.ClearSiteData, cause.Subscribe}

// Every cause, every rule that shapes a plan: the promises hold throughout.
func TestEveryPlanKeepsThePromises(t *testing.T) {
	shaping := [][]string{nil, {diagnosis.RuleChallenge}, {diagnosis.RuleFormSent}, {diagnosis.RuleBackground},
		{diagnosis.RuleProbeRefused}, {diagnosis.RuleOtherSite, diagnosis.RuleBackground}}
	for _, c := range cause.All {
		for _, rules := range shaping {
			d := sure(c.ID, rules...)
			for _, d := range []diagnosis.Diagnosis{d, {Ranked: d.Ranked, Unsure: true}} {
				plan := recovery.Plan(d, recovery.Rules{}, recovery.Experience{})
				as := actionsOf(plan)
				if len(plan) == 0 || len(plan) > recovery.MaxSteps {
					t.Fatalf("%s %v: %d steps", c.ID, rules, len(plan))
				}
				if !slices.Contains(as, cause.ContactSupport) {
					t.Errorf("%s %v: nobody to ask in %v", c.ID, rules, as)
				}
				if slices.Contains(as, cause.ClearSiteData) {
					t.Errorf("%s %v: clears in %v although no probe opened the page", c.ID, rules, as)
				}
				if slices.Contains(as, cause.None) {
					t.Errorf("%s %v: %v holds a step that does nothing", c.ID, rules, as)
				}
				for i, s := range plan {
					if s.N != i+1 || s.State != recovery.StateNext {
						t.Errorf("%s %v: step %d is %+v", c.ID, rules, i, s)
					}
				}
				if d.Unsure && slices.Contains(rash, as[0]) {
					t.Errorf("unsure %s %v leads with %s", c.ID, rules, as[0])
				}
				if slices.Contains(rules, diagnosis.RuleFormSent) && c.ID != cause.CSRFOrStaleForm && slices.Contains(as, cause.ReloadPage) {
					t.Errorf("%s %v: a reload in %v would send the form again", c.ID, rules, as)
				}
			}
		}
	}
}

func TestWhatLeads(t *testing.T) {
	for _, c := range []struct {
		name string
		d    diagnosis.Diagnosis
		want []cause.Action
	}{
		{"a challenge asks for the name and password", sure(cause.NoCredentials, diagnosis.RuleChallenge), []cause.Action{cause.SupplyCredentials, cause.ReloadPage, cause.ContactSupport}},
		{"without a challenge the site's own sign-in is the way", sure(cause.NoCredentials), []cause.Action{cause.LoginAgain, cause.ReloadPage, cause.ContactSupport}},
		{"a part of another site gets no secret", sure(cause.NoCredentials, diagnosis.RuleChallenge, diagnosis.RuleOtherSite), []cause.Action{cause.ReloadPage, cause.ContactSupport}},
		{"one box asks for name and password, whichever was wrong", either(cause.NoCredentials, cause.WrongCredentials, diagnosis.RuleChallenge), []cause.Action{cause.SupplyCredentials, cause.ReloadPage, cause.SwitchAccount, cause.ContactSupport}},
		{"a part of another site gets none either way", either(cause.NoCredentials, cause.WrongCredentials, diagnosis.RuleOtherSite), []cause.Action{cause.ReloadPage, cause.ContactSupport}},
		{"a refused password is typed anew", sure(cause.WrongCredentials), []cause.Action{cause.RetryCredentials, cause.SwitchAccount, cause.ContactSupport}},
		{"a session that is over", sure(cause.SessionExpired), []cause.Action{cause.LoginAgain, cause.ReloadPage, cause.ContactSupport}},
		{"a page whose part is refused keeps what was typed", sure(cause.TokenExpired, diagnosis.RuleBackground), []cause.Action{cause.ReloadPage, cause.LoginAgain, cause.ContactSupport}},
		{"a page that is refused itself", sure(cause.TokenExpired), []cause.Action{cause.LoginAgain, cause.ReloadPage, cause.ContactSupport}},
		{"a signed link that is cut off is fetched anew", sure(cause.SignatureMismatch), []cause.Action{cause.CheckURL, cause.ReloadPage, cause.ContactSupport}},
		{"a page signs its parts anew", sure(cause.SignatureMismatch, diagnosis.RuleBackground), []cause.Action{cause.ReloadPage, cause.CheckURL, cause.ContactSupport}},
		{"what other sites share is cleared too, where a probe opened the page", sure(cause.StaleSiteData, diagnosis.RuleProbeOpened, diagnosis.RuleSharedData), []cause.Action{cause.ClearSiteData, cause.LoginAgain, cause.ContactSupport}},
		{"a signed link that ran out is fetched anew", sure(cause.TokenExpired, diagnosis.RuleSignedLink), []cause.Action{cause.CheckURL, cause.ReloadPage, cause.ContactSupport}},
		{"what helped last time leads", helped(sure(cause.NoPermission), cause.SwitchAccount), []cause.Action{cause.SwitchAccount, cause.RequestAccess, cause.ContactSupport}},
		{"what helped with something else does not", helped(sure(cause.NoPermission), cause.FixClock), []cause.Action{cause.RequestAccess, cause.SwitchAccount, cause.ContactSupport}},
		{"missing rights are granted by people", sure(cause.NoPermission), []cause.Action{cause.RequestAccess, cause.SwitchAccount, cause.ContactSupport}},
		{"clearing where a probe opened the page", sure(cause.StaleSiteData, diagnosis.RuleProbeOpened), []cause.Action{cause.ClearSiteData, cause.LoginAgain, cause.ContactSupport}},
		{"no clearing on suspicion", sure(cause.StaleSiteData), []cause.Action{cause.ReloadPage, cause.LoginAgain, cause.ContactSupport}},
		{"a firewall before a page", sure(cause.WAFBlock), []cause.Action{cause.ContactSupport, cause.CheckURL}},
		{"a firewall on a form", sure(cause.WAFBlock, diagnosis.RuleFormSent), []cause.Action{cause.ReturnToText, cause.ContactSupport}},
		{"a locked account is not tried again", sure(cause.AccountDisabledOrLocked), []cause.Action{cause.ContactSupport}},
		{"nothing known", diagnosis.Diagnosis{}, []cause.Action{cause.ReloadPage, cause.ContactSupport}},
		{"a window and a page to sign in are one step", unsureBetween(cause.NoCredentials, cause.TokenInvalid), []cause.Action{cause.SupplyCredentials, cause.ContactSupport}},
		{"unsure between two", unsure(cause.SessionExpired, cause.NoPermission), []cause.Action{cause.LoginAgain, cause.ReloadPage, cause.RequestAccess, cause.SwitchAccount, cause.ContactSupport}},
		{"unsure why, and one step fits most of it", unsure(cause.NoPermission, cause.SessionExpired, cause.TokenExpired), []cause.Action{cause.LoginAgain, cause.RequestAccess, cause.SwitchAccount, cause.ReloadPage, cause.ContactSupport}},
		{"unsure among many", unsure(cause.NoPermission, cause.SessionExpired, cause.WrongURL), []cause.Action{cause.ReloadPage, cause.RequestAccess, cause.SwitchAccount, cause.LoginAgain, cause.CheckURL, cause.ContactSupport}},
		{"unsure after a form was sent", unsureWith(diagnosis.RuleFormSent, cause.SessionExpired, cause.NoPermission), []cause.Action{cause.ReturnToText, cause.LoginAgain, cause.RequestAccess, cause.SwitchAccount, cause.ContactSupport}},
		{"unsure about a part of a page", unsureWith(diagnosis.RuleBackground, cause.NoPermission, cause.InsufficientScope), []cause.Action{cause.ReloadPage, cause.RequestAccess, cause.SwitchAccount, cause.LoginAgain, cause.ContactSupport}},
		{"a guess asks for no password", unsure(cause.WrongCredentials, cause.NoPermission), []cause.Action{cause.RequestAccess, cause.RetryCredentials, cause.SwitchAccount, cause.ContactSupport}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, actionsOf(recovery.Plan(c.d, recovery.Rules{}, recovery.Experience{}))); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever refused a form: the text comes first, and no step sends it again.
func TestWhatWasTypedComesFirst(t *testing.T) {
	sending := []cause.Action{cause.WaitAndRetry, cause.ClearSiteData}
	for _, c := range cause.All {
		for _, rules := range [][]string{nil, {diagnosis.RuleChallenge}, {diagnosis.RuleProbeOpened}, {diagnosis.RuleHelped}} {
			for _, unsure := range []bool{false, true} {
				d := helped(sure(c.ID, append(rules, diagnosis.RuleFormSent)...), cause.ReloadPage)
				d.Unsure = unsure
				as := actionsOf(recovery.Plan(d, recovery.Rules{}, recovery.Experience{}))
				if as[0] != cause.ReturnToText {
					t.Errorf("%s %v, unsure %t: leads with %s", c.ID, rules, unsure, as[0])
				}
				if slices.ContainsFunc(as, func(a cause.Action) bool { return slices.Contains(sending, a) }) {
					t.Errorf("%s %v, unsure %t: %v sends the form again", c.ID, rules, unsure, as)
				}
			}
		}
	}
}

func TestTheAnswerToAScriptLeavesTheTextInThePage(t *testing.T) {
	for _, c := range cause.All {
		for _, unsure := range []bool{false, true} {
			d := sure(c.ID, diagnosis.RuleFormSent, diagnosis.RuleBackground)
			d.Unsure = unsure
			if as := actionsOf(recovery.Plan(d, recovery.Rules{}, recovery.Experience{})); slices.Contains(as, cause.ReturnToText) {
				t.Errorf("%s, unsure %t: %v leaves the page that holds the text", c.ID, unsure, as)
			}
		}
	}
}

func TestNobodyIsSentToSignInBehindAFilter(t *testing.T) {
	for _, c := range []cause.ID{cause.WAFBlock, cause.BotChallenge, cause.RateLimited, cause.AccountDisabledOrLocked} {
		for _, d := range []diagnosis.Diagnosis{sure(c), unsure(c, cause.SessionExpired), unsure(cause.SessionExpired, cause.WrongCredentials, c)} {
			for _, a := range actionsOf(recovery.Plan(d, recovery.Rules{}, recovery.Experience{})) {
				if slices.Contains(signIn, a) {
					t.Errorf("%s in the plan although %s is likely: %+v", a, c, d.Ranked)
				}
			}
		}
	}
}

func TestWhatTheOrganisationForbidsIsNotOffered(t *testing.T) {
	plan := recovery.Plan(sure(cause.StaleSiteData, diagnosis.RuleProbeOpened), recovery.Rules{Forbidden: []cause.Action{cause.ClearSiteData}}, recovery.Experience{})
	if as := actionsOf(plan); slices.Contains(as, cause.ClearSiteData) {
		t.Errorf("forbidden step in %v", as)
	}
}
