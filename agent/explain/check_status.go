package explain

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/readmit/readmit/agent/cause"
)

// statusChecks ask whether the status fits what the answer says.
var statusChecks = []check{
	{"sign_in_wanted_with_403", Should, "The answer asks for a sign-in, but its status is 403. 401 lets clients sign in and try again.",
		rfc("9110", "15.5.4"), is(func(a *answer) bool {
			return a.r.Status == 403 && a.bearerError() == "" && !a.sentAuthorization() &&
				a.leads(cause.NoCredentials, cause.SessionExpired, cause.TokenMissing, cause.TokenExpired)
		})},
	{"permission_with_401", Should, "The sign-in was accepted and lacks rights, but the status is 401. 403 keeps clients from asking again.",
		rfc("9110", "15.5.4"), is(func(a *answer) bool {
			return a.r.Status == 401 && a.bearerError() == "" &&
				a.leads(cause.NoPermission, cause.SubscriptionRequired, cause.WrongAccount, cause.DirectoryOrResourceForbidden)
		})},
	{"rate_limit_status", Should, "Too many requests were refused with {}. 429 says so to every client.",
		rfc("6585", "4"), func(a *answer) (string, bool) { return strconv.Itoa(a.r.Status), a.leads(cause.RateLimited) }},
	{"outage_status", Should, "The service is down, but the status is {}. 503 tells clients to come back.",
		rfc("9110", "15.6.4"), func(a *answer) (string, bool) { return strconv.Itoa(a.r.Status), a.leads(cause.ServiceOutage) }},
	{"retry_after_missing", Note, "Nothing says when to come back. Retry-After would.",
		rfc("9110", "10.2.3"), is(func(a *answer) bool {
			return a.missing("retry-after") && a.leads(cause.RateLimited, cause.ServiceOutage)
		})},
	{"portal_status", Should, "A network that wants a sign-in first answers in the site's place. 511 says so.",
		rfc("6585", "6"), is(func(a *answer) bool { return a.leads(cause.CaptivePortal) })},
	{"legal_status", Note, "The page names a legal reason. 451 is the status for that.",
		rfc("7725", "3"), is(func(a *answer) bool { return a.r.Status == 403 && legal().MatchString(a.text) })},
	{"method_status", Should, "Allow lists {}, and another method was used. 405 says that the method is the reason.",
		rfc("9110", "15.5.6"), otherMethod},
	{"preflight_refused", Must, "A preflight was refused. Browsers send no sign-in with one, so OPTIONS must pass without.",
		reference{"Fetch, CORS protocol and credentials", "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"},
		is(func(a *answer) bool { return a.r.Method == "OPTIONS" && a.r.Request.InitiatorOrigin != "" })},
	{"problem_status_differs", Must, "The problem document says {}, the status line says something else.",
		rfc("9457", "3.1.2"), func(a *answer) (string, bool) {
			if !strings.Contains(a.header("content-type"), "problem+json") {
				return "", false
			}
			return bodyStatus(a)
		}},
	{"body_status_differs", Should, "The JSON body says {}, the status line says something else. Clients act on the status line.",
		rfc("9110", "15"), func(a *answer) (string, bool) {
			if strings.Contains(a.header("content-type"), "problem+json") {
				return "", false
			}
			return bodyStatus(a)
		}},
	{"location_on_refusal", Should, "Location comes with {}. Clients follow it only with a 3xx.",
		rfc("9110", "10.2.2"), func(a *answer) (string, bool) { return strconv.Itoa(a.r.Status), a.has("location") }},
}

// legal are words by which pages name a demand of the law (RFC 7725 3).
var legal = lazily(`\b(for legal reasons|court order|legal demand|copyright (claim|infringement)|gdpr|sanctions? (law|list|regulation)s?|local laws?|export (control|regulation)s?|trade (control|restriction)s?)\b`)

// otherMethod: a method that Allow does not list.
func otherMethod(a *answer) (string, bool) {
	allow := a.header("allow")
	if strings.TrimSpace(allow) == "" {
		return "", false
	}
	listed := slices.ContainsFunc(strings.Split(allow, ","), func(m string) bool { return strings.EqualFold(strings.TrimSpace(m), a.r.Method) })
	return allow, !listed
}

// statusMembers are members by which APIs repeat the status in a body.
var statusMembers = []string{"status", "statusCode", "status_code", "code", "httpStatus", "http_status"}

// bodyStatus finds a status in a JSON body that is not the answer's. A body
// that was cut is no JSON and says nothing.
func bodyStatus(a *answer) (string, bool) {
	var object map[string]any
	if json.Unmarshal([]byte(a.r.Body), &object) != nil {
		return "", false
	}
	inner, _ := object["error"].(map[string]any)
	for _, o := range []map[string]any{object, inner} {
		for _, name := range statusMembers {
			n, ok := o[name].(float64)
			if s, isText := o[name].(string); isText {
				parsed, err := strconv.Atoi(s)
				n, ok = float64(parsed), err == nil
			}
			if ok && n >= 400 && n < 600 && int(n) != a.r.Status {
				return strconv.Itoa(int(n)), true
			}
		}
	}
	return "", false
}
