package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/readmit/readmit/agent/capture"
	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/refusal"
)

// explainPrinter prints explanations one by one, as they come, so that a long
// recording needs no more memory than a short one.
type explainPrinter interface {
	print(explained) error
	end(capture.Summary) error
}

func newExplainPrinter(s streams, o explainOptions, b *bar) explainPrinter {
	if o.json {
		return &jsonPrinter{w: s.out, bar: b}
	}
	return &textPrinter{w: s.out, audience: explain.Audience(o.audience), bar: b}
}

// jsonPrinter prints one document; its elements are only ever added to.
type jsonPrinter struct {
	w   io.Writer
	bar *bar
	n   int
}

type explainedJSON struct {
	Source      string          `json:"source"`
	URL         string          `json:"url"`
	Status      int             `json:"status"`
	Challenges  []challengeJSON `json:"challenges"`
	Diagnosis   diagnosisJSON   `json:"diagnosis"`
	Plan        []stepJSON      `json:"plan"`
	SupportCode string          `json:"supportCode"`

	Helpdesk  explain.HelpdeskNotes  `json:"helpdesk"`
	Developer explain.DeveloperNotes `json:"developer"`
}

type challengeJSON struct {
	Scheme  string            `json:"scheme"`
	Params  map[string]string `json:"params"`
	Token68 string            `json:"token68,omitempty"`
}

type diagnosisJSON struct {
	Causes    []causeJSON       `json:"causes"`
	Title     string            `json:"title"`
	Summary   string            `json:"summary"`
	Certainty explain.Certainty `json:"certainty"`
}

type causeJSON struct {
	ID          cause.ID       `json:"id"`
	Probability float64        `json:"probability"`
	Evidence    []evidenceJSON `json:"evidence"`
}

type evidenceJSON struct {
	Rule   string  `json:"rule"`
	Weight float64 `json:"weight"`
	Source string  `json:"source"`
	Text   string  `json:"text"`
	// Shadowed evidence does not count: a stronger one of its kind does.
	Shadowed bool `json:"shadowed,omitempty"`
}

type stepJSON struct {
	Action cause.Action `json:"action"`
	Title  string       `json:"title"`
	Why    string       `json:"why"`
}

func (p *jsonPrinter) print(e explained) error {
	p.bar.end()
	lead := ",\n    "
	if p.n == 0 {
		lead = "{\n  \"version\": 1,\n  \"refusals\": [\n    "
	}
	p.n++
	var b bytes.Buffer
	b.WriteString(lead)
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("    ", "  ")
	if err := encoder.Encode(documentOf(e)); err != nil {
		return err
	}
	_, err := p.w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return err
}

func (p *jsonPrinter) end(summary capture.Summary) error {
	if p.n == 0 {
		if _, err := io.WriteString(p.w, "{\n  \"version\": 1,\n  \"refusals\": ["); err != nil {
			return err
		}
	} else if _, err := io.WriteString(p.w, "\n  "); err != nil {
		return err
	}
	broken := ""
	if b := summary.Broken; b != nil {
		data, err := json.Marshal(struct {
			After   string `json:"after"`
			Offset  int64  `json:"offset"`
			Problem string `json:"problem"`
		}{b.After, b.Offset, b.Problem})
		if err != nil {
			return err
		}
		broken = ",\n  \"broken\": " + string(data)
	}
	_, err := io.WriteString(p.w, "]"+broken+"\n}\n")
	return err
}

func documentOf(e explained) explainedJSON {
	r := &e.inc.Refusal
	doc := explainedJSON{
		Source: e.source, URL: r.URL, Status: r.Status, Challenges: challengesJSON(r), Plan: []stepJSON{}, SupportCode: e.view.SupportCode,
		Diagnosis: diagnosisJSON{Causes: []causeJSON{}, Title: e.view.Title, Summary: e.view.Summary, Certainty: e.view.Certainty},
		Helpdesk:  explain.HelpdeskOf(e.inc, e.options), Developer: explain.DeveloperOf(e.inc),
	}
	details := explain.DetailsOf(e.inc, e.options)
	for _, c := range details.Causes {
		cj := causeJSON{ID: c.Cause, Probability: c.Probability, Evidence: []evidenceJSON{}}
		for _, ev := range c.Evidence {
			cj.Evidence = append(cj.Evidence, evidenceJSON{Rule: ev.Rule, Weight: ev.Weight, Source: string(ev.Source), Text: ev.Text, Shadowed: ev.Shadowed})
		}
		doc.Diagnosis.Causes = append(doc.Diagnosis.Causes, cj)
	}
	for _, s := range details.Steps {
		doc.Plan = append(doc.Plan, stepJSON{Action: s.Action, Title: s.Title, Why: s.Why})
	}
	return doc
}

func challengesJSON(r *refusal.Refusal) []challengeJSON {
	list := []challengeJSON{}
	parsed, _ := challenge.Parse(r.Header("www-authenticate")...)
	for _, c := range parsed {
		list = append(list, challengeJSON{Scheme: c.Scheme, Params: c.Map(), Token68: c.Token68})
	}
	return list
}

// textPrinter prints for people. Refusals that are told alike and follow one
// another are told once and counted.
type textPrinter struct {
	w        io.Writer
	audience explain.Audience
	bar      *bar
	last     string
	more     int
	n        int
}

func (p *textPrinter) print(e explained) error {
	sections := explain.Text(e.inc, &e.view, p.audience, e.options)
	// The last section holds the support code, which differs from day to day.
	head := heading(&e.inc.Refusal)
	told := head + explain.Layout(sections[:len(sections)-1])
	if told == p.last {
		p.more++
		return nil
	}
	p.bar.end()
	p.counted()
	if p.n > 0 {
		say(p.w, "")
	}
	p.n++
	p.last, p.more = told, 0
	say(p.w, "%s (%s)", head, e.source)
	_, err := io.WriteString(p.w, explain.Layout(sections))
	return err
}

func (p *textPrinter) end(capture.Summary) error {
	p.counted()
	return nil
}

func (p *textPrinter) counted() {
	switch {
	case p.more == 1:
		say(p.w, "\n  The same happened once more.")
	case p.more > 1:
		say(p.w, "\n  The same happened %d more times.", p.more)
	}
}

func heading(r *refusal.Refusal) string {
	address := r.URL
	if address == refusal.UnknownURL {
		return fmt.Sprintf("An answer of %d", r.Status)
	}
	if u, err := url.Parse(address); err == nil && u.Path == "/" {
		address = strings.TrimSuffix(address, "/")
	}
	return fmt.Sprintf("%s answered %d", plain(address), r.Status)
}
