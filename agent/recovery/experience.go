package recovery

import (
	"slices"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
)

// Tried names a step by the cause that it was taken for.
type Tried struct {
	Cause  cause.ID
	Action cause.Action
}

// Count says how often a step helped and how often it did not.
type Count struct{ Helped, Failed int }

// Experience is what earlier outcomes on this computer taught. The zero value
// knows nothing and leaves every order as it is.
type Experience struct {
	Here       map[Tried]Count // on this site
	Everywhere map[Tried]Count // on all sites, this one included
}

// What is expected of an action before anything is known of it: a Beta
// distribution whose mean falls with its place in the table, and that weighs
// as much as priorWeight outcomes. One outcome changes no order, two of one
// kind on a site do.
const (
	priorMean   = 0.6
	priorStep   = 0.1
	priorFloor  = 0.05
	priorWeight = 6
	// otherSites is the most that all other sites together weigh, in outcomes.
	otherSites = 6
)

// expected is the posterior mean that an action helps with a cause; place is
// where the table has it.
func (x Experience) expected(c cause.ID, a cause.Action, place int) float64 {
	here, all := x.Here[Tried{c, a}], x.Everywhere[Tried{c, a}]
	other := Count{Helped: max(all.Helped-here.Helped, 0), Failed: max(all.Failed-here.Failed, 0)}
	share := 1.0
	if n := other.Helped + other.Failed; n > otherSites {
		share = otherSites / float64(n)
	}
	helped := max(priorMean-priorStep*float64(place), priorFloor)*priorWeight + float64(here.Helped) + share*float64(other.Helped)
	seen := priorWeight + float64(here.Helped+here.Failed) + share*float64(other.Helped+other.Failed)
	return helped / seen
}

// order sorts the actions of a cause by what experience expects of them. What
// asks for a secret, costs or loses something never moves ahead of its place
// in the table, and the way back to a person's text stays first.
func (x Experience) order(d diagnosis.Diagnosis, c cause.ID, as []cause.Action) []cause.Action {
	if len(as) < 2 || len(x.Here) == 0 && len(x.Everywhere) == 0 {
		return as
	}
	ordered := make([]cause.Action, 0, len(as))
	if as[0] == cause.ReturnToText {
		ordered = append(ordered, as[0])
	}
	for len(ordered) < len(as) {
		best, most := cause.Action(""), -1.0
		for place, a := range as {
			if slices.Contains(ordered, a) || place > len(ordered) && mayLose(d, a) {
				continue
			}
			if e := x.expected(c, a, place); e > most {
				best, most = a, e
			}
		}
		ordered = append(ordered, best)
	}
	return ordered
}

// mayLose says whether an action asks for a secret, costs something or loses
// what a person may have typed.
func mayLose(d diagnosis.Diagnosis, a cause.Action) bool {
	return slices.Contains(notOnAGuess, a) || a != cause.ReturnToText && (d.Seen(diagnosis.RuleFormSent) || d.Seen(diagnosis.RuleBackground))
}

// here is how often an action helped on this site, whatever the cause was.
func (x Experience) here(a cause.Action) Count {
	var sum Count
	for tried, n := range x.Here {
		if tried.Action == a {
			sum.Helped += n.Helped
			sum.Failed += n.Failed
		}
	}
	return sum
}

// Lesson says what an outcome teaches, before the plan has moved on: whether a
// step that was under way helped. ok is false for all that proves nothing, as
// a page that opened by itself, or a step whose end nobody saw.
func Lesson(plan []Step, o Outcome) (tried Tried, helped, ok bool) {
	if o.Result != ResultRecovered && o.Result != ResultRefused {
		return Tried{}, false, false
	}
	i := slices.IndexFunc(plan, func(s Step) bool {
		// A sign-in by readmit's own window is under way without having been started from the plan.
		return s.Action == o.Action && (s.State == StateRunning || types(s.Action) && s.State == StateNext)
	})
	if i < 0 {
		return Tried{}, false, false
	}
	return Tried{plan[i].Cause, plan[i].Action}, o.Result == ResultRecovered, true
}
