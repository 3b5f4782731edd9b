package explain

import (
	"fmt"
	"strings"

	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/refusal"
)

// notCounted is said of evidence that a stronger one shadows.
const notCounted = "Not counted: a stronger sign of the same kind is."

// Section is a part of an explanation as text.
type Section struct {
	Title string // empty for the first words and the last
	Lines []Line
}

// Line is a paragraph; what wraps stands under the text, not under the mark.
type Line struct {
	Mark string // such as "- "
	Text string
}

// Text says what an audience reads. v is the view of the incident, so that
// all of them read the same title.
func Text(inc *incident.Incident, v *View, a Audience, opt Options) []Section {
	t := teller{w: newWriter(inc, opt), v: v, details: DetailsOf(inc, opt)}
	switch a {
	case Helpdesk:
		return t.helpdesk(HelpdeskOf(inc, opt))
	case Developer:
		return t.developer(DeveloperOf(inc))
	}
	return t.user()
}

// teller makes sections; one without lines is left out.
type teller struct {
	w        *writer
	v        *View
	details  Details
	sections []Section
}

func (t *teller) add(title string, lines ...Line) {
	if len(lines) > 0 {
		t.sections = append(t.sections, Section{title, lines})
	}
}

func (t *teller) done() []Section {
	t.add("", Line{Text: "Support code: " + t.v.SupportCode})
	return t.sections
}

func (t *teller) told() []Line {
	lines := []Line{{Text: t.v.Title}, {Text: t.v.Summary}}
	if t.v.CertaintyText != "" {
		lines = append(lines, Line{Text: t.v.CertaintyText})
	}
	return lines
}

func (t *teller) steps() []Line {
	var lines []Line
	for i, s := range t.details.Steps {
		lines = append(lines, Line{fmt.Sprintf("%d. ", i+1), s.Title})
	}
	return lines
}

func (t *teller) user() []Section {
	t.add("", t.told()...)
	var why []Line
	for _, l := range t.v.Why {
		why = append(why, Line{"- ", l})
	}
	t.add("Why we think so", why...)
	t.add("What to do", t.steps()...)
	return t.done()
}

func (t *teller) helpdesk(n HelpdeskNotes) []Section {
	t.add("What the caller reads", t.told()...)
	t.add("Cause", t.leading(0)...)
	t.add("Evidence", t.evidence(false)...)
	var ask, other, quote []Line
	for i, q := range n.Ask {
		ask = append(ask, Line{fmt.Sprintf("%d. ", i+1), q.Ask}, Line{"   ", q.Tells})
	}
	t.add("Ask the caller next", ask...)
	for _, u := range n.RunnersUp {
		other = append(other, Line{fmt.Sprintf("%5s  ", percent(u.Probability)), fmt.Sprintf("%s (%s)", u.Title, u.ID)})
		if u.Decide != nil {
			other = append(other, Line{"       ", "To decide: " + u.Decide.Ask + " " + u.Decide.Tells})
		}
	}
	t.add("What else it may be", other...)
	for _, q := range n.Quote {
		quote = append(quote, Line{"- ", q.Label + ": " + q.Value})
	}
	if len(n.Quote) > 0 {
		t.add("Numbers to quote to "+n.Quote[0].To, quote...)
	}
	t.add("Steps, in this order", t.steps()...)
	return t.done()
}

func (t *teller) developer(n DeveloperNotes) []Section {
	t.add("What people read", t.told()...)
	findings := []Line{}
	for _, f := range n.Findings {
		findings = append(findings, Line{fmt.Sprintf("%-6s  ", f.Severity), f.Text}, Line{"        ", f.Section + " " + f.URL})
	}
	if len(n.Findings) == 0 {
		findings = append(findings, Line{Text: "Nothing in what the recording holds."})
	}
	t.add("What the server could do better", findings...)
	t.add("Cause", t.leading(maxRunnersUp)...)
	t.add("Evidence", t.evidence(true)...)
	t.add("Challenges", challengeLines(t.w.inc.Refusal.Header("www-authenticate"))...)
	t.add("Request", n.Request.lines()...)
	var headers, redirects []Line
	for _, h := range n.Headers {
		headers = append(headers, Line{Text: h.Name + ": " + h.Value})
	}
	t.add("Response headers", headers...)
	for _, h := range n.Redirects {
		redirects = append(redirects, Line{fmt.Sprintf("%d  ", h.Status), h.URL})
	}
	t.add("Redirects that led here", redirects...)
	t.add("Before and after", t.story()...)
	return t.done()
}

