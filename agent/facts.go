package agent

import (
	"slices"
	"time"

	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/machine"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// facts gathers what is known beyond the refusal. What cannot be had is
// unknown; a diagnosis waits for nothing.
func (s *server) facts(r *refusal.Refusal, report *rpc.ReportParams, id string, refused bool) *diagnosis.Facts {
	now := s.now()
	ask := machine.Ask{Ticket: slices.ContainsFunc(challengesOf(r), func(c challenge.Challenge) bool { return c.Scheme == "negotiate" })}
	if s.vpn != nil {
		ask.VPN = s.vpn(r.Origin())
	}
	f := &diagnosis.Facts{Machine: s.machine.Facts(now, ask)}
	if !r.Request.Private {
		space, _ := spaceOf(r)
		h, err := s.journal.History(journal.Query{Origin: r.Origin(), URL: r.URL, Realm: space.Realm, Except: id})
		if err != nil {
			s.log.Warn().Err(err).Str("part", "journal").Msg("reading the history")
		}
		f.History = h
	}
	if at := lastSuccess(report, now); at.After(f.History.LastSuccess) {
		f.History.LastSuccess = at
	}
	f.History.CredentialRefused = refused
	return f
}

// lastSuccess is when the browser last saw the origin answer well, zero when
// that would be in the future: a clock was set back, and such an hour would
// stand before every later one.
func lastSuccess(report *rpc.ReportParams, now time.Time) time.Time {
	if report.LastSuccess.Before(now.Add(time.Hour)) {
		return report.LastSuccess
	}
	return time.Time{}
}

// judge is the way from a refusal to a diagnosis and a plan.
func (s *server) judge(r *refusal.Refusal, f *diagnosis.Facts) (diagnosis.Diagnosis, []recovery.Step) {
	d := diagnosis.Of(r, f)
	return d, recovery.Plan(d, recovery.Rules{}, s.experience(r))
}

// experience is what was learned of a site's steps. A private window knows
// nothing of other windows, as they know nothing of it.
func (s *server) experience(r *refusal.Refusal) recovery.Experience {
	if r.Request.Private {
		return recovery.Experience{}
	}
	x, err := s.journal.Experience(r.Origin())
	if err != nil {
		s.log.Warn().Err(err).Str("part", "journal").Msg("reading what helped before")
	}
	return x
}

// challengesOf reads the refusal's own challenges for whatever a secret depends
// on. Where another reader may see other challenges there are none: a secret
// is not released on a guess, not even for the challenge that reads well, since
// the browser may answer the one beside it.
func challengesOf(r *refusal.Refusal) []challenge.Challenge {
	read, err := challenge.Read(r.Header("www-authenticate")...)
	if err != nil || !read.Certain() {
		return nil
	}
	return read.Challenges
}

func spaceOf(r *refusal.Refusal) (release.Space, bool) {
	return release.SpaceOf(r.Origin(), challengesOf(r))
}
