package explain

import (
	"slices"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
)

// HelpdeskNotes is what a helpdesk needs beyond the view: numbers to quote,
// what to ask the caller next, and what else it may be.
type HelpdeskNotes struct {
	Quote     []Quote    `json:"quote"`
	Ask       []Question `json:"ask"` // best first, at most three
	RunnersUp []RunnerUp `json:"runnersUp"`
}

// Question is one thing to ask the caller.
type Question struct {
	Ask   string `json:"ask"`
	Tells string `json:"tells"` // what the answer tells
}

// RunnerUp is a cause that is less probable than the first, and worth a thought.
type RunnerUp struct {
	ID          cause.ID  `json:"id"`
	Probability float64   `json:"probability"`
	Title       string    `json:"title"`
	Decide      *Question `json:"decide,omitempty"` // what tells it from the first
}

const (
	maxAsk        = 3
	maxRunnersUp  = 3
	worthAThought = 0.05
	// competes is the probability from which a second cause is asked about first.
	competes = 0.15
)

// HelpdeskOf makes the helpdesk's notes on an incident. The lists are never nil.
func HelpdeskOf(inc *incident.Incident, opt Options) HelpdeskNotes {
	return newWriter(inc, opt).helpdesk()
}

func (w *writer) helpdesk() HelpdeskNotes {
	n := HelpdeskNotes{Quote: w.quotes(), Ask: w.questions(), RunnersUp: []RunnerUp{}}
	for _, r := range w.runnersUp() {
		u := RunnerUp{ID: r.Cause, Probability: r.Probability, Title: w.titleOf(r.Cause)}
		if ids := w.open(w.decides(r.Cause)); len(ids) > 0 {
			u.Decide = asked(ids[0])
		}
		n.RunnersUp = append(n.RunnersUp, u)
	}
	return n
}

func (w *writer) runnersUp() []diagnosis.Ranked {
	var ups []diagnosis.Ranked
	for i, r := range w.d.Ranked {
		// That the reason is unknown is no cause to look into.
		if i > 0 && r.Cause != cause.Unknown && r.Probability >= worthAThought && len(ups) < maxRunnersUp {
			ups = append(ups, r)
		}
	}
	return ups
}

// questions picks what to ask: first what tells the leading cause from a
// strong second, then what shows whether the leading one is right. Where
// nothing leads, a question that fits all causes comes before both.
func (w *writer) questions() []Question {
	var general, rival []string
	if w.d.Unsure {
		general = w.open(asksFor[cause.Unknown])
	}
	if ups := w.runnersUp(); len(ups) > 0 && (w.d.Unsure || ups[0].Probability >= competes) {
		rival = w.open(w.decides(ups[0].Cause))
	}
	ids := slices.Concat(general[:min(len(general), 1)], rival[:min(len(rival), 1)], w.open(asksFor[w.leading()]), general)
	list := []Question{}
	for i, id := range ids {
		if len(list) < maxAsk && !slices.Contains(ids[:i], id) {
			list = append(list, *asked(id))
		}
	}
	return list
}

// decides lists what tells a cause from the leading one.
func (w *writer) decides(rival cause.ID) []string {
	leading := w.leading()
	a, _ := cause.ByID(leading)
	b, _ := cause.ByID(rival)
	if a.Family == b.Family || a.Family == cause.FamilyUnknown || b.Family == cause.FamilyUnknown {
		// Within a family only a question about the cause itself decides, and
		// one that both would answer alike does not.
		own := slices.DeleteFunc(slices.Clone(asksFor[rival]), func(id string) bool { return slices.Contains(asksFor[leading], id) })
		return append(own, asksFor[leading]...)
	}
	pair := between{min(a.Family, b.Family), max(a.Family, b.Family)}
	return slices.Concat(asksBetween[pair], asksFor[rival])
}

func (w *writer) leading() cause.ID {
	if len(w.d.Ranked) == 0 {
		return cause.Unknown
	}
	return w.d.Ranked[0].Cause
}

// open leaves out what the evidence answers already, and what a program has
// no eyes for.
func (w *writer) open(ids []string) []string {
	program := w.d.Seen(diagnosis.RuleProgram)
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		q := questions[id]
		return program && q.page || q.known != nil && q.known(w)
	})
}

func asked(id string) *Question { return &Question{Ask: questions[id].ask, Tells: questions[id].tells} }
