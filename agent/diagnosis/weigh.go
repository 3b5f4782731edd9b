package diagnosis

import (
	"cmp"
	"math"
	"slices"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/signature"
)

// The five steps of weight, in nats. Nothing else weighs: a rule that needs a
// sixth is two rules.
const (
	hint     = 0.5
	suggests = 1.2
	points   = 2.2
	says     = 3.5
	proves   = 6.0
)

// temperature divides the sums before they become probabilities. It is the
// only number that is fitted; above 1 it makes every answer less certain.
const temperature = 1.0

// maxSum caps what a cause can collect, so that no pile of weak evidence
// drowns the contradiction.
const maxSum = 8.0

// A diagnosis is unsure below either of these.
const (
	sureTop    = 0.5
	sureMargin = 0.15
)

// nats translates the strength that a signature row names.
func nats(s signature.Strength) float64 {
	switch s {
	case signature.Hint:
		return hint
	case signature.Suggests:
		return suggests
	case signature.Points:
		return points
	case signature.Says:
		return says
	case signature.Proves:
		return proves
	}
	return 0
}

// group names what kind of evidence a fact is. For each cause only the
// strongest fact of a group counts, once for and once against.
type group string

const (
	groupBanner     = group(signature.GroupBanner)
	groupWording    = group(signature.GroupWording)
	groupChallenge  = group(signature.GroupChallenge)
	groupCookie     = group(signature.GroupCookie)
	groupCookieEnd  = group("cookie_end")
	groupCode       = group(signature.GroupCode)
	groupCredential = group("credential")
	groupHistory    = group("history")
	groupPrecedent  = group("precedent")
	groupLater      = group("later")
	groupProbe      = group("probe")
	groupRequest    = group("request")
	groupClock      = group("clock")
	groupTicket     = group("ticket")
	groupNetwork    = group("network")
)

// fact is evidence with its group.
type fact struct {
	Evidence
	group group
}

// rank turns priors and facts into probabilities. It depends on neither the
// order of the facts nor that of any map.
func rank(prior map[cause.ID]float64, facts []fact) []Ranked {
	facts = slices.Clone(facts)
	slices.SortStableFunc(facts, strongestFirst)
	ranked := make([]Ranked, 0, len(cause.All))
	sums := make(map[cause.ID]float64, len(cause.All))
	for _, c := range cause.All {
		r := Ranked{Cause: c.ID, Prior: prior[c.ID]}
		sum := r.Prior
		type slot struct {
			group   group
			against bool
		}
		taken := make(map[slot]bool)
		for i := range facts {
			e := facts[i].Evidence
			if e.Cause != c.ID || e.Weight == 0 {
				continue
			}
			s := slot{facts[i].group, e.Weight < 0}
			if e.Shadowed = taken[s]; !e.Shadowed {
				taken[s] = true
				sum += e.Weight
			}
			r.Evidence = append(r.Evidence, e)
		}
		sums[c.ID] = max(-maxSum, min(maxSum, sum))
		ranked = append(ranked, r)
	}
	var total float64
	for i := range ranked {
		ranked[i].Probability = math.Exp(sums[ranked[i].Cause] / temperature)
		total += ranked[i].Probability
	}
	for i := range ranked {
		ranked[i].Probability /= total
	}
	slices.SortStableFunc(ranked, func(a, b Ranked) int { return cmp.Compare(b.Probability, a.Probability) })
	return ranked
}

func strongestFirst(a, b fact) int {
	return cmp.Or(
		cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)),
		cmp.Compare(b.Weight, a.Weight),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Cause, b.Cause),
	)
}

func unsure(ranked []Ranked) bool {
	return ranked[0].Probability < sureTop || ranked[0].Probability-ranked[1].Probability < sureMargin
}
