package agent

import (
	"context"

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
	var report rpc.ReportParams
	var refused bool
	before, ok := s.book.with(p.IncidentID, func(e *entry) { report, refused = e.report, e.refused })
	if !ok {
		return nil, notFound("this incident")
	}
	inc := before
	if addsEvidence(p) {
		r, err := amended(before.Refusal, p)
		if err != nil {
			return nil, inputError(err)
		}
		d, plan := s.judge(&r, s.facts(&r, &report, before.ID, refused))
		if inc, ok = s.book.with(p.IncidentID, func(e *entry) {
			e.inc.Amend(r, d, plan)
			e.touched = s.now()
		}); !ok {
			return nil, notFound("this incident")
		}
		s.changed(c, &inc)
	}
	result := s.view(c, &inc)
	if p.AskProbes && inc.Open() {
		result.WantsPage = wantsPage(&inc.Refusal)
		result.Probes = s.grantProbes(&inc, refused, p.Clicked)
	}
	return result, nil
}

// wantsPage says that a page was refused whose text is not at hand.
func wantsPage(r *refusal.Refusal) bool {
	return r.ResourceType == "main_frame" && r.Title == "" && r.Body == ""
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
	return useful[:s.probes.grant(refusal.Origin(inc.Refusal.URL), len(useful), s.now())]
}

func addsEvidence(p *rpc.AmendParams) bool {
	return p.Title != nil || p.Body != nil || p.Cookies != nil || len(p.Probes) > 0 || p.EmptyPage != ""
}
