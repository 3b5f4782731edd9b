package explain

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

// answer is what the checks for developers look at. What a recording does not
// hold is unknown: a check asks whole or the Known fields before it takes
// something for missing.
type answer struct {
	r          *refusal.Refusal
	d          *diagnosis.Diagnosis
	challenges []challenge.Challenge
	oddities   []challenge.Oddity // of the challenges
	whole      bool               // the header section is there, not a selection of it
	text       string             // what a person reads on the page, lower case
	control    map[string]string
	url        *url.URL // never nil; an address that is not known has an empty host
}

func newAnswer(r *refusal.Refusal, d *diagnosis.Diagnosis) *answer {
	a := &answer{r: r, d: d, url: &url.URL{}}
	if u, err := url.Parse(r.URL); err == nil && r.URL != refusal.UnknownURL {
		a.url = u
	}
	// Beyond the bounds there is nothing: refusal.New keeps less than they allow.
	reading, _ := challenge.Read(r.Header("www-authenticate")...)
	a.challenges, a.oddities = reading.Challenges, reading.Oddities
	a.whole = wholeHeader(r.ResponseHeaders)
	a.text = strings.ToLower(refusal.VisibleText(r.Body) + "\n" + r.Title)
	a.control = directives(r.Header("cache-control"))
	return a
}

// framing are fields that every server sends and nobody picks by hand.
var framing = []string{"date", "content-length", "transfer-encoding", "connection"}

// wholeHeader says whether a header section looks complete rather than like a
// selection. refusal.New drops what is beyond its bound, and readers of HAR
// add the content type.
func wholeHeader(headers []refusal.Header) bool {
	n, framed := 0, false
	for _, h := range headers {
		if h.Name != "content-type" {
			n++
		}
		framed = framed || slices.Contains(framing, h.Name)
	}
	return framed && n >= 2 && len(headers) < refusal.MaxHeaders
}

// directives reads Cache-Control (RFC 9111 5.2); names in lower case.
func directives(values []string) map[string]string {
	m := map[string]string{}
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			name, arg, _ := strings.Cut(part, "=")
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
				m[name] = strings.Trim(strings.TrimSpace(arg), `"`)
			}
		}
	}
	return m
}

func (a *answer) header(name string) string { return strings.Join(a.r.Header(name), ", ") }

func (a *answer) has(name string) bool { return len(a.r.Header(name)) > 0 }

func (a *answer) missing(name string) bool { return a.whole && !a.has(name) }

func (a *answer) scheme(name string) (challenge.Challenge, bool) {
	i := slices.IndexFunc(a.challenges, func(c challenge.Challenge) bool { return c.Scheme == name })
	if i < 0 {
		return challenge.Challenge{}, false
	}
	return a.challenges[i], true
}

// bearerError is the error code of the Bearer challenge.
func (a *answer) bearerError() string {
	c, _ := a.scheme("bearer")
	b, _ := c.Bearer()
	return b.Error
}

// clearLead is the probability from which the leading cause is held against
// what the server answered.
const clearLead = 0.6

// leads says whether one of these causes leads, and clearly so.
func (a *answer) leads(causes ...cause.ID) bool {
	return len(a.d.Ranked) > 0 && a.d.Ranked[0].Probability >= clearLead && slices.Contains(causes, a.d.Ranked[0].Cause)
}

// sentNothing says whether the request is known to have carried nothing that
// tells who is there. An access token may stand in the address too (RFC 6750
// 2.3), and in a form (2.2).
func (a *answer) sentNothing() bool {
	return a.r.Request.Authorization == "none" && a.r.Request.Cookies == refusal.KnownNo &&
		!slices.Contains(a.r.QueryKeys, "access_token") && (a.r.Method == "GET" || a.r.Method == "HEAD" || a.r.Method == "OPTIONS")
}

// sentAuthorization says whether an Authorization field is known to have been sent.
func (a *answer) sentAuthorization() bool {
	return a.r.Request.Authorization != "" && a.r.Request.Authorization != "none"
}

// local says whether the site itself is an internal one, so that internal
// names and addresses on its pages tell nothing new.
func (a *answer) local() bool {
	host := a.url.Hostname()
	addr, err := netip.ParseAddr(host)
	return err == nil && (addr.IsPrivate() || addr.IsLoopback()) || loopback(host) || internalName().MatchString(host) || host != "" && !strings.Contains(host, ".")
}

// fresh says why a cache may keep the answer (RFC 9111 3 and 4.2.1); "" when
// nothing lets it.
func (a *answer) fresh() string {
	for _, stop := range []string{"no-store", "no-cache"} {
		if _, ok := a.control[stop]; ok {
			return ""
		}
	}
	for _, name := range []string{"s-maxage", "max-age"} {
		if n, err := strconv.Atoi(a.control[name]); err == nil && n > 0 {
			return name + "=" + strconv.Itoa(n)
		}
	}
	if _, limited := a.control["max-age"]; limited {
		return "" // it overrides Expires (RFC 9111 5.3)
	}
	if _, ok := a.control["public"]; ok {
		return "public"
	}
	expires, err := httpTime(a.header("expires"))
	date, dated := httpTime(a.header("date"))
	if err == nil && dated == nil && expires.After(date) {
		return "Expires"
	}
	return ""
}

// httpTime reads the three forms of HTTP-date (RFC 9110 5.6.7).
func httpTime(s string) (t time.Time, err error) {
	for _, layout := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", time.RFC850, time.ANSIC} {
		if t, err = time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, err
}
