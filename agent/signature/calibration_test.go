package signature_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/signature/internal/source"
)

const (
	mixtures = 6000
	// speaking is how often a server says why at all, and misleading how often
	// it shows the page of another reason.
	speaking, misleading = 0.6, 0.02
	// tolerance is how much less often than it says an answer may be right.
	tolerance = 0.08
)

// Synthetic mixtures of the rows' own examples: causes as often as the priors
// say, servers that mostly speak, sometimes stay silent, and now and then
// mislead. Of the answers given with some probability at least about that
// share must be right.
func TestAProbabilityIsNoBoast(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	examples := map[cause.ID][]source.Example{}
	var all []source.Example
	for _, row := range readRows(t) {
		if row.Rank != nil {
			continue
		}
		for _, c := range strongest(row) {
			examples[c] = append(examples[c], row.Match...)
		}
		all = append(all, row.Match...)
	}
	type bin struct {
		n, right int
		said     float64
	}
	bins := make([]bin, 10)
	for range mixtures {
		silent := refusal.Refusal{URL: "https://site.example/page", Method: "GET", Status: 401 + 2*random.IntN(2), ResourceType: "main_frame"}
		truth := draw(random, diagnosis.Of(&silent, nil))
		r := silent
		switch own := examples[truth]; {
		case random.Float64() < misleading:
			r = refused(t, all[random.IntN(len(all))])
		case len(own) > 0 && random.Float64() < speaking:
			r = refused(t, own[random.IntN(len(own))])
		}
		d := diagnosis.Of(&r, nil)
		top := d.Ranked[0]
		if top.Cause == cause.Unknown {
			continue // that claims nothing
		}
		b := &bins[min(int(top.Probability*10), 9)]
		b.n++
		b.said += top.Probability
		if top.Cause == truth {
			b.right++
		}
	}
	for i, b := range bins {
		if b.n == 0 {
			continue
		}
		said, right := b.said/float64(b.n), float64(b.right)/float64(b.n)
		// Three standard errors of a share of n answers.
		noise := 3 * math.Sqrt(said*(1-said)/float64(b.n))
		t.Logf("said %.2f, right %.2f of %d", said, right, b.n)
		if right < said-tolerance-noise {
			t.Errorf("answers of 0.%d and more: said %.2f, right %.2f of %d", i, said, right, b.n)
		}
	}
}

// draw picks a cause as often as an answer without words says. There always is one: unknown
// is what an answer may be, never what is the case.
func draw(random *rand.Rand, d diagnosis.Diagnosis) cause.ID {
	ranked := slices.DeleteFunc(slices.Clone(d.Ranked), func(r diagnosis.Ranked) bool { return r.Cause == cause.Unknown })
	var total float64
	for _, r := range ranked {
		total += r.Probability
	}
	at := random.Float64() * total
	for _, r := range ranked {
		if at -= r.Probability; at < 0 {
			return r.Cause
		}
	}
	return ranked[len(ranked)-1].Cause
}
