package diagnosis

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/refusal"
)

// recently is how long a success still says something about a session: most
// sites end one sooner.
const recently = 72 * time.Hour

// readHistory looks at what was known of the origin before.
func (s *scene) readHistory() {
	h := &s.f.History
	since := s.r.Time.Sub(h.LastSuccess)
	if !s.http && !h.LastSuccess.IsZero() && since >= 0 && since < recently {
		ws := weights{{cause.IPOrGeoBlocked, -suggests}, {cause.ServiceOutage, -hint}}
		if s.f.Machine.VPN != refusal.KnownNo {
			// It may have opened over the VPN that is down now.
			ws = append(ws, weight{cause.VPNOrNetworkRequired, -suggests})
		}
		switch {
		case s.r.Status != 401:
		case s.session:
			ws = append(ws, weight{cause.SessionExpired, points})
		case s.r.Request.Cookies != refusal.KnownNo:
			// Public pages open for everybody, and a cookie may be the banner's.
			ws = append(ws, weight{cause.SessionExpired, hint})
		}
		s.add(rule{"site_opened_before", SourceHistory, groupHistory,
			map[string]string{"lastSuccess": h.LastSuccess.UTC().Format(time.RFC3339)}}, ws)
	}
	if c, ok := helpedBy[h.LastHelped]; ok {
		args := map[string]string{"action": string(h.LastHelped)}
		n := h.Helped[h.LastHelped]
		if n > 1 {
			args["times"] = strconv.Itoa(n)
		}
		// What helped before says more about the same page than about another
		// one of the site, and more when it did so again.
		w := suggests
		switch {
		case n > 1 && h.HelpedHere:
			w = says
		case n > 1 || h.HelpedHere:
			w = points
		}
		s.add(rule{RuleHelped, SourceHistory, groupPrecedent, args}, weights{{c, w}})
	}
	if h.Refusals >= 3 && h.LastSuccess.IsZero() && !s.http && s.r.Status == 403 {
		// What stays closed over days is neither a busy site nor a bad moment.
		w := hint
		if !h.Since.IsZero() && s.r.Time.Sub(h.Since) >= 24*time.Hour {
			w = suggests
		}
		s.add(rule{"refused_many_times", SourceHistory, groupHistory, timesSince(h)},
			weights{{cause.NoPermission, w}, {cause.SessionExpired, -suggests}})
	}
}

// timesSince says how often a page was refused before, and since when.
func timesSince(h *History) map[string]string {
	args := map[string]string{"times": strconv.Itoa(h.Refusals)}
	if !h.Since.IsZero() {
		args["since"] = h.Since.UTC().Format(time.RFC3339)
	}
	return args
}

// readLater looks at what a capture shows of the time after the refusal.
func (s *scene) readLater() {
	switch s.f.History.Later {
	case LaterSignedIn:
		ws := weights{{cause.NoCredentials, points}, {cause.SessionExpired, points}, {cause.WrongCredentials, -suggests},
			{cause.NoPermission, -says}, {cause.WAFBlock, -says}, {cause.IPOrGeoBlocked, -says}, {cause.DirectoryOrResourceForbidden, -says}, {cause.WrongURL, -says}}
		if s.http {
			// The usual handshake (RFC 9110 11.1): asked, answered, opened.
			ws = weights{{cause.NoCredentials, proves}, {cause.WrongCredentials, -says}}
		}
		s.add(rule{"opened_after_sign_in", SourceHistory, groupLater, nil}, ws)
	case LaterOpened:
		s.add(rule{"opened_later", SourceHistory, groupLater, nil},
			weights{{cause.RateLimited, hint}, {cause.BotChallenge, hint}, {cause.TokenExpired, hint}, {cause.ServiceOutage, hint},
				{cause.NoPermission, -points}, {cause.DirectoryOrResourceForbidden, -points}, {cause.WrongURL, -points}, {cause.AccountDisabledOrLocked, -points}})
	}
}

