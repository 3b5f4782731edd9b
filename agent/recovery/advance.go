package recovery

import (
	"slices"

	"github.com/readmit/readmit/agent/cause"
)

// Advance returns the plan after an outcome. The outcome belongs to step N
// or, when N is 0, to the first step with its action; that of a step that runs
// belongs to it under any number. One that fits no step changes nothing. The argument is left as it was.
func Advance(plan []Step, o Outcome) []Step {
	next := slices.Clone(plan)
	i := slices.IndexFunc(next, func(s Step) bool {
		// A fresh diagnosis may have moved the step while it ran.
		return s.Action == o.Action && (o.N == 0 || s.N == o.N || s.State == StateRunning)
	})
	if i < 0 {
		return next
	}
	s := &next[i]
	switch o.Result {
	case ResultStarted:
		if s.State == StateNext || s.State == StateSkipped {
			s.State = StateRunning
		}
	case ResultRecovered:
		s.State = StateHelped
	case ResultRefused:
		s.State = failed(s.Action)
		if o.Partial && s.Action == cause.ClearSiteData {
			s.State = StateNext
		}
		if changes(s.Action) {
			reopen(next)
		}
	case ResultUnseen:
		// A secret whose fate nobody saw may have been refused. Anything else
		// can be done again without harm.
		if slices.Contains(signIn, s.Action) {
			s.State = failed(s.Action)
		} else if s.State == StateRunning {
			s.State = StateNext
		}
	case ResultDeclined:
		s.State = StateSkipped
	case ResultUndone:
		s.State = failed(s.Action)
	case ResultNotSent:
		if s.State == StateRunning {
			s.State = StateNext
		}
	}
	if s.Action == cause.ContactSupport && s.State == StateSkipped {
		s.State = StateNext
	}
	return next
}

// changing are the steps that leave something different behind even where the
// page stays closed: other cookies, another password, another network.
var changing = []cause.Action{
	cause.ClearSiteData, cause.ChangePassword, cause.SwitchAccount, cause.AllowCookies, cause.FixClock, cause.ConnectVPN,
	cause.ChooseCertificate, cause.CheckDevice, cause.CompleteMFA,
}

func changes(a cause.Action) bool { return slices.Contains(changing, a) }

// again are the steps that are worth another try once something was changed.
// None of them changes anything for the others, so that no plan goes round in
// circles.
var again = []cause.Action{cause.ReloadPage, cause.LoginAgain, cause.SSOLogin}

// reopen offers what failed before something was changed.
func reopen(plan []Step) {
	for i := range plan {
		if plan[i].State == StateFailed && slices.Contains(again, plan[i].Action) {
			plan[i].State = StateNext
		}
	}
}

// siteWide are the steps that act on a whole site: one that failed on a page
// of it will not help with the next page.
var siteWide = append([]cause.Action{cause.LoginAgain, cause.SSOLogin}, changing...)

// CarryOver marks the steps of a new plan that failed for the same cause on
// another page of the site, in the same visit.
func CarryOver(walked, plan []Step) []Step {
	next := slices.Clone(plan)
	for i, s := range next {
		if s.State == StateNext && slices.Contains(siteWide, s.Action) && slices.ContainsFunc(walked, func(f Step) bool {
			return f.State == StateFailed && f.Action == s.Action && f.Cause == s.Cause
		}) {
			next[i].State = StateFailed
		}
	}
	return next
}

// Spent says whether all that a plan offered was tried in vain, but for asking
// somebody.
func Spent(plan []Step) bool {
	return slices.ContainsFunc(plan, func(s Step) bool { return s.State == StateFailed }) &&
		!slices.ContainsFunc(Offered(plan), func(s Step) bool { return s.Action != cause.ContactSupport })
}

// failed keeps asking for help open: it is the one step that is always left.
func failed(a cause.Action) State {
	if a == cause.ContactSupport {
		return StateNext
	}
	return StateFailed
}

// Carry moves what is known of a plan's steps into the plan that follows a
// fresh diagnosis, so that a step that failed is not offered again.
func Carry(old, fresh []Step) []Step {
	next := slices.Clone(fresh)
	for i := range next {
		for _, s := range old {
			if s.Action == next[i].Action {
				next[i].State = s.State
			}
		}
	}
	// A step that was tried stays on record although the fresh plan has no use for it.
	for _, s := range old {
		tried := s.State == StateRunning || s.State == StateFailed || s.State == StateHelped
		if tried && !slices.ContainsFunc(next, func(n Step) bool { return n.Action == s.Action }) {
			next = append(next[:len(next)-1:len(next)-1], s, next[len(next)-1])
		}
	}
	return number(next)
}

// Offered returns the steps that can still be taken, in order: what runs, what
// comes next, then what the person passed over.
func Offered(plan []Step) []Step {
	var open, skipped []Step
	for _, s := range plan {
		switch s.State {
		case StateRunning, StateNext:
			open = append(open, s)
		case StateSkipped:
			skipped = append(skipped, s)
		}
	}
	// Help stands last, also behind what was passed over.
	for i, s := range open {
		if s.Action == cause.ContactSupport && i > 0 && i == len(open)-1 {
			return append(append(open[:i:i], skipped...), s)
		}
	}
	return append(open, skipped...)
}
