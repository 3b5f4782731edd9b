package recovery_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/recovery"
)

func steps(as ...cause.Action) []recovery.Step {
	var plan []recovery.Step
	for i, a := range as {
		plan = append(plan, recovery.Step{N: i + 1, Action: a, Cause: cause.SessionExpired, State: recovery.StateNext})
	}
	return plan
}

func TestAStepMovesWithItsOutcome(t *testing.T) {
	for _, c := range []struct {
		name   string
		action cause.Action
		path   []recovery.Result
		want   recovery.State
	}{
		{"started", cause.ReloadPage, []recovery.Result{recovery.ResultStarted}, recovery.StateRunning},
		{"helped", cause.ReloadPage, []recovery.Result{recovery.ResultStarted, recovery.ResultRecovered}, recovery.StateHelped},
		{"failed", cause.ReloadPage, []recovery.Result{recovery.ResultStarted, recovery.ResultRefused}, recovery.StateFailed},
		{"a failed step does not start again", cause.ReloadPage, []recovery.Result{recovery.ResultRefused, recovery.ResultStarted}, recovery.StateFailed},
		{"a reload that nobody saw can be done again", cause.ReloadPage, []recovery.Result{recovery.ResultStarted, recovery.ResultUnseen}, recovery.StateNext},
		{"a secret whose fate nobody saw counts as refused", cause.LoginAgain, []recovery.Result{recovery.ResultStarted, recovery.ResultUnseen}, recovery.StateFailed},
		{"a secret that never left can be sent again", cause.LoginAgain, []recovery.Result{recovery.ResultStarted, recovery.ResultNotSent}, recovery.StateNext},
		{"a secret that never left changes no failure", cause.LoginAgain, []recovery.Result{recovery.ResultRefused, recovery.ResultNotSent}, recovery.StateFailed},
		{"declined", cause.LoginAgain, []recovery.Result{recovery.ResultDeclined}, recovery.StateSkipped},
		{"declined and then wanted", cause.LoginAgain, []recovery.Result{recovery.ResultDeclined, recovery.ResultStarted}, recovery.StateRunning},
		{"undone", cause.ClearSiteData, []recovery.Result{recovery.ResultStarted, recovery.ResultUndone}, recovery.StateFailed},
		{"asking for help stays open", cause.ContactSupport, []recovery.Result{recovery.ResultStarted, recovery.ResultRefused}, recovery.StateNext},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := steps(c.action)
			for _, r := range c.path {
				plan = recovery.Advance(plan, recovery.Outcome{N: 1, Action: c.action, Result: r})
			}
			if plan[0].State != c.want {
				t.Errorf("state %s, want %s", plan[0].State, c.want)
			}
		})
	}
}

func TestAClearingThatWasNotAllOfItCanGoOn(t *testing.T) {
	for _, c := range []struct {
		action cause.Action
		want   recovery.State
	}{{cause.ClearSiteData, recovery.StateNext}, {cause.ReloadPage, recovery.StateFailed}} {
		plan := recovery.Advance(steps(c.action), recovery.Outcome{N: 1, Action: c.action, Result: recovery.ResultStarted})
		plan = recovery.Advance(plan, recovery.Outcome{N: 1, Action: c.action, Result: recovery.ResultRefused, Partial: true})
		if plan[0].State != c.want {
			t.Errorf("%s: %s, want %s", c.action, plan[0].State, c.want)
		}
	}
}

func TestAnOutcomeOfNoStepChangesNothing(t *testing.T) {
	plan := steps(cause.ReloadPage, cause.ContactSupport)
	for _, o := range []recovery.Outcome{
		{N: 2, Action: cause.ReloadPage, Result: recovery.ResultRefused}, // number and action disagree
		{N: 9, Action: cause.ReloadPage, Result: recovery.ResultRefused},
		{Action: cause.FixClock, Result: recovery.ResultRefused},
		{N: 1, Action: cause.ReloadPage, Result: "nonsense"},
	} {
		if diff := cmp.Diff(plan, recovery.Advance(plan, o)); diff != "" {
			t.Errorf("%+v changed the plan:\n%s", o, diff)
		}
	}
}

// The page is judged anew while a step runs, which may give it another number.
func TestTheOutcomeOfARunningStepFindsItWhereItStandsNow(t *testing.T) {
	old := recovery.Advance(steps(cause.LoginAgain, cause.ReloadPage, cause.ContactSupport), recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultStarted})
	next := recovery.Carry(old, steps(cause.RequestAccess, cause.LoginAgain, cause.ContactSupport))
	next = recovery.Advance(next, recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultRefused})
	if diff := cmp.Diff([]cause.Action{cause.RequestAccess, cause.ContactSupport}, actionsOf(recovery.Offered(next))); diff != "" {
		t.Errorf("offered (-want +got):\n%s", diff)
	}
}

func TestAdvanceLeavesItsArgumentAlone(t *testing.T) {
	plan := steps(cause.ReloadPage)
	recovery.Advance(plan, recovery.Outcome{N: 1, Action: cause.ReloadPage, Result: recovery.ResultRefused})
	if plan[0].State != recovery.StateNext {
		t.Error("the plan that was passed in has changed")
	}
}

func TestAFailedStepIsNotOfferedAgainAfterAFreshDiagnosis(t *testing.T) {
	old := recovery.Advance(steps(cause.ReloadPage, cause.LoginAgain, cause.ContactSupport), recovery.Outcome{N: 1, Action: cause.ReloadPage, Result: recovery.ResultRefused})
	next := recovery.Carry(old, steps(cause.RequestAccess, cause.ReloadPage, cause.ContactSupport))
	if diff := cmp.Diff([]cause.Action{cause.RequestAccess, cause.ContactSupport}, actionsOf(recovery.Offered(next))); diff != "" {
		t.Errorf("offered (-want +got):\n%s", diff)
	}
	gone := recovery.Carry(old, steps(cause.RequestAccess, cause.ContactSupport))
	if i := slices.IndexFunc(gone, func(s recovery.Step) bool { return s.Action == cause.ReloadPage }); i < 0 || gone[i].State != recovery.StateFailed {
		t.Errorf("the failed step is forgotten: %+v", gone)
	}
	if last := gone[len(gone)-1]; last.Action != cause.ContactSupport || last.N != len(gone) {
		t.Errorf("the last step is %+v", last)
	}
}

func TestWhatWasPassedOverStandsBeforeHelp(t *testing.T) {
	plan := recovery.Advance(steps(cause.LoginAgain, cause.ReloadPage, cause.ContactSupport), recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultDeclined})
	if diff := cmp.Diff([]cause.Action{cause.ReloadPage, cause.LoginAgain, cause.ContactSupport}, actionsOf(recovery.Offered(plan))); diff != "" {
		t.Errorf("offered (-want +got):\n%s", diff)
	}
}