// helpedBy says which cause an action speaks for when it ended the last
// incident of the origin.
var helpedBy = map[cause.Action]cause.ID{
	cause.LoginAgain:    cause.SessionExpired,
	cause.ClearSiteData: cause.StaleSiteData,
	cause.SwitchAccount: cause.WrongAccount,
	cause.ConnectVPN:    cause.VPNOrNetworkRequired,
	cause.FixClock:      cause.ClockSkew,
	cause.SSOLogin:      cause.SSORequired,
	cause.WaitAndRetry:  cause.RateLimited,
}

// readProbes looks at what the same origin answered to readmit's own questions.
func (s *scene) readProbes() {
	for _, p := range s.r.Probes {
		if p.Status == 0 {
			continue
		}
		args := map[string]string{"status": strconv.Itoa(p.Status)}
		opened, refused := p.Status/100 == 2, p.Status == 401 || p.Status == 403
		switch p.Kind {
		case refusal.ProbeNoCookies:
			s.readProbeWithoutCookies(opened, refused, p.Status, args)
		case refusal.ProbeNoCache:
			if opened {
				s.add(rule{RuleProbePastCache, SourceProbe, groupProbe, args}, weights{{cause.StaleSiteData, says}})
			}
		case refusal.ProbeRoot:
			switch {
			case opened || p.Status/100 == 3:
				s.add(rule{"probe_root_opened", SourceProbe, group("probe_root"), args},
					weights{{cause.IPOrGeoBlocked, -suggests}, {cause.VPNOrNetworkRequired, -suggests}, {cause.ServiceOutage, -says},
						{cause.WrongURL, hint}})
			case refused:
				s.add(rule{"probe_root_refused", SourceProbe, group("probe_root"), args},
					weights{{cause.IPOrGeoBlocked, suggests}, {cause.VPNOrNetworkRequired, suggests}, {cause.WAFBlock, hint},
						{cause.ProxyOrFilterBlock, suggests}, {cause.CaptivePortal, suggests},
						{cause.WrongURL, -says}, {cause.DirectoryOrResourceForbidden, -says}})
			case p.Status >= 500:
				s.add(rule{"probe_root_failed", SourceProbe, group("probe_root"), args},
					weights{{cause.ServiceOutage, says}})
			}
		}
	}
}

func (s *scene) readProbeWithoutCookies(opened, refused bool, status int, args map[string]string) {
	switch {
	case opened && s.r.Request.Cookies != refusal.KnownNo:
		s.add(rule{RuleProbeOpened, SourceProbe, groupProbe, args},
			weights{{cause.StaleSiteData, proves}, {cause.IPOrGeoBlocked, -says}, {cause.WAFBlock, -suggests}, {cause.NoPermission, -suggests},
				{cause.DirectoryOrResourceForbidden, -says}, {cause.WrongURL, -says}})
		if parent := s.parentOfAll(); parent != "" {
			s.add(rule{RuleSharedData, SourceRequest, groupProbe, map[string]string{"parent": parent}}, weights{{cause.StaleSiteData, hint}})
		}
	case status == 401 && s.r.Status == 403 && s.r.Request.Cookies == refusal.KnownYes,
		status/100 == 3 && s.r.Status == 403 && s.r.Request.Cookies == refusal.KnownYes:
		// Without cookies the site asks who is there; with them it did not. It
		// knows the person, which bears on all that it may hold against one it
		// knows alike: what the page says about the reason must not lose to this.
		s.add(rule{"probe_asked_to_sign_in", SourceProbe, groupProbe, args},
			weights{{cause.NoPermission, points}, {cause.WrongAccount, points}, {cause.SubscriptionRequired, points}, {cause.StepUpRequired, points},
				{cause.PasswordExpired, points}, {cause.AccountDisabledOrLocked, points},
				{cause.StaleSiteData, -points}, {cause.NoCredentials, -says}, {cause.SessionExpired, -suggests}})
	case refused && s.r.Request.FromCache != refusal.KnownYes:
		// Beside an answer that was kept, nobody knows yet what the site says now
		// to a request with cookies.
		s.add(rule{RuleProbeRefused, SourceProbe, groupProbe, args}, weights{{cause.StaleSiteData, -says}})
	}
}

