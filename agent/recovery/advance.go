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
