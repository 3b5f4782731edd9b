package explain

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/refusal"
)

// Options says how a view is written and what is known of the site. The zero
// value is valid.
type Options struct {
	Now      time.Time // its location decides how times are shown; without it none are
	Language string    // BCP 47; English is the only one so far
	Managed  bool      // a policy manages this installation: commands are left out

	// What the organisation says of the site; https or loopback http only.
	Org       string // such as "Example Ltd"
	Owner     string // who grants access
	SignInURL string
	HelpURL   string
}

// sureFrom is the probability from which a cause is called sure.
const sureFrom = 0.75

// Of explains an incident.
func Of(inc *incident.Incident, opt Options) View {
	w := newWriter(inc, opt)
	v := View{
		IncidentID: inc.ID,
		Status:     inc.Refusal.Status,
		Site:       w.site,
		Cause:      w.cause,
		Certainty:  w.certainty,
		Why:        w.why(),
		ForIT:      w.forIT(),
		Closed:     string(inc.Closing),
		Badge:      strconv.Itoa(inc.Refusal.Status),
	}
	v.CertaintyText = certainties[w.certainty]
	e := catalogue[w.cause]
	for _, words := range e.wordings {
		if w.fits(words, &v) {
			break
		}
	}
	w.buttons(&v, e)
	if v.Main.Action == cause.ClearSiteData {
		v.Notes = w.clearNotes()
	}
	v.Clear = w.clear()
	if inc.Closing != "" {
		w.closed(&v)
	} else {
		w.walked(&v)
	}
	v.ActionTitle = "readmit: " + v.Title
	return v
}

// nameless is what a site is called whose address is not known.
const nameless = "this site"

// writer holds what all parts of one view share.
type writer struct {
	inc       *incident.Incident
	d         *diagnosis.Diagnosis
	opt       Options
	cause     cause.ID // the cause that the texts speak of
	certainty Certainty
	site      string
	hostname  string // as the address has it
	facts     map[string]string
}

func newWriter(inc *incident.Incident, opt Options) *writer {
	w := &writer{inc: inc, d: &inc.Diagnosis, opt: opt, cause: cause.Unknown, certainty: Unsure}
	if len(w.d.Ranked) > 0 && !w.d.Unsure {
		top := w.d.Ranked[0]
		if _, ok := catalogue[top.Cause]; ok && top.Cause != cause.Unknown {
			w.cause, w.certainty = top.Cause, Likely
			if top.Probability >= sureFrom {
				w.certainty = Sure
			}
		}
	}
	host := ""
	if u, err := url.Parse(inc.Refusal.URL); err == nil && inc.Refusal.URL != refusal.UnknownURL {
		w.hostname = u.Hostname()
		host = w.hostname
		if strings.Contains(host, ":") { // RFC 3986 3.2.2
			host = "[" + host + "]"
		}
		host = redact.Host(host)
		w.site = host
		if host != "" && u.Port() != "" {
			w.site += ":" + u.Port()
		}
	}
	if w.site == "" {
		w.site = nameless
	}
	w.facts = map[string]string{"site": w.site, "host": host, "org": plain(opt.Org), "owner": plain(opt.Owner)}
	if until, ok := w.clock(w.lastOpened()); ok {
		w.facts["until"] = until
	}
	if at, ok := w.clock(w.d.Arg(diagnosis.RuleRetryAfter, "at")); ok {
		w.facts["at"] = at
	}
	if parent := w.d.Arg(diagnosis.RuleSharedData, "parent"); parent != "" {
		w.facts["parent"] = redact.Host(parent)
	}
	if m, err := strconv.Atoi(w.d.Arg("clock_off", "minutes")); err == nil {
		w.facts["minutes"] = strconv.Itoa(max(m, -m))
	}
	return w
}

// lastOpened is the hour in which the site last opened, where it speaks for a
// sign-in that is over.
func (w *writer) lastOpened() string {
	for _, r := range w.d.Ranked {
		for _, e := range r.Evidence {
			if r.Cause == cause.SessionExpired && e.Weight > 0 && e.Args["lastSuccess"] != "" {
				return e.Args["lastSuccess"]
			}
		}
	}
	return ""
}

func plain(s string) string { return redact.Line(s, maxQuote) }

// fits fills title and summary when everything that they mention is known.
func (w *writer) fits(words wording, v *View) bool {
	if !w.applies(words.when) {
		return false
	}
	title, ok := w.fill(words.title, nil)
	if !ok {
		return false
	}
	text, ok := w.fill(words.text, nil)
	if !ok {
		return false
	}
	v.Title, v.Summary = title, text
	return true
}

