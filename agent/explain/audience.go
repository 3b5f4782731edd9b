package explain

import (
	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
)

// Audience is whom an explanation is for.
type Audience string

// The audiences.
const (
	User      Audience = "user"
	Helpdesk  Audience = "helpdesk"
	Developer Audience = "developer"
)

// Known says whether there is such an audience.
func (a Audience) Known() bool { return a == User || a == Helpdesk || a == Developer }

// Details is what stands behind a view: every cause with its evidence, and the
// steps with their reasons.
type Details struct {
	Causes []CauseDetail
	Steps  []StepDetail
}

// CauseDetail is one cause, the most probable first.
type CauseDetail struct {
	Cause       cause.ID
	Probability float64
	Evidence    []EvidenceDetail
}

// EvidenceDetail is one piece of evidence in words.
type EvidenceDetail struct {
	diagnosis.Evidence
	Text string
}

// StepDetail is one step that can still be taken.
type StepDetail struct {
	Action cause.Action
	Title  string
	Why    string
}

// DetailsOf lists what stands behind the view of an incident.
func DetailsOf(inc *incident.Incident, opt Options) Details {
	w := newWriter(inc, opt)
	var d Details
	for _, r := range inc.Diagnosis.Ranked {
		c := CauseDetail{Cause: r.Cause, Probability: r.Probability}
		for _, e := range r.Evidence {
			c.Evidence = append(c.Evidence, EvidenceDetail{e, w.evidence(e)})
		}
		d.Causes = append(d.Causes, c)
	}
	for _, s := range recovery.Offered(inc.Plan) {
		b := w.button(s)
		d.Steps = append(d.Steps, StepDetail{Action: s.Action, Title: b.Label, Why: w.titleOf(s.Cause)})
	}
	return d
}

// titleOf is the first title of a cause that fits.
func (w *writer) titleOf(c cause.ID) string {
	var v View
	for _, words := range catalogue[c].wordings {
		if w.fits(words, &v) {
			return v.Title
		}
	}
	return ""
}
