package diagnosis_test

import (
	"testing"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// refused builds a refusal from the few words that matter.
func refused(status int, change ...func(*refusal.Refusal)) *refusal.Refusal {
	r := &refusal.Refusal{
		URL: "https://site.example/page", Method: "GET", Status: status, ResourceType: "main_frame", Time: noon,
		Request: refusal.Request{TopFrame: true},
	}
	for _, c := range change {
		c(r)
	}
	return r
}

func header(name, value string) func(*refusal.Refusal) {
	return func(r *refusal.Refusal) {
		r.ResponseHeaders = append(r.ResponseHeaders, refusal.Header{Name: name, Value: value})
	}
}

func page(title, body string) func(*refusal.Refusal) {
	return func(r *refusal.Refusal) { r.Title, r.Body = title, body }
}

func cookies(k refusal.Known) func(*refusal.Refusal) {
	return func(r *refusal.Refusal) { r.Request.Cookies = k }
}

// held has the browser hold, and send, cookies of these names.
func held(names ...string) func(*refusal.Refusal) {
	return func(r *refusal.Refusal) {
		r.Request.Cookies = refusal.KnownYes
		for _, n := range names {
			r.Cookies = append(r.Cookies, refusal.Cookie{Name: n, Domain: "site.example", Path: "/", HostOnly: true})
		}
	}
}

func auth(scheme string) func(*refusal.Refusal) {
	return func(r *refusal.Refusal) { r.Request.Authorization = scheme }
}

// background is a request of a page's script: browsers name the page.
func background(r *refusal.Refusal) {
	r.ResourceType, r.Request.TopFrame, r.Request.InitiatorOrigin = "xmlhttprequest", false, r.Origin()
}

// program is a request that no page asked for.
func program(r *refusal.Refusal) { r.ResourceType, r.Request.TopFrame = "xmlhttprequest", false }

func kind(k string) func(*refusal.Refusal) { return func(r *refusal.Refusal) { r.ResourceType = k } }

func method(m string) func(*refusal.Refusal) { return func(r *refusal.Refusal) { r.Method = m } }

func address(u string) func(*refusal.Refusal) { return func(r *refusal.Refusal) { r.URL = u } }

func probe(kind refusal.ProbeKind, status int) func(*refusal.Refusal) {
	return func(r *refusal.Refusal) { r.Probes = append(r.Probes, refusal.Probe{Kind: kind, Status: status}) }
}

const (
	yes = refusal.KnownYes
	no  = refusal.KnownNo
)

var opened = diagnosis.Facts{History: diagnosis.History{LastSuccess: noon.Add(-time.Hour)}}

// These are the situations that readmit is for; each must come out as its
// cause, surely enough to act on.
var cases = []struct {
	name  string
	r     *refusal.Refusal
	facts diagnosis.Facts
	want  cause.ID
}{
	{"a Basic challenge that nobody answered", refused(401, header("www-authenticate", `Basic realm="Staff"`), auth("none")), diagnosis.Facts{}, cause.NoCredentials},
	{"a Basic challenge where nothing is known of the request", refused(401, header("www-authenticate", `Basic realm="Staff"`)), diagnosis.Facts{}, cause.NoCredentials},
	{"a Basic challenge with cookies around", refused(401, header("www-authenticate", `Basic realm="Staff"`), cookies(yes)), diagnosis.Facts{}, cause.NoCredentials},
	{"a Digest challenge", refused(401, header("www-authenticate", `Digest realm="Staff", qop="auth", algorithm=MD5, nonce="x"`), cookies(no)), diagnosis.Facts{}, cause.NoCredentials},
	{"a refused password that the browser sent", refused(401, header("www-authenticate", `Basic realm="Staff"`), auth("basic")), diagnosis.Facts{}, cause.WrongCredentials},
	{"a refused password that readmit sent", refused(401, header("www-authenticate", `Basic realm="Staff"`)), diagnosis.Facts{History: diagnosis.History{CredentialRefused: true}}, cause.WrongCredentials},
	{"a session that is over", refused(401, held("theme", "staff_session"), page("401 Unauthorized", `<h1>401 Unauthorized</h1><a href="/login">Sign in</a>`)), opened, cause.SessionExpired},
	{"a page behind a sign-in, on a site whose public pages opened", refused(401, cookies(no), page("401 Unauthorized", "<h1>401 Unauthorized</h1>")), opened, cause.NoCredentials},
	{"a stale cookie", refused(403, cookies(yes), page("403 Forbidden", "<h1>403 Forbidden</h1><hr>nginx"), probe(refusal.ProbeNoCookies, 200)), diagnosis.Facts{}, cause.StaleSiteData},
	{"a role that is missing", refused(403, cookies(yes), page("Not allowed", "<p>You do not have permission to open the admin pages. Ask Ben Owner.</p>")), diagnosis.Facts{}, cause.NoPermission},
	{"a role that is missing, after other pages opened", refused(403, cookies(yes), page("Not allowed", "<p>You do not have permission to view this page.</p>")), opened, cause.NoPermission},
	{"a right password that is not enough", refused(403, auth("basic"), cookies(no), page("403 Forbidden", "<h1>403 Forbidden</h1><hr>nginx")), diagnosis.Facts{}, cause.NoPermission},
	{"a firewall block", refused(403, cookies(yes), page("Request Rejected", "<p>The requested URL was rejected. Your support ID is: 123456</p>")), diagnosis.Facts{}, cause.WAFBlock},
	{"a bot check", refused(403, header("cf-mitigated", "challenge"), page("Just a moment...", "<p>Checking</p>")), diagnosis.Facts{}, cause.BotChallenge},
	{"a bot check that comes with 401", refused(401, cookies(no), header("cf-mitigated", "challenge"), page("Just a moment...", "<p>Checking</p>")), diagnosis.Facts{}, cause.BotChallenge},
	{"an expired token of a background request", refused(401, background, cookies(yes), header("www-authenticate", `Bearer error="invalid_token", error_description="The access token expired"`)), opened, cause.TokenExpired},
	{"a wrong key of a program", refused(401, program, func(r *refusal.Refusal) { r.Body = `{"error":"invalid api key"}` }), diagnosis.Facts{}, cause.TokenInvalid},
	{"a handshake that was answered", refused(401, header("www-authenticate", `Basic realm="x"`)), diagnosis.Facts{History: diagnosis.History{Later: diagnosis.LaterSignedIn}}, cause.NoCredentials},
	{"an insufficient scope", refused(403, background, header("www-authenticate", `Bearer error="insufficient_scope", scope="reports:write"`)), diagnosis.Facts{}, cause.InsufficientScope},
	{"an old form", refused(403, method("POST"), cookies(yes), page("403 Forbidden", "<p>CSRF verification failed. Request aborted.</p>")), diagnosis.Facts{}, cause.CSRFOrStaleForm},
	{"a rate limit", refused(403, header("retry-after", "120"), page("Slow down", "<p>Too many requests</p>")), diagnosis.Facts{}, cause.RateLimited},
	{"a rate limit that only Retry-After tells", refused(403, header("retry-after", "120"), cookies(yes)), diagnosis.Facts{}, cause.RateLimited},
	{"a directory", refused(403, address("https://site.example/files/"), page("403 Forbidden", "<h1>Forbidden</h1><p>You don't have permission to access this resource.</p>")), diagnosis.Facts{}, cause.DirectoryOrResourceForbidden},
	{"a client certificate", refused(403, page("403.7 - Forbidden", "<h2>HTTP Error 403.7 - Forbidden</h2>")), diagnosis.Facts{}, cause.ClientCertificateRequired},
	{"a clock that is off", refused(403, page("", "<Error><Code>RequestTimeTooSkewed</Code></Error>")), diagnosis.Facts{}, cause.ClockSkew},
	{"maintenance", refused(403, page("Maintenance", "<p>Down for maintenance.</p>")), diagnosis.Facts{}, cause.ServiceOutage},
	{"a bearer challenge on a page", refused(401, header("www-authenticate", `Bearer realm="api"`), auth("none")), diagnosis.Facts{}, cause.TokenMissing},
	{"a step up", refused(401, header("www-authenticate", `Bearer error="insufficient_user_authentication", acr_values="mfa"`)), diagnosis.Facts{}, cause.StepUpRequired},
	{"a proxy", refused(403, header("x-squid-error", "ERR_ACCESS_DENIED 0"), page("ERROR: The requested URL could not be retrieved", "<p>Access Denied.</p>")), diagnosis.Facts{}, cause.ProxyOrFilterBlock},
	{"cookies that are not kept", refused(401, cookies(no), func(r *refusal.Refusal) {
		r.Redirects = []refusal.Hop{{URL: "https://site.example/login/done", Status: 302}}
	}), diagnosis.Facts{}, cause.CookiesBlocked},
	{"a picture that another site shows", refused(403, func(r *refusal.Refusal) {
		r.ResourceType, r.Request.InitiatorOrigin = "image", "https://other.example"
	}, page("", "<p>Hotlinking is not allowed</p>")), diagnosis.Facts{}, cause.HotlinkOrReferer},
	{"a Digest algorithm that no browser has", refused(401, header("www-authenticate", `Digest realm="x", nonce="y", algorithm=SHA-512-256`)), diagnosis.Facts{}, cause.UnsupportedScheme},
}

func TestEachSituationComesOutAsItsCause(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := diagnosis.Of(c.r, &c.facts)
			if d.Unsure || d.Ranked[0].Cause != c.want {
				t.Errorf("got %s (%.2f, unsure %v), then %s (%.2f), want %s", d.Ranked[0].Cause, d.Ranked[0].Probability,
					d.Unsure, d.Ranked[1].Cause, d.Ranked[1].Probability, c.want)
			}
		})
	}
}

