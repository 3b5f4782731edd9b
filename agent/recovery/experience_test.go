package recovery_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/recovery"
)

type counts map[recovery.Tried]recovery.Count

func of(c cause.ID, a cause.Action, helped, failed int) counts {
	return counts{{Cause: c, Action: a}: {Helped: helped, Failed: failed}}
}

func TestExperienceOrdersTheStepsOfACause(t *testing.T) {
	over := sure(cause.SessionExpired)
	here := func(n counts) recovery.Experience { return recovery.Experience{Here: n, Everywhere: n} }
	for _, c := range []struct {
		name string
		d    diagnosis.Diagnosis
		x    recovery.Experience
		want []cause.Action
	}{
		{"nothing known keeps the table's order", over, recovery.Experience{}, []cause.Action{cause.LoginAgain, cause.ReloadPage}},
		{"one failure is chance", over, here(of(cause.SessionExpired, cause.LoginAgain, 0, 1)), []cause.Action{cause.LoginAgain, cause.ReloadPage}},
		{"one success is chance", over, here(of(cause.SessionExpired, cause.ReloadPage, 1, 0)), []cause.Action{cause.LoginAgain, cause.ReloadPage}},
		{"two failures here are not", over, here(of(cause.SessionExpired, cause.LoginAgain, 0, 2)), []cause.Action{cause.ReloadPage, cause.LoginAgain}},
		{"two successes here are not", over, here(of(cause.SessionExpired, cause.ReloadPage, 2, 0)), []cause.Action{cause.ReloadPage, cause.LoginAgain}},
		{"other sites teach too", over, recovery.Experience{Everywhere: of(cause.SessionExpired, cause.ReloadPage, 9, 0)}, []cause.Action{cause.ReloadPage, cause.LoginAgain}},
		{"this site outweighs all others", over, recovery.Experience{
			Here:       of(cause.SessionExpired, cause.ReloadPage, 0, 8),
			Everywhere: of(cause.SessionExpired, cause.ReloadPage, 900, 8),
		}, []cause.Action{cause.LoginAgain, cause.ReloadPage}},
		{"what another cause taught says nothing", over, here(of(cause.StaleSiteData, cause.ReloadPage, 9, 0)), []cause.Action{cause.LoginAgain, cause.ReloadPage}},
		{"what asks for a secret does not move ahead", sure(cause.NoPermission), here(of(cause.NoPermission, cause.SwitchAccount, 9, 0)),
			[]cause.Action{cause.RequestAccess, cause.SwitchAccount}},
		{"the way back to the text stays first", sure(cause.CSRFOrStaleForm, diagnosis.RuleFormSent), here(of(cause.CSRFOrStaleForm, cause.ReloadPage, 9, 0)),
			[]cause.Action{cause.ReturnToText, cause.ReloadPage, cause.LoginAgain}},
		{"no success makes a sent form reload", sure(cause.SessionExpired, diagnosis.RuleFormSent), here(of(cause.SessionExpired, cause.ReloadPage, 9, 0)),
			[]cause.Action{cause.ReturnToText, cause.LoginAgain}},
		{"no success leads past a filter to a sign-in", sure(cause.WAFBlock), here(of(cause.WAFBlock, cause.LoginAgain, 9, 0)),
			[]cause.Action{cause.ContactSupport, cause.CheckURL}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := actionsOf(recovery.Plan(c.d, recovery.Rules{}, c.x))
			if i := slices.Index(got, cause.ContactSupport); i == len(got)-1 && !slices.Contains(c.want, cause.ContactSupport) {
				got = got[:i]
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever was learned, a plan keeps its promises.
func TestNoExperienceBreaksAPromise(t *testing.T) {
	for _, c := range cause.All {
		x := recovery.Experience{Here: counts{}}
		for _, a := range cause.Actions {
			for _, favoured := range cause.Actions {
				n := recovery.Count{Failed: 9}
				if a == favoured {
					n = recovery.Count{Helped: 9}
				}
				x.Here[recovery.Tried{Cause: c.ID, Action: favoured.Action}] = n
			}
			for _, d := range []diagnosis.Diagnosis{sure(c.ID), sure(c.ID, diagnosis.RuleFormSent), unsure(c.ID)} {
				plain, learned := actionsOf(recovery.Plan(d, recovery.Rules{}, recovery.Experience{})), actionsOf(recovery.Plan(d, recovery.Rules{}, x))
				if !slices.Contains(learned, cause.ContactSupport) {
					t.Errorf("%s: nobody to ask in %v", c.ID, learned)
				}
				for i, got := range learned {
					if slices.Contains(rash, got) && i < slices.Index(plain, got) {
						t.Errorf("%s: %s moved ahead in %v", c.ID, got, learned)
					}
				}
			}
		}
	}
}

func TestWhatHelpedHereLeadsWhereTheCauseIsOpen(t *testing.T) {
	d := helped(unsure(cause.NoPermission, cause.SessionExpired), cause.LoginAgain)
	if got := actionsOf(recovery.Plan(d, recovery.Rules{}, recovery.Experience{}))[0]; got != cause.LoginAgain {
		t.Errorf("leads with %s", got)
	}
	// Nothing destructive leads on a guess, whatever it did before.
	d = helped(unsure(cause.NoPermission, cause.StaleSiteData), cause.ClearSiteData)
	if got := actionsOf(recovery.Plan(d, recovery.Rules{}, recovery.Experience{}))[0]; got == cause.ClearSiteData {
		t.Error("clearing leads")
	}
}

func TestAStepSaysHowOftenItHelpedHere(t *testing.T) {
	x := recovery.Experience{Here: counts{
		{Cause: cause.SessionExpired, Action: cause.LoginAgain}: {Helped: 2},
		{Cause: cause.NoCredentials, Action: cause.LoginAgain}:  {Helped: 1, Failed: 1},
	}}
	if s := recovery.Plan(sure(cause.SessionExpired), recovery.Rules{}, x)[0]; s.Helped != 3 || s.Tried != 4 {
		t.Errorf("%d of %d", s.Helped, s.Tried)
	}
}

func TestOnlyAStepUnderWayTeaches(t *testing.T) {
	running := steps(cause.LoginAgain, cause.ReloadPage)
	running[0].State = recovery.StateRunning
	for _, c := range []struct {
		name       string
		plan       []recovery.Step
		o          recovery.Outcome
		helped, ok bool
	}{
		{"it helped", running, recovery.Outcome{Action: cause.LoginAgain, Result: recovery.ResultRecovered}, true, true},
		{"it did not", running, recovery.Outcome{Action: cause.LoginAgain, Result: recovery.ResultRefused}, false, true},
		{"nobody saw", running, recovery.Outcome{Action: cause.LoginAgain, Result: recovery.ResultUnseen}, false, false},
		{"another step", running, recovery.Outcome{Action: cause.ReloadPage, Result: recovery.ResultRecovered}, false, false},
		{"the page opened by itself", running, recovery.Outcome{Action: cause.None, Result: recovery.ResultRecovered}, false, false},
		{"readmit's window signed in", steps(cause.SupplyCredentials), recovery.Outcome{Action: cause.SupplyCredentials, Result: recovery.ResultRecovered}, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, helped, ok := recovery.Lesson(c.plan, c.o)
			if helped != c.helped || ok != c.ok {
				t.Errorf("helped %t, ok %t", helped, ok)
			}
		})
	}
}

func TestALoopOfSignInsIsNotOfferedAThirdTurn(t *testing.T) {
	for _, c := range cause.All {
		for _, a := range actionsOf(recovery.Plan(sure(c.ID, diagnosis.RuleSignInLoop), recovery.Rules{}, recovery.Experience{})) {
			if slices.Contains(signIn, a) || a == cause.CompleteMFA {
				t.Errorf("%s: offers %s", c.ID, a)
			}
		}
	}
}

func TestAFailedStepComesBackOnlyOnceSomethingChanged(t *testing.T) {
	plan := steps(cause.LoginAgain, cause.ReloadPage, cause.AllowCookies, cause.ContactSupport)
	refuse := func(a cause.Action) {
		plan = recovery.Advance(plan, recovery.Outcome{Action: a, Result: recovery.ResultRefused})
	}
	refuse(cause.LoginAgain)
	refuse(cause.ReloadPage)
	if got := recovery.Offered(plan); got[0].Action != cause.AllowCookies {
		t.Fatalf("offers %v", actionsOf(got))
	}
	refuse(cause.AllowCookies)
	if diff := cmp.Diff([]cause.Action{cause.LoginAgain, cause.ReloadPage, cause.ContactSupport}, actionsOf(recovery.Offered(plan))); diff != "" {
		t.Fatal(diff)
	}
	refuse(cause.LoginAgain)
	refuse(cause.ReloadPage)
	if !recovery.Spent(plan) {
		t.Errorf("still offers %v", actionsOf(recovery.Offered(plan)))
	}
}

func TestAnotherPageOfTheVisitKnowsWhatFailed(t *testing.T) {
	failed := steps(cause.LoginAgain, cause.ReloadPage)
	for i := range failed {
		failed[i].State = recovery.StateFailed
	}
	next := recovery.CarryOver(failed, steps(cause.LoginAgain, cause.ReloadPage, cause.ContactSupport))
	if next[0].State != recovery.StateFailed || next[1].State != recovery.StateNext {
		t.Errorf("sign in: %s, reload: %s", next[0].State, next[1].State)
	}
	failed[0].Cause = cause.NoPermission
	if next := recovery.CarryOver(failed, steps(cause.LoginAgain)); next[0].State != recovery.StateNext {
		t.Error("what failed for another cause is not offered")
	}
}