// parentOfAll is the domain above the site's host that its cookies are of,
// where none is its own; what is cleared of the site then is nothing.
func (s *scene) parentOfAll() string {
	u, err := url.Parse(s.r.URL)
	if err != nil || len(s.r.Cookies) == 0 {
		return ""
	}
	for _, c := range s.r.Cookies {
		if c.HostOnly || !strings.HasSuffix(strings.ToLower(u.Hostname()), "."+strings.ToLower(c.Domain)) {
			return ""
		}
	}
	return s.r.Cookies[0].Domain
}

// The clocks of browser and server differ by seconds at most. From five
// minutes on Kerberos refuses (RFC 4120 1.6), from fifteen S3 and Azure do.
const (
	offClock   = 5 * time.Minute
	wrongClock = 15 * time.Minute
)

// readTime looks at Retry-After and at the clocks.
func (s *scene) readTime() {
	// Zero is what edges send with every page of their own: it asks for nothing.
	if after := first(s.r.Header("retry-after")); after != "" && after != "0" {
		args := map[string]string{}
		if at, ok := retryAt(after, s.r.Time); ok {
			args["at"] = at.UTC().Format(time.RFC3339)
		}
		s.add(rule{RuleRetryAfter, SourceResponse, group("retry_after"), args},
			weights{{cause.RateLimited, proves}, {cause.ServiceOutage, says}, {cause.NoPermission, -suggests}})
	}
	offset, ok := clockOffset(s.r)
	if !ok {
		offset = s.f.Machine.ClockOffset
	}
	if off := offset.Abs(); off >= offClock {
		w := suggests
		if off >= wrongClock {
			w = points
		}
		s.add(rule{"clock_off", SourceMachine, groupClock, map[string]string{"minutes": strconv.Itoa(int(offset.Round(time.Minute).Minutes()))}},
			weights{{cause.ClockSkew, w}})
	} else if ok {
		s.add(rule{"clock_right", SourceMachine, groupClock, nil}, weights{{cause.ClockSkew, -suggests}})
	}
}

// retryAt reads Retry-After (RFC 9110 10.2.3): seconds or a date.
func retryAt(value string, now time.Time) (time.Time, bool) {
	if n, err := strconv.ParseUint(value, 10, 31); err == nil {
		return now.Add(time.Duration(n) * time.Second), true
	}
	at, err := parseTime(value)
	return at, err == nil
}

// clockOffset is the browser's clock minus the server's. An answer from a
// cache carries an old Date: Age (RFC 9111 5.1) says how old, and one from the
// browser's own cache says nothing.
func clockOffset(r *refusal.Refusal) (time.Duration, bool) {
	if r.Request.FromCache == refusal.KnownYes || r.Time.IsZero() {
		return 0, false
	}
	sent := first(r.Header("date"))
	if sent == "" {
		return 0, false
	}
	date, err := parseTime(sent)
	if err != nil {
		return 0, false
	}
	if age := first(r.Header("age")); age != "" {
		n, err := strconv.ParseUint(age, 10, 31)
		if err != nil {
			return 0, false
		}
		date = date.Add(time.Duration(n) * time.Second)
	}
	return r.Time.Sub(date), true
}

// parseTime reads the three forms of HTTP-date (RFC 9110 5.6.7).
func parseTime(s string) (time.Time, error) {
	var t time.Time
	var err error
	for _, layout := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", time.RFC850, time.ANSIC} {
		if t, err = time.Parse(layout, s); err == nil {
			break
		}
	}
	return t, err
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