// A browser does not tell whether its own box sent anything, and the challenge
// is the same either way.
func TestWhatWasSentIsClaimedOnlyWhereItIsKnown(t *testing.T) {
	const sure = 0.75
	basic := header("www-authenticate", `Basic realm="Staff"`)
	unknown := diagnosis.Of(refused(401, basic), nil)
	if top := unknown.Ranked[0]; top.Cause != cause.NoCredentials || top.Probability >= sure || unknown.Seen("nothing_sent") {
		t.Errorf("nothing known: %s with %.2f, nothing_sent %v", top.Cause, top.Probability, unknown.Seen("nothing_sent"))
	}
	for _, c := range []struct {
		sent string
		want cause.ID
	}{{"none", cause.NoCredentials}, {"basic", cause.WrongCredentials}} {
		d := diagnosis.Of(refused(401, basic, auth(c.sent)), nil)
		if top := d.Ranked[0]; top.Cause != c.want || top.Probability < sure {
			t.Errorf("%s: %s with %.2f, want %s", c.sent, top.Cause, top.Probability, c.want)
		}
	}
}

// Whoever never signed in must not be told that they have been signed out:
// banners set cookies too, and public pages open for everybody.
func TestNobodyIsSignedOutOfWhatTheyNeverSignedInTo(t *testing.T) {
	for name, r := range map[string]*refusal.Refusal{
		"the cookie of a banner":          refused(401, held("cookie_consent", "_ga", "theme")),
		"a cookie that counts visits":     refused(401, held("ai_session")),
		"a cookie that this answer sets":  refused(401, held("cookie_consent"), header("set-cookie", "JSESSIONID")),
		"cookies whose names nobody knew": refused(401, cookies(yes)),
		"nothing known of cookies":        refused(401),
	} {
		t.Run(name, func(t *testing.T) {
			d := diagnosis.Of(r, &opened)
			if p := of(cause.SessionExpired, d); !d.Unsure && d.Ranked[0].Cause == cause.SessionExpired {
				t.Errorf("session_expired is told with %.2f", p)
			}
		})
	}
	if p := of(cause.SessionExpired, diagnosis.Of(refused(401, held("staff_session")), &opened)); p < 0.75 {
		t.Errorf("with a session's cookie session_expired has %.2f", p)
	}
}

// A page that says nothing must not be explained.
func TestWhatTheServerDoesNotSayStaysUnsure(t *testing.T) {
	for name, r := range map[string]*refusal.Refusal{
		"the default 403 page of nginx":  refused(403, page("403 Forbidden", "<center><h1>403 Forbidden</h1></center><hr><center>nginx/1.26.2</center>")),
		"an empty 403":                   refused(403),
		"an empty 403 with cookies":      refused(403, cookies(yes)),
		"an empty 401":                   refused(401),
		"a background 403 without words": refused(403, background),
		"a background 401 without words": refused(401, background),
	} {
		t.Run(name, func(t *testing.T) {
			if d := diagnosis.Of(r, nil); !d.Unsure && d.Ranked[0].Cause != cause.Unknown {
				t.Errorf("got %s (%.2f), want an unsure answer", d.Ranked[0].Cause, d.Ranked[0].Probability)
			}
		})
	}
}
