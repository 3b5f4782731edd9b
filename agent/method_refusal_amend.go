package agent

import (
	"context"
	"slices"

	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// refusalAmend adds evidence to an incident, judges it anew and, when asked,
// grants probes and says whether the page's text has to come first.
func (s *server) refusalAmend(_ context.Context, c *conn, p *rpc.AmendParams) (*rpc.ViewResult, error) {
	if err := s.recall(c, p.IncidentID); err != nil {
		return nil, err
	}
	var refused bool
	inc, ok := s.book.with(p.IncidentID, func(e *entry) { refused = e.refused })
	if !ok {
		return nil, notFound("this incident")
	}
	if addsEvidence(p) {
		var err error
		if inc, err = s.rejudge(p.IncidentID, func(r refusal.Refusal) (refusal.Refusal, error) { return amended(r, p) }); err != nil {
			return nil, err
		}
		s.changed(c, &inc)
	}
	result := s.view(c, &inc)
	if p.AskProbes && inc.Open() {
		result.WantsPage = wantsPage(&inc.Refusal)
		result.Probes = s.grantProbes(&inc, refused, p.Clicked)
		result.LookOnClick = !p.Clicked && mayBeKey(&inc.Refusal) &&
			slices.Contains(usefulProbes(&inc.Refusal, &inc.Diagnosis, refused, true), refusal.ProbeNoCookies)
	}
	return result, nil
}

// wantsPage says that a page was refused whose text is not at hand.
func wantsPage(r *refusal.Refusal) bool {
	return r.ResourceType == "main_frame" && r.Title == "" && r.Body == ""
}

// rejudge changes what was seen of an incident and judges it anew. Judging
// reads the journal, so that the book is not held meanwhile: when another
// change came in between, it is done once more, on top of that one.
func (s *server) rejudge(id string, change func(refusal.Refusal) (refusal.Refusal, error)) (incident.Incident, error) {
	for {
		var report rpc.ReportParams
		var refused bool
		var judged int
		inc, ok := s.book.with(id, func(e *entry) { report, refused, judged = e.report, e.refused, e.judged })
		if !ok {
			return inc, notFound("this incident")
		}
		r, err := change(inc.Refusal)
		if err != nil {
			return inc, inputError(err)
		}
		d, plan := s.judge(&r, s.facts(&r, &report, id, refused))
		written := false
		if inc, ok = s.book.with(id, func(e *entry) {
			if written = e.judged == judged; written {
				e.inc.Amend(r, d, plan)
				e.judged++
				e.touched = s.now()
			}
		}); !ok {
			return inc, notFound("this incident")
		}
		if written {
			return inc, nil
		}
	}
}

// amended is the refusal with what was added. The constructor runs once more,
// so that what was added is bounded and redacted like the rest.
func amended(r refusal.Refusal, p *rpc.AmendParams) (refusal.Refusal, error) {
	if p.Title != nil {
		r.Title = *p.Title
	}
	if p.Body != nil {
		r.Body, r.BodyTruncated = *p.Body, p.BodyTruncated
	}
	if p.Cookies != nil {
		r.Cookies = p.Cookies
	}
	if p.EmptyPage != "" {
		r.Request.EmptyPage = p.EmptyPage
	}
	if len(p.Probes) > 0 {
		// The newer answer to the same question stands.
		probes := append([]refusal.Probe(nil), p.Probes...)
		for _, old := range r.Probes {
			if !answers(p.Probes, old.Kind) {
				probes = append(probes, old)
			}
		}
		r.Probes = probes
	}
	return refusal.New(r)
}

func answers(probes []refusal.Probe, kind refusal.ProbeKind) bool {
	for _, p := range probes {
		if p.Kind == kind {
			return true
		}
	}
	return false
}

func (s *server) grantProbes(inc *incident.Incident, refused, clicked bool) []refusal.ProbeKind {
	useful := usefulProbes(&inc.Refusal, &inc.Diagnosis, refused, clicked)
	return useful[:s.probes.grant(inc.Refusal.Origin(), len(useful), s.now())]
}

func addsEvidence(p *rpc.AmendParams) bool {
	return p.Title != nil || p.Body != nil || p.Cookies != nil || len(p.Probes) > 0 || p.EmptyPage != ""
}