// leading names the first cause with its figure, and up to more of those that
// are worth a thought.
func (t *teller) leading(more int) []Line {
	var lines []Line
	for i, c := range t.details.Causes {
		if i == 0 || i <= more && c.Probability >= worthAThought {
			lines = append(lines, Line{fmt.Sprintf("%5s  ", percent(c.Probability)), string(c.Cause)})
		}
	}
	if t.w.d.Unsure {
		lines = append(lines, Line{Text: "Unsure: no cause is far enough ahead."})
	}
	return lines
}

// evidence lists what bears on the leading cause, the strongest first.
func (t *teller) evidence(rules bool) []Line {
	if len(t.details.Causes) == 0 {
		return nil
	}
	lines := []Line{}
	for _, e := range t.details.Causes[0].Evidence {
		text := e.Text
		if rules {
			text = fmt.Sprintf("%s (%s, %s)", text, e.Rule, e.Source)
		}
		if e.Shadowed {
			text += " " + notCounted
		}
		lines = append(lines, Line{fmt.Sprintf("%+.1f  ", e.Weight), text})
	}
	if rules {
		return append(lines, Line{fmt.Sprintf("%+.1f  ", t.w.d.Ranked[0].Prior), "What the status alone says."})
	}
	if len(lines) == 0 {
		return []Line{{Text: "Nothing but the status."}}
	}
	return lines
}

// story is what other answers of the same site tell.
func (t *teller) story() []Line {
	var lines []Line
	told := map[string]bool{}
	for _, r := range t.w.d.Ranked {
		for _, e := range r.Evidence {
			if e.Source == diagnosis.SourceHistory && !told[e.Rule] {
				told[e.Rule] = true
				e.Weight = 1 // what was seen, whichever cause it bears on
				lines = append(lines, Line{"- ", t.w.evidence(e)})
			}
		}
	}
	return lines
}

func (f RequestFacts) lines() []Line {
	kind := f.Type
	if kind == "" {
		kind = string(refusal.KnownUnknown)
	}
	lines := []Line{
		{Text: "method: " + f.Method + ", type: " + kind},
		{Text: fmt.Sprintf("cookies sent: %s, authorization sent: %s, from a cache: %s", f.Cookies, f.Authorization, f.FromCache)},
	}
	if f.Initiator != "" {
		lines = append(lines, Line{Text: "asked for by " + f.Initiator})
	}
	if len(f.QueryKeys) > 0 {
		lines = append(lines, Line{Text: "query keys: " + strings.Join(f.QueryKeys, ", ")})
	}
	return lines
}

// challengeLines shows schemes with all their parameters; what belongs to one
// exchange only is left out.
func challengeLines(values []string) []Line {
	var lines []Line
	parsed, _ := challenge.Parse(values...)
	for _, c := range parsed {
		lines = append(lines, Line{"- ", c.Scheme + ": " + Scheme(c.Scheme, Developer)})
		if c.Token68 != "" {
			lines = append(lines, Line{"  ", "a step of a handshake"})
		}
		for _, p := range c.Params {
			shown := challenge.Challenge{Scheme: c.Scheme, Params: []challenge.Param{p}}.String()
			lines = append(lines, Line{"  ", redact.Line(strings.TrimPrefix(shown, c.Scheme+" "), maxShownHeader)})
		}
	}
	return lines
}

// percent never says 0 or 100: nothing is that certain.
func percent(p float64) string {
	switch n := int(100*p + 0.5); {
	case n < 1:
		return "<1 %"
	case n > 99:
		return ">99 %"
	default:
		return fmt.Sprintf("%d %%", n)
	}
}
