package explain

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

// with changes a refusal for a test.
type with func(*refusal.Refusal)

func head(name, value string) with {
	return func(r *refusal.Refusal) {
		r.ResponseHeaders = append(r.ResponseHeaders, refusal.Header{Name: name, Value: value})
	}
}

// usual are the fields that any server sends.
func usual(r *refusal.Refusal) {
	r.ResponseHeaders = append(r.ResponseHeaders,
		refusal.Header{Name: "Date", Value: "Mon, 02 Nov 2026 12:05:00 GMT"}, refusal.Header{Name: "Server", Value: "example"}, refusal.Header{Name: "Content-Length", Value: "12"})
}

func challenged(v string) with { return head("WWW-Authenticate", v) }

func body(s string) with { return func(r *refusal.Refusal) { r.Body = s } }

func at(address string) with { return func(r *refusal.Refusal) { r.URL = address } }

func verb(m string) with { return func(r *refusal.Refusal) { r.Method = m } }

func sent(scheme string) with {
	return func(r *refusal.Refusal) { r.Request.Authorization = scheme }
}

func cookies(k refusal.Known) with { return func(r *refusal.Refusal) { r.Request.Cookies = k } }

func refused(status int, changes ...with) refusal.Refusal {
	r := refusal.Refusal{URL: "https://site.example/a", Status: status}
	for _, c := range changes {
		c(&r)
	}
	return r
}

func findings(t *testing.T, in refusal.Refusal) []string {
	t.Helper()
	var ids []string
	for _, f := range DeveloperOf(incidentOf(t, in, diagnosis.History{})).Findings {
		ids = append(ids, f.ID)
	}
	return ids
}