// applies says whether a wording's condition holds.
func (w *writer) applies(when string) bool {
	switch when {
	case "":
		return true
	case whenTextBehind:
		return w.d.Seen(diagnosis.RuleFormSent) && !w.d.Seen(diagnosis.RuleBackground)
	case whenMoreThanReload:
		steps := recovery.Offered(w.inc.Plan)
		return len(steps) > 0 && steps[0].Action != cause.ReloadPage && steps[0].Action != cause.ReturnToText
	}
	return w.d.Seen(when)
}

// choose returns the first text whose facts are known.
func (w *writer) choose(texts []string, args map[string]string) (string, bool) {
	for _, t := range texts {
		if line, ok := w.fill(t, args); ok {
			return line, true
		}
	}
	return "", false
}

// fill puts facts into a text; ok is false when one is not known.
func (w *writer) fill(text string, args map[string]string) (filled string, ok bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		name, after, closed := strings.Cut(rest, "}")
		value := w.facts[name]
		if a := args[name]; a != "" {
			value = w.argument(name, a)
		}
		if !closed || value == "" {
			return "", false
		}
		if value == nameless && b.Len() == 0 {
			value = "This site"
		}
		b.WriteString(value)
		text = after
	}
}

// argument shows an argument of a rule: times by the clock, all else as a line.
func (w *writer) argument(name, value string) string {
	switch name {
	case "lastSuccess", "at", "ends", "since":
		t, _ := w.clock(value)
		return t
	case "minutes":
		return strings.TrimPrefix(value, "-")
	}
	return quotable(value)
}

// clearNotes says what clearing will lose. Cookies ignore ports (RFC 6265
// 8.5), and one that names the host as its domain is sent to hosts below it
// too (5.1.3).
func (w *writer) clearNotes() []string {
	texts := clearNotes
	if slices.ContainsFunc(w.inc.Refusal.Cookies, func(c refusal.Cookie) bool {
		return !c.HostOnly && strings.EqualFold(c.Domain, w.hostname)
	}) {
		texts = append(slices.Clone(texts), clearBelowNote)
	}
	notes := make([]string, 0, len(texts))
	for _, t := range texts {
		if n, ok := w.fill(t, nil); ok {
			notes = append(notes, n)
		}
	}
	return notes
}

// clear is the least clearing that can help: past a kept answer, without the
// cookies that a probe did not send, or without those that other sites share.
func (w *writer) clear() string {
	switch {
	case w.d.Seen(diagnosis.RuleFromCache), w.d.Seen(diagnosis.RuleProbePastCache):
		return "page"
	case w.d.Seen(diagnosis.RuleSharedData):
		return "shared"
	case w.d.Seen(diagnosis.RuleProbeOpened):
		return "cookies"
	}
	return ""
}

// closed turns the view into that of an incident that has ended.
func (w *writer) closed(v *View) {
	words, ok := closedWordings[string(w.inc.Closing)]
	if !ok {
		return
	}
	w.fits(words, v)
	v.Why, v.Notes, v.Other, v.Second, v.Clear = nil, nil, nil, nil, ""
	v.CertaintyText = "" // it speaks of a reason that is no longer told
	v.Badge = ""
	if w.inc.Closing == incident.ClosingRecovered {
		v.Main = &Button{Action: cause.None, Label: closeLabel}
	} else {
		v.Main = &Button{Action: cause.ReloadPage, Label: labels[cause.ReloadPage]}
	}
}

// forIT are the folded lines: the figures behind the sentences.
func (w *writer) forIT() []string {
	lines := []string{fmt.Sprintf("Status: %d", w.inc.Refusal.Status)}
	for i, r := range w.d.Ranked {
		if i == 2 || i > 0 && r.Probability < 0.1 {
			break
		}
		lines = append(lines, fmt.Sprintf("Cause: %s, probability %.2f", r.Cause, r.Probability))
		for j, e := range r.Evidence {
			if j == 6 {
				break
			}
			lines = append(lines, "- "+evidenceLine(e))
			if q := e.Args["quote"]; q != "" && i == 0 {
				lines = append(lines, "  Quote to the site's support: "+plain(q))
			}
		}
	}
	return lines
}

func evidenceLine(e diagnosis.Evidence) string {
	note := ""
	if e.Shadowed {
		note = ", not counted: a stronger one of its kind"
	}
	return fmt.Sprintf("%s %+.1f (%s%s)", e.Rule, e.Weight, e.Source, note)
}
