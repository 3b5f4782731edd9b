package support

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/refusal"
)

// Context is what a report says besides the incident.
type Context struct {
	Now         time.Time
	Version     string // of readmit
	HostVersion string // of the native host
	Engine      string // "chromium" | "firefox" | "cli"
}

const (
	maxCauses   = 3
	maxEvidence = 6 // of one cause
	maxSteps    = 12
)

// requestIDs are header fields by which a site's own staff find a request, or
// the server that answered it.
var requestIDs = append(explain.IDHeaders(), "x-served-by")

// Report renders the hand-off to a helpdesk: plain text, every line a label
// and a value. v is the view of the incident, already made of safe text.
func Report(inc *incident.Incident, v *explain.View, ctx Context) string {
	var w lines
	r := &inc.Refusal
	site, page := place(r.URL)
	w.add("Support code", Code(inc, v.Certainty))
	w.add("Site", site)
	w.add("Page", page)
	w.add("Answer", fmt.Sprintf("%d to %s (%s)", r.Status, plain(r.Method), plain(r.ResourceType)))
	w.add("Refused at", stamp(r.Time))
	w.add("What the person was told", strings.TrimSpace(v.Title+" "+v.CertaintyText))
	w.causes(&inc.Diagnosis)
	w.requestIDs(r)
	w.steps(inc)
	w.add("State", state(inc))
	w.add("Request", request(r))
	w.add("readmit", fmt.Sprintf("%s, host %s, %s", plain(ctx.Version), orUnknown(plain(ctx.HostVersion)), orUnknown(plain(ctx.Engine))))
	w.add("Written at", stamp(ctx.Now))
	w.add("Left out", "passwords, cookie values, query values, page text")
	return w.b.String()
}

type lines struct{ b strings.Builder }

func (w *lines) add(label, value string) {
	if value != "" {
		w.b.WriteString(label + ": " + value + "\n")
	}
}

func (w *lines) causes(d *diagnosis.Diagnosis) {
	for i, ranked := range d.Ranked {
		if i == maxCauses {
			return
		}
		w.add(fmt.Sprintf("Cause %d", i+1), fmt.Sprintf("%s, %.0f %%", ranked.Cause, 100*ranked.Probability))
		for j, e := range ranked.Evidence {
			if j == maxEvidence {
				break
			}
			w.add("  evidence", fmt.Sprintf("%s %+.1f (%s)", e.Rule, e.Weight, e.Source))
			if quote := e.Args["quote"]; quote != "" && i == 0 {
				w.add("  to quote to the site", plain(quote))
			}
		}
	}
}

func (w *lines) requestIDs(r *refusal.Refusal) {
	for _, name := range requestIDs {
		for _, value := range r.Header(name) {
			w.add("Id "+name, plain(value))
		}
	}
}

func (w *lines) steps(inc *incident.Incident) {
	tried := inc.Outcomes
	if len(tried) > maxSteps {
		tried = tried[len(tried)-maxSteps:]
	}
	for _, o := range tried {
		w.add("Tried", fmt.Sprintf("%s: %s at %s", o.Action, o.Result, stamp(time.Unix(o.Unix, 0))))
	}
}

func state(inc *incident.Incident) string {
	if inc.Closing == "" {
		return "open since " + stamp(inc.Opened)
	}
	return string(inc.Closing) + " at " + stamp(inc.Closed)
}

// request says what is known of the request, never what it carried.
func request(r *refusal.Refusal) string {
	facts := []string{"cookies sent " + known(r.Request.Cookies)}
	if r.Request.Authorization != "" {
		facts = append(facts, "authorization "+plain(r.Request.Authorization))
	}
	if r.Request.FromCache == refusal.KnownYes {
		facts = append(facts, "answered from the cache")
	}
	if r.Request.Private {
		facts = append(facts, "private window")
	}
	return strings.Join(facts, ", ")
}

func known(k refusal.Known) string {
	if k == "" {
		return string(refusal.KnownUnknown)
	}
	return string(k)
}

// place splits a redacted address so that nothing makes a link of it.
func place(address string) (site, page string) {
	u, err := url.Parse(address)
	if err != nil {
		return "unknown", ""
	}
	port := u.Port()
	if port != "" {
		port = " port " + port
	}
	return fmt.Sprintf("%s (%s%s)", plain(redact.Host(u.Hostname())), plain(u.Scheme), port), plain(u.Path)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}
