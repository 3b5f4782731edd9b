package explain

import (
	"strings"
)

// challengeChecks look at WWW-Authenticate, whatever the scheme, and at Basic
// and Digest.
var challengeChecks = []check{
	{"challenge_missing", Must, "A 401 has to carry WWW-Authenticate with at least one way to sign in. This one carries none.",
		rfc("9110", "15.5.2"), is(func(a *answer) bool { return a.r.Status == 401 && a.missing("www-authenticate") })},
	{"challenge_empty", Must, "WWW-Authenticate is there and names no way to sign in.",
		rfc("9110", "11.6.1"), is(func(a *answer) bool {
			return a.has("www-authenticate") && len(a.challenges) == 0
		})},
	{"challenge_on_403", Note, "A 403 carries WWW-Authenticate. That is allowed, but browsers only ask on 401.",
		rfc("9110", "11.6.1"), is(func(a *answer) bool {
			return a.r.Status == 403 && len(a.challenges) > 0 && a.bearerError() == ""
		})},
	{"basic_without_tls", Should, "Basic over plain http shows name and password to everyone on the way.",
		rfc("7617", "4"), is(func(a *answer) bool {
			_, ok := a.scheme("basic")
			return ok && a.url.Scheme == "http" && !loopback(a.url.Hostname())
		})},
	{"digest_md5_only", Should, "Digest offers MD5 alone, which is there for old clients only. SHA-256 belongs beside it.",
		rfc("7616", "3.2"), is(md5Only)},
	{"digest_stale", Note, "The nonce was stale; name and password were right. A client repeats the request by itself.",
		rfc("7616", "3.3"), is(func(a *answer) bool {
			c, _ := a.scheme("digest")
			d, ok := c.Digest()
			return ok && d.Stale
		})},
}

func md5Only(a *answer) bool {
	md5, better := false, false
	for _, c := range a.challenges {
		if d, ok := c.Digest(); ok {
			old := d.Algorithm == "" || strings.HasPrefix(strings.ToLower(d.Algorithm), "md5")
			md5, better = md5 || old, better || !old
		}
	}
	return md5 && !better
}

// bearerChecks look at the Bearer challenge.
var bearerChecks = []check{
	{"bearer_error_unasked", Should, "Bearer names the error {}, but no token was sent. Without one the challenge stands alone.",
		rfc("6750", "3.1"), func(a *answer) (string, bool) { return a.bearerError(), a.bearerError() != "" && a.sentNothing() }},
	{"bearer_invalid_token_status", Should, "invalid_token goes with 401, so that clients get a new token. The status is 403.",
		rfc("6750", "3.1"), is(func(a *answer) bool { return a.r.Status == 403 && a.bearerError() == "invalid_token" })},
	{"bearer_scope_status", Should, "insufficient_scope goes with 403. 401 makes clients fetch the same token again.",
		rfc("6750", "3.1"), is(func(a *answer) bool { return a.r.Status == 401 && a.bearerError() == "insufficient_scope" })},
	{"bearer_request_status", Should, "invalid_request goes with 400: the request itself is malformed.",
		rfc("6750", "3.1"), is(func(a *answer) bool { return a.bearerError() == "invalid_request" })},
	{"bearer_scope_missing", Note, "insufficient_scope comes without scope. A client can't know what to ask for.",
		rfc("6750", "3.1"), is(func(a *answer) bool {
			c, _ := a.scheme("bearer")
			_, named := c.Get("scope")
			return a.bearerError() == "insufficient_scope" && !named
		})},
	{"step_up_bare", Note, "The challenge wants a stronger sign-in, but names neither acr_values nor max_age.",
		rfc("9470", "3"), is(func(a *answer) bool {
			c, _ := a.scheme("bearer")
			_, acr := c.Get("acr_values")
			_, age := c.Get("max_age")
			return a.bearerError() == "insufficient_user_authentication" && !acr && !age
		})},
	{"step_up_status", Should, "insufficient_user_authentication goes with 401. The status is 403.",
		rfc("9470", "3"), is(func(a *answer) bool {
			return a.r.Status == 403 && a.bearerError() == "insufficient_user_authentication"
		})},
}
