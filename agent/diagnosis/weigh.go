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
const temperature = 0.6

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
	groupLoop       = group("loop")
	groupNetwork    = group("network")
)

// fact is evidence with its group.
type fact struct {
	Evidence
	group group
}

// rank turns priors and facts into probabilities. It depends on neither the
// order of the facts nor that of any map.
func rank(prior priors, facts []fact) []Ranked {
	sorted, begin := byCause(facts)
	all := make([]Evidence, len(sorted))
	var order [maxCauses]candidate
	var total float64
	for c := range cause.All {
		sum, of := prior[c], sorted[begin[c]:begin[c+1]]
		for k, at := range of {
			e := &all[begin[c]+k]
			*e = facts[at].Evidence
			if e.Shadowed = taken(facts, of[:k], &facts[at]); !e.Shadowed {
				sum += e.Weight
			}
		}
		order[c] = candidate{c, math.Exp(max(-maxSum, min(maxSum, sum)) / temperature)}
		total += order[c].odds
	}
	slices.SortFunc(order[:len(cause.All)], func(a, b candidate) int {
		if a.odds != b.odds {
			return cmp.Compare(b.odds, a.odds)
		}
		return a.place - b.place
	})
	ranked := make([]Ranked, len(cause.All))
	for i := range ranked {
		c := order[i].place
		ranked[i] = Ranked{Cause: cause.All[c].ID, Probability: order[i].odds / total, Prior: prior[c]}
		if begin[c] < begin[c+1] {
			ranked[i].Evidence = all[begin[c]:begin[c+1]:begin[c+1]]
		}
	}
	return ranked
}

// candidate is a cause by its place in cause.All, with its odds.
type candidate struct {
	place int
	odds  float64
}

// maxCauses is more than there may be: support codes number them from 1 to 63.
const maxCauses = 64

// placeOf says where a cause stands in cause.All.
var placeOf = func() map[cause.ID]int {
	m := make(map[cause.ID]int, len(cause.All))
	for i, c := range cause.All {
		m[c.ID] = i
	}
	return m
}()

// byCause returns the indices of the facts that weigh something, those of each
// cause together, the strongest of each first; those of the cause at i of
// cause.All stand from begin[i] to begin[i+1].
func byCause(facts []fact) (sorted []int, begin [maxCauses + 1]int) {
	places := make([]int, 2*len(facts))
	places, sorted = places[:len(facts)], places[len(facts):]
	for i := range facts {
		c, ok := placeOf[facts[i].Cause]
		if !ok || facts[i].Weight == 0 {
			places[i] = -1
			continue
		}
		places[i] = c
		begin[c+1]++
	}
	for c := range maxCauses {
		begin[c+1] += begin[c]
	}
	end := begin
	for i, c := range places {
		if c >= 0 {
			sorted[end[c]] = i
			end[c]++
		}
	}
	for c := range cause.All {
		if of := sorted[begin[c]:end[c]]; len(of) > 1 {
			slices.SortStableFunc(of, func(a, b int) int { return strongestFirst(&facts[a], &facts[b]) })
		}
	}
	return sorted[:begin[maxCauses]], begin
}

// taken says whether a stronger fact of the same kind speaks for the cause, or
// against it.
func taken(facts []fact, stronger []int, f *fact) bool {
	for _, at := range stronger {
		if s := &facts[at]; s.group == f.group && (s.Weight < 0) == (f.Weight < 0) {
			return true
		}
	}
	return false
}

func strongestFirst(a, b *fact) int {
	return cmp.Or(
		cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)),
		cmp.Compare(b.Weight, a.Weight),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Cause, b.Cause),
	)
}

// unsure says whether no cause is far enough ahead. That nobody has signed in
// and that no key was sent are one reason told in two ways.
func unsure(ranked []Ranked) bool {
	top, next := ranked[0].Probability, ranked[1].Probability
	if akin(ranked[0].Cause, ranked[1].Cause) {
		top, next = top+next, ranked[2].Probability
	}
	return top < sureTop || top-next < sureMargin
}

func akin(a, b cause.ID) bool {
	return a == cause.NoCredentials && b == cause.TokenMissing || a == cause.TokenMissing && b == cause.NoCredentials
}