// Each check has an answer that it finds and one, close to it, that it must
// leave alone.
func TestEachCheckHitsAndMisses(t *testing.T) {
	tested := map[string]bool{"portal_status": true} // by the next test
	const signIn, denied = "<p>Please log in to continue.</p>", "<p>You do not have permission to view this page.</p>"
	limited, down := "<p>Rate limit exceeded. Too many requests.</p>", "<p>The service is down for maintenance.</p>"
	origin := func(r *refusal.Refusal) { r.Request.InitiatorOrigin = "https://app.example" }
	seraph := head("X-Seraph-LoginReason", "AUTHORISATION_FAILED")
	kind := head("Content-Type", "application/json")
	https, http := at("https://site.example/a"), at("http://site.example/a")
	for id, c := range map[string]struct{ hit, miss refusal.Refusal }{
		"sign_in_wanted_with_403": {refused(403, body(signIn), cookies("no"), sent("none")), refused(401, body(signIn), cookies("no"), sent("none"))},
		"permission_with_401":     {refused(401, seraph, cookies("yes")), refused(403, seraph, cookies("yes"))},
		"rate_limit_status":       {refused(403, body(limited)), refused(403, body(denied))},
		"outage_status":           {refused(403, body(down)), refused(403, body(denied))},
		"retry_after_missing":     {refused(403, usual, body(limited)), refused(403, usual, head("Retry-After", "60"), body(limited))},
		"legal_status":            {refused(403, body("<p>Not available for legal reasons.</p>")), refused(403, body("<p>See our legal notice.</p>"))},
		"method_status":           {refused(403, verb("PUT"), head("Allow", "GET, HEAD")), refused(403, verb("get"), head("Allow", "GET, HEAD"))},
		"preflight_refused":       {refused(401, verb("OPTIONS"), origin), refused(401, verb("OPTIONS"))},
		"problem_status_differs":  {refused(403, head("Content-Type", "application/problem+json"), body(`{"title":"x","status":404}`)), refused(403, head("Content-Type", "application/problem+json"), body(`{"title":"x","status":403}`))},
		"body_status_differs":     {refused(403, kind, body(`{"error":{"code":401,"message":"x"}}`)), refused(403, kind, body(`{"error":{"code":7,"message":"x"}}`))},
		"location_on_refusal":     {refused(401, head("Location", "/start")), refused(401, head("Content-Location", "/start"))},

		"challenge_missing":              {refused(401, usual), refused(401, head("Server", "example"))},
		"challenge_missing_comma":        {refused(401, challenged(`Basic realm="x" charset="UTF-8"`)), refused(401, challenged(`Basic realm="x", charset="UTF-8"`))},
		"challenge_empty":                {refused(401, challenged(`,`)), refused(401, challenged(`Basic realm="x"`))},
		"challenge_on_403":               {refused(403, challenged(`Basic realm="x"`)), refused(403, challenged(`Bearer error="insufficient_scope"`))},
		"challenge_unregistered_scheme":  {refused(401, challenged(`ApiKey realm="x"`)), refused(401, challenged(`HOBA challenge="x"`))},
		"challenge_basic_without_realm":  {refused(401, challenged(`Basic charset="UTF-8"`)), refused(401, challenged(`Basic realm=""`))},
		"basic_without_tls":              {refused(401, http, challenged(`Basic realm="x"`)), refused(401, at("http://127.0.0.1/a"), challenged(`Basic realm="x"`))},
		"digest_md5_only":                {refused(401, challenged(`Digest realm="x", nonce="n", qop="auth"`)), refused(401, challenged(`Digest realm="x", nonce="n", algorithm=SHA-256`), challenged(`Digest realm="x", nonce="n", algorithm=MD5`))},
		"challenge_digest_without_qop":   {refused(401, challenged(`Digest realm="x", nonce="n"`)), refused(401, challenged(`Digest realm="x", nonce="n", qop="auth"`))},
		"challenge_digest_without_nonce": {refused(401, challenged(`Digest realm="x"`)), refused(401, challenged(`Digest realm="x", nonce="n"`))},
		"digest_stale":                   {refused(401, challenged(`Digest realm="x", nonce="n", stale=TRUE`)), refused(401, challenged(`Digest realm="x", nonce="n", stale=false`))},

		"bearer_error_unasked":        {refused(401, sent("none"), cookies("no"), challenged(`Bearer error="invalid_token"`)), refused(401, cookies("no"), challenged(`Bearer error="invalid_token"`))},
		"challenge_unknown_error":     {refused(401, challenged(`Bearer error="no_luck"`)), refused(401, challenged(`Bearer error="use_dpop_nonce"`))},
		"bearer_invalid_token_status": {refused(403, challenged(`Bearer error="invalid_token"`)), refused(401, challenged(`Bearer error="invalid_token"`))},
		"bearer_scope_status":         {refused(401, challenged(`Bearer error="insufficient_scope"`)), refused(403, challenged(`Bearer error="insufficient_scope"`))},
		"bearer_request_status":       {refused(401, challenged(`Bearer error="invalid_request"`)), refused(401, challenged(`Bearer error="invalid_token"`))},
		"bearer_scope_missing":        {refused(403, challenged(`Bearer error="insufficient_scope"`)), refused(403, challenged(`Bearer error="insufficient_scope", scope="read"`))},
		"step_up_bare":                {refused(401, challenged(`Bearer error="insufficient_user_authentication"`)), refused(401, challenged(`Bearer error="insufficient_user_authentication", max_age=5`))},
		"step_up_status":              {refused(403, challenged(`Bearer error="insufficient_user_authentication"`)), refused(401, challenged(`Bearer error="insufficient_user_authentication"`))},

		"cacheable":                    {refused(401, head("Cache-Control", "private, max-age=60")), refused(401, head("Cache-Control", "max-age=0"), head("Expires", "Mon, 02 Nov 2026 13:05:00 GMT"), usual)},
		"cacheable_with_authorization": {refused(401, sent("bearer"), head("Cache-Control", "public, max-age=60")), refused(401, sent("bearer"), head("Cache-Control", "max-age=60"))},
		"cacheable_with_cookie":        {refused(401, head("Cache-Control", "max-age=60"), head("Set-Cookie", "a=b")), refused(401, head("Cache-Control", "no-store, max-age=60"), head("Set-Cookie", "a=b"))},
		"vary_missing":                 {refused(401, usual, cookies("yes"), head("Cache-Control", "max-age=60")), refused(401, usual, cookies("yes"), head("Cache-Control", "max-age=60"), head("Vary", "Accept, Cookie"))},
		"cache_rule_missing":           {refused(403, usual, cookies("yes")), refused(403, usual)},
		"answered_from_cache":          {refused(403, head("Age", "30")), refused(403, head("Age", "0"))},

		"cookie_not_secure":               {refused(403, https, head("Set-Cookie", "a=b; HttpOnly")), refused(403, https, head("Set-Cookie", "a=b; Secure"))},
		"cookie_not_httponly":             {refused(403, head("Set-Cookie", "sid=b; Secure")), refused(403, head("Set-Cookie", "theme=b; Secure"))},
		"cookie_samesite_missing":         {refused(403, head("Set-Cookie", "a=b")), refused(403, head("Set-Cookie", "a=; Max-Age=0"))},
		"cookie_samesite_none_not_secure": {refused(403, head("Set-Cookie", "a=b; SameSite=None")), refused(403, head("Set-Cookie", "a=b; SameSite=None; Secure"))},

		"date_missing":         {refused(403, head("Server", "example"), head("Content-Length", "12")), refused(403, head("Server", "example"))},
		"date_malformed":       {refused(403, head("Date", "2026-11-02 12:05:00")), refused(403, head("Date", "Monday, 02-Nov-26 12:05:00 GMT"))},
		"clock_apart":          {refused(403, head("Date", "Mon, 02 Nov 2026 11:05:00 GMT")), refused(403, head("Date", "Mon, 02 Nov 2026 12:04:00 GMT"))},
		"content_type_missing": {refused(403, usual, body("<p>No.</p>")), refused(403, body("<p>No.</p>"))},
		"body_empty":           {refused(403, head("Content-Length", "0")), refused(403)},

		"leaks_stack_trace":      {refused(403, body("<pre>java.lang.X: no\n at com.example.Filter.doFilter(Filter.java:42)</pre>")), refused(403, body("<p>See you at com.example at noon.</p>"))},
		"leaks_database_error":   {refused(403, body("<p>ORA-00942: table or view does not exist</p>")), refused(403, body("<p>Order ORA-12 is closed.</p>"))},
		"leaks_debug_page":       {refused(403, body("<p>You're seeing this error because you have DEBUG = True in your settings.</p>")), refused(403, body("<p>Debugging this page is not allowed.</p>"))},
		"leaks_file_path":        {refused(403, body("<p>Failed opening /var/www/shop/secret/index.php</p>")), refused(403, body(`<p>See <a href="/home/news/today">/help/home</a></p>`))},
		"leaks_internal_address": {refused(403, body("<p>Backend 10.1.2.3 said no.</p>")), refused(403, body("<p>Your IP address: 10.1.2.3</p>"))},
		"leaks_directory":        {refused(403, body("<h1>Index of /private</h1><a>Parent Directory</a>")), refused(403, body("<h1>Index of terms</h1>"))},
		"leaks_version":          {refused(403, head("Server", "Apache/2.4.57 (Debian)")), refused(403, head("Server", "Apache"))},
		"leaks_account":          {refused(401, body("<p>User does not exist.</p>")), refused(401, body("<p>The user name or password is incorrect.</p>"))},
	} {
		t.Run(id, func(t *testing.T) {
			if got := findings(t, c.hit); !slices.Contains(got, id) {
				t.Errorf("not found, only %q", got)
			}
			if got := findings(t, c.miss); slices.Contains(got, id) {
				t.Error("found where there is nothing to find")
			}
		})
		tested[id] = true
	}
	for _, c := range checks {
		if !tested[c.id] {
			t.Errorf("%s has no test", c.id)
		}
	}
}

