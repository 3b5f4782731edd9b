package diagnosis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/refusal"
)

var steps = []float64{hint, suggests, points, says, proves}

func randomFacts(r *rand.Rand) []fact {
	groups := []group{groupBanner, groupWording, groupChallenge, groupCookie, groupHistory, groupProbe}
	facts := make([]fact, r.IntN(12))
	for i := range facts {
		w := steps[r.IntN(len(steps))]
		if r.IntN(3) == 0 {
			w = -w
		}
		facts[i] = fact{Evidence{Rule: fmt.Sprintf("rule%d", r.IntN(6)), Cause: cause.All[r.IntN(len(cause.All))].ID, Weight: w, Source: SourceResponse},
			groups[r.IntN(len(groups))]}
	}
	return facts
}

func anyPrior(r *rand.Rand) priors {
	status, kind := 401+2*r.IntN(2), []string{"main_frame", "xmlhttprequest"}[r.IntN(2)]
	return priorsOf(&refusal.Refusal{Status: status, ResourceType: kind})
}

func probability(ranked []Ranked, c cause.ID) float64 {
	for _, r := range ranked {
		if r.Cause == c {
			return r.Probability
		}
	}
	return math.NaN()
}

func TestEvidenceForACauseNeverLowersIt(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		prior, facts := anyPrior(r), randomFacts(r)
		extra := randomFacts(r)
		if len(extra) == 0 {
			continue
		}
		e := extra[0]
		before := probability(rank(prior, facts), e.Cause)
		after := probability(rank(prior, append(facts, e)), e.Cause)
		if e.Weight > 0 && after < before-1e-12 || e.Weight < 0 && after > before+1e-12 {
			t.Fatalf("%+v moved %s from %.4f to %.4f, beside %+v", e, e.Cause, before, after, facts)
		}
	}
}

func TestTheOrderOfEvidenceDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 500 {
		prior, facts := anyPrior(r), randomFacts(r)
		want := rank(prior, facts)
		r.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
		if diff := cmp.Diff(want, rank(prior, facts)); diff != "" {
			t.Fatalf("another order, another answer:\n%s", diff)
		}
	}
}

func TestProbabilitiesAreProbabilities(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 500 {
		ranked := rank(anyPrior(r), randomFacts(r))
		var sum float64
		for i, x := range ranked {
			sum += x.Probability
			if x.Probability <= 0 || i > 0 && x.Probability > ranked[i-1].Probability {
				t.Fatalf("%+v after %+v", x, ranked[max(i-1, 0)])
			}
		}
		if len(ranked) != len(cause.All) || math.Abs(sum-1) > 1e-9 {
			t.Fatalf("%d causes, sum %f", len(ranked), sum)
		}
	}
}

// Every probability follows from what is listed: prior plus the evidence that
// is not shadowed, capped, through the softmax.
func TestTheListedEvidenceExplainsTheProbability(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 500 {
		ranked := rank(anyPrior(r), randomFacts(r))
		odds := make([]float64, len(ranked))
		var total float64
		for i, x := range ranked {
			z := x.Prior
			for _, e := range x.Evidence {
				if !e.Shadowed {
					z += e.Weight
				}
			}
			odds[i] = math.Exp(max(-maxSum, min(maxSum, z)) / temperature)
			total += odds[i]
		}
		for i, x := range ranked {
			if math.Abs(odds[i]/total-x.Probability) > 1e-9 {
				t.Fatalf("%s has %.4f, its evidence gives %.4f", x.Cause, x.Probability, odds[i]/total)
			}
		}
	}
}

func TestOfOneKindOnlyTheStrongestCounts(t *testing.T) {
	prior := priorsOf(&refusal.Refusal{Status: 403})
	weak := fact{Evidence{Rule: "weak", Cause: cause.WAFBlock, Weight: hint}, groupBanner}
	strong := fact{Evidence{Rule: "strong", Cause: cause.WAFBlock, Weight: says}, groupBanner}
	against := fact{Evidence{Rule: "against", Cause: cause.WAFBlock, Weight: -suggests}, groupBanner}
	alone := probability(rank(prior, []fact{strong}), cause.WAFBlock)
	both := rank(prior, []fact{weak, strong})
	if got := probability(both, cause.WAFBlock); got != alone {
		t.Errorf("two of a kind count twice: %.4f, alone %.4f", got, alone)
	}
	if e := both[0].Evidence; len(e) != 2 || e[0].Shadowed || !e[1].Shadowed {
		t.Errorf("the weaker one is not marked: %+v", e)
	}
	contradicted := rank(prior, []fact{weak, strong, against})
	if got := probability(contradicted, cause.WAFBlock); got >= alone {
		t.Errorf("the contradiction does not count: %.4f, without it %.4f", got, alone)
	}
	if n := len(contradicted[0].Evidence); n != 3 {
		t.Errorf("%d pieces of evidence are shown, want all three", n)
	}
}

func TestNothingOutweighsEverything(t *testing.T) {
	var facts []fact
	for i := range 20 {
		facts = append(facts, fact{Evidence{Rule: fmt.Sprint(i), Cause: cause.WAFBlock, Weight: proves}, group(fmt.Sprint(i))})
	}
	var other []fact
	for i := range 2 {
		other = append(other, fact{Evidence{Rule: fmt.Sprint(i), Cause: cause.NoPermission, Weight: proves}, group(fmt.Sprint(i))})
	}
	ranked := rank(priorsOf(&refusal.Refusal{Status: 403}), append(facts, other...))
	if !unsure(ranked) {
		t.Errorf("a pile drowned the contradiction: %s %.2f, %s %.2f", ranked[0].Cause, ranked[0].Probability, ranked[1].Cause, ranked[1].Probability)
	}
}

// Nobody signed in, or no key was sent: one reason, told in two ways.
func TestTwoWaysOfSayingTheSameAreNoDoubt(t *testing.T) {
	for _, c := range []struct {
		first, second cause.ID
		want          bool
	}{
		{cause.NoCredentials, cause.TokenMissing, false},
		{cause.TokenMissing, cause.NoCredentials, false},
		{cause.NoCredentials, cause.NoPermission, true},
	} {
		ranked := []Ranked{{Cause: c.first, Probability: 0.46}, {Cause: c.second, Probability: 0.44}, {Cause: cause.Unknown, Probability: 0.1}}
		if got := unsure(ranked); got != c.want {
			t.Errorf("%s and %s: unsure is %t, want %t", c.first, c.second, got, c.want)
		}
	}
}
