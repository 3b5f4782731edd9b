package agent

import (
	"strings"
	"sync"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

// A probe asks the refused origin a question, so it is asked sparingly.
const (
	probesPerHour  = 3
	maxProbeOrigin = 512 // origins counted at once
	// evident is the weight of evidence that "suggests" a cause, in nats: a
	// mere hint does not forbid to ask.
	evident = 1.2
)

// probeBudget counts granted probes by origin.
type probeBudget struct {
	mu      sync.Mutex
	granted map[string][]time.Time
}

// grant takes at most want probes from an origin's budget.
func (b *probeBudget) grant(origin string, want int, now time.Time) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	recent := recentOf(b.granted[origin], now)
	n := min(want, probesPerHour-len(recent))
	if n <= 0 || (b.granted[origin] == nil && len(b.granted) >= maxProbeOrigin) {
		return 0
	}
	for range n {
		recent = append(recent, now)
	}
	if b.granted == nil {
		b.granted = map[string][]time.Time{}
	}
	b.granted[origin] = recent
	return n
}

func (b *probeBudget) sweep(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for origin, times := range b.granted {
		if recent := recentOf(times, now); len(recent) == 0 {
			delete(b.granted, origin)
		}
	}
}

func recentOf(times []time.Time, now time.Time) []time.Time {
	var recent []time.Time
	for _, t := range times {
		if now.Sub(t) < time.Hour {
			recent = append(recent, t)
		}
	}
	return recent
}

// noProbe are the causes whose evidence forbids to ask again: whoever blocks,
// counts or has locked an account would count the probe too.
var noProbe = map[cause.ID]bool{
	cause.WAFBlock: true, cause.BotChallenge: true, cause.RateLimited: true, cause.IPOrGeoBlocked: true,
	cause.AccountDisabledOrLocked: true, cause.ServiceOutage: true, cause.WrongCredentials: true,
}

// usefulProbes lists the probes that may be sent and could tell something new:
// GET of a main frame only, never in a private window, never where asking
// again could do harm, and without a click never for a URL that may itself be
// a key.
func usefulProbes(r *refusal.Refusal, d *diagnosis.Diagnosis, refusedCredential, clicked bool) []refusal.ProbeKind {
	if r.Method != "GET" || r.ResourceType != "main_frame" || r.Request.Private || refusedCredential ||
		len(r.Header("retry-after")) > 0 || (!clicked && mayBeKey(r)) {
		return nil
	}
	asked := map[refusal.ProbeKind]bool{}
	for _, p := range r.Probes {
		if p.Status == 429 || p.Status >= 500 {
			return nil
		}
		asked[p.Kind] = true
	}
	for _, ranked := range d.Ranked {
		for _, e := range ranked.Evidence {
			if noProbe[e.Cause] && e.Weight >= evident {
				return nil
			}
		}
	}
	var kinds []refusal.ProbeKind
	if r.Request.Cookies != refusal.KnownNo && !asked[refusal.ProbeNoCookies] {
		kinds = append(kinds, refusal.ProbeNoCookies)
	}
	if r.Request.FromCache == refusal.KnownYes && !asked[refusal.ProbeNoCache] {
		kinds = append(kinds, refusal.ProbeNoCache)
	}
	if !isRoot(r.URL) && !asked[refusal.ProbeRoot] {
		kinds = append(kinds, refusal.ProbeRoot)
	}
	return kinds
}

// mayBeKey says that the URL has a query or a path segment that redact took
// for a token.
func mayBeKey(r *refusal.Refusal) bool {
	return len(r.QueryKeys) > 0 || strings.Contains(r.URL, "{...}")
}

func isRoot(url string) bool {
	_, rest, _ := strings.Cut(url, "://")
	_, path, found := strings.Cut(rest, "/")
	return !found || path == ""
}