// No row says "captive portal" yet, so the diagnosis is made by hand.
func TestAPortalIsToldItsStatus(t *testing.T) {
	inc := incidentOf(t, refused(403), diagnosis.History{})
	for c, want := range map[cause.ID]bool{cause.CaptivePortal: true, cause.WAFBlock: false} {
		inc.Diagnosis = diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: c, Probability: 0.9}}}
		got := slices.ContainsFunc(DeveloperOf(inc).Findings, func(f Finding) bool { return f.ID == "portal_status" })
		if got != want {
			t.Errorf("%s: %t", c, got)
		}
	}
}

// What a recording does not hold is not missing from the answer.
func TestNothingIsFoundInWhatIsNotKnown(t *testing.T) {
	for name, in := range map[string]refusal.Refusal{
		"a status alone":                 refused(401),
		"a refusal of an unknown page":   refused(403, at(refusal.UnknownURL)),
		"one field picked by hand":       refused(401, head("Server", "example")),
		"a HAR file without bodies":      refused(403, head("Content-Type", "text/html")),
		"a date blotted out":             refused(403, head("Date", "[redacted]")),
		"a cookie blotted out":           refused(403, head("Set-Cookie", "[redacted]")),
		"a request that was not seen":    refused(401, challenged(`Bearer realm="x"`)),
		"a body that was cut":            refused(403, body(`{"status":404,"detail":"`), func(r *refusal.Refusal) { r.BodyTruncated = true }),
		"an internal site":               refused(403, at("https://wiki.corp/a"), body("<p>Backend 10.1.2.3 at db.wiki.corp said no.</p>")),
		"a page that names no one's end": refused(403, body("<p>Unknown user name or password.</p>")),
	} {
		if got := findings(t, in); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A token may have been sent where no header shows it, and an answer for one
// reader needs no Vary.
func TestOtherWaysToBeRight(t *testing.T) {
	bare := []with{sent("none"), cookies("no"), challenged(`Bearer error="invalid_token"`)}
	personal := []with{usual, cookies("yes"), head("Cache-Control", "private, max-age=60")}
	for _, c := range []struct {
		name, id string
		in       refusal.Refusal
	}{
		{"a token in the address", "bearer_error_unasked", refused(401, append(bare, at("https://site.example/a?access_token=x"))...)},
		{"a token in a form", "bearer_error_unasked", refused(401, append(bare, verb("POST"))...)},
		{"a private answer", "vary_missing", refused(401, personal...)},
		{"an answer that varies on everything", "vary_missing", refused(401, usual, cookies("yes"), head("Cache-Control", "max-age=60"), head("Vary", "*"))},
		{"a status of another kind in the body", "body_status_differs", refused(403, body(`{"status":"denied","code":1003}`))},
		{"what a filter tells the visitor of himself", "leaks_internal_address", refused(403, body("<p>Client IP: 192.168.0.17</p>"))},
		{"a version that is none of a server", "leaks_version", refused(403, body("<p>Use version 2.4 of the app.</p>"))},
		{"a person's own choice of words", "leaks_account", refused(401, body("<p>Wrong password or user name.</p>"))},
	} {
		if slices.Contains(findings(t, c.in), c.id) {
			t.Errorf("%s: %s", c.name, c.id)
		}
	}
}

func TestFindingsStandWorstFirstAndOnce(t *testing.T) {
	in := refused(401, usual, head("Server", "Apache/2.4.57"), head("Cache-Control", "max-age=60"), head("Set-Cookie", "sid=secret"), body("x"))
	rank := map[Severity]int{Must: 0, Should: 1, Note: 2}
	last, seen := 0, map[string]bool{}
	for _, f := range DeveloperOf(incidentOf(t, in, diagnosis.History{})).Findings {
		if rank[f.Severity] < last || seen[f.ID] {
			t.Errorf("%s (%s) stands behind something milder, or twice", f.ID, f.Severity)
		}
		last, seen[f.ID] = rank[f.Severity], true
		if strings.Contains(f.Text, "{}") || f.Section == "" {
			t.Errorf("%+v", f)
		}
	}
	if len(seen) < 5 {
		t.Errorf("only %d findings", len(seen))
	}
	if f := DeveloperOf(incidentOf(t, refused(403), diagnosis.History{})).Findings; f == nil {
		t.Error("no findings are null")
	}
}

// Developers may be told of tokens and headers, but as briefly, and without
// blame.
func TestTextsForDevelopersAreShortAndFair(t *testing.T) {
	blame := regexp.MustCompile(`(?i)\b(you|your|wrongly|stupid|bad|broken|oops|fail(s|ed|ure)?|mistake|forgot|lazy|careless)\b|!`)
	seen := map[string]bool{}
	for _, c := range checks {
		if seen[c.id] {
			t.Errorf("%s stands twice", c.id)
		}
		seen[c.id] = true
		if c.severity != Must && c.severity != Should && c.severity != Note {
			t.Errorf("%s is %q", c.id, c.severity)
		}
		if w := blame.FindString(c.text); w != "" {
			t.Errorf("%s: %q says %q", c.id, c.text, w)
		}
		ss := sentences(strings.NewReplacer("WWW.", "", "{}", "it").Replace(c.text))
		if len(ss) > 2 || !strings.HasSuffix(c.text, ".") {
			t.Errorf("%s: %q has %d sentences", c.id, c.text, len(ss))
		}
		for _, s := range ss {
			if n := len(words(s)); n > 20 {
				t.Errorf("%s: %q has %d words", c.id, s, n)
			}
		}
		if u, err := url.Parse(c.source.url); err != nil || u.Scheme != "https" || c.source.section == "" {
			t.Errorf("%s: %+v", c.id, c.source)
		}
	}
}
