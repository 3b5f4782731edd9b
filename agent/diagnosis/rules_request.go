package diagnosis

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/refusal"
)

// readChallenges looks at what the server asked for and what had been sent.
// Error codes of challenges are rows of package signature.
func (s *scene) readChallenges() {
	asked := slices.ContainsFunc(s.challenges, func(c challenge.Challenge) bool {
		_, coded := c.Get("error")
		return c.Scheme == "bearer" && coded
	})
	switch {
	case s.http:
		s.readHTTPChallenge()
	case len(s.challenges) == 0:
		if s.r.Status == 401 {
			// 401 without a challenge is against RFC 9110 15.5.2 and common where
			// a login page or a script handles signing in.
			s.add(rule{RuleNoChallenge, SourceResponse, groupChallenge, nil},
				weights{{cause.NoCredentials, hint}, {cause.SessionExpired, hint}, {cause.TokenMissing, hint}, {cause.SSORequired, -hint}})
			if s.r.Request.Authorization == "none" && s.r.Request.Cookies == refusal.KnownNo && safe(s.r.Method) {
				s.nothingSent()
			}
		}
	case s.has("bearer"):
		if !asked {
			// RFC 6750 3.1: no error code when the request carried no token.
			if s.page {
				s.add(rule{"bearer_without_token", SourceResponse, groupChallenge, nil},
					weights{{cause.TokenMissing, says}, {cause.NoCredentials, -suggests}, {cause.SessionExpired, -suggests}})
			} else {
				s.add(rule{"bearer_without_token", SourceResponse, groupChallenge, nil},
					weights{{cause.TokenMissing, points}, {cause.SessionExpired, suggests}, {cause.TokenExpired, hint}})
			}
		}
	case s.has("negotiate"):
		// The row kerberos_asked says what this means.
	case s.page:
		s.add(rule{"scheme_unknown", SourceResponse, groupChallenge, map[string]string{"scheme": s.challenges[0].Scheme}},
			weights{{cause.UnsupportedScheme, says}})
	default:
		s.add(rule{"scheme_of_a_program", SourceResponse, groupChallenge, nil},
			weights{{cause.TokenMissing, points}, {cause.UnsupportedScheme, -suggests}})
	}
}

func (s *scene) has(scheme string) bool {
	return slices.ContainsFunc(s.challenges, func(c challenge.Challenge) bool { return c.Scheme == scheme })
}

func (s *scene) readHTTPChallenge() {
	var realm string
	usable := false
	for _, c := range s.challenges {
		if v, ok := c.Get("realm"); ok && realm == "" {
			realm = v
		}
		if d, ok := c.Digest(); answerable(c) && (!ok || d.Known()) {
			usable = true
		}
	}
	args := map[string]string{"realm": realm}
	if !usable {
		s.add(rule{"digest_algorithm_unknown", SourceResponse, groupChallenge, args},
			weights{{cause.UnsupportedScheme, proves}})
		return
	}
	auth := s.r.Request.Authorization
	sent := auth != "" && auth != "none"
	switch {
	case s.f.History.CredentialRefused:
		// One refused send is all it takes: RFC 9110 11.6.2, 15.5.2.
		s.add(rule{RuleCredentialRefused, SourceHistory, groupCredential, args},
			weights{{cause.WrongCredentials, proves}, {cause.NoCredentials, -says}, {cause.SessionExpired, -says}})
	case sent && s.stale():
		// RFC 7616 3.3: the name and password were right, only the nonce was old.
		s.add(rule{"digest_stale", SourceResponse, groupCredential, args},
			weights{{cause.WrongCredentials, -says}, {cause.Unknown, points}})
	case sent && s.inHandshake(auth):
		// RFC 4559 5: one more message is awaited, and nothing was judged yet.
		s.add(rule{"handshake_step", SourceResponse, groupCredential, args},
			weights{{cause.WrongCredentials, -says}, {cause.NoCredentials, -points}, {cause.Unknown, points}})
	case sent && !answers(auth):
		s.readSentAuthorization()
	case sent && s.has(auth):
		s.add(rule{"challenge_repeated", SourceRequest, groupCredential, args},
			weights{{cause.WrongCredentials, proves}, {cause.NoCredentials, -points}, {cause.SessionExpired, -points}})
	case s.r.Status == 403:
		s.add(rule{RuleChallenge, SourceResponse, groupChallenge, args},
			weights{{cause.NoCredentials, says}, {cause.WrongCredentials, suggests}, {cause.NoPermission, suggests}})
	default:
		// Nothing was sent, or the browser's own box sent what was refused: the
		// challenge is the same, and browsers do not tell which.
		s.add(rule{RuleChallenge, SourceResponse, groupChallenge, args},
			weights{{cause.NoCredentials, says}, {cause.WrongCredentials, says}, {cause.SessionExpired, -suggests}})
		if auth == "none" {
			s.nothingSent()
		}
	}
	if n := len(s.f.History.RefusedAccounts); n > 0 && !s.f.History.CredentialRefused {
		s.add(rule{"account_refused_before", SourceHistory, groupHistory, nil},
			weights{{cause.WrongCredentials, suggests}})
	}
}

// safe says whether a request carries no content, in which a name and a
// password may stand (RFC 9110 9.2.1).
func safe(method string) bool {
	switch method {
	case "", "GET", "HEAD", "OPTIONS":
		return true
	}
	return false
}

// inHandshake says whether the challenge goes on with an exchange of several
// messages, as NTLM and Negotiate have.
func (s *scene) inHandshake(auth string) bool {
	return slices.ContainsFunc(s.challenges, func(c challenge.Challenge) bool {
		return c.Token68 != "" && c.Scheme == auth && (auth == "ntlm" || auth == "negotiate")
	})
}

// answers says whether what was sent may have been a name and a password.
func answers(auth string) bool {
	return auth == "basic" || auth == "digest" || auth == "ntlm" || auth == "negotiate"
}

// nothingSent says that the request carried nothing that tells who is there.
func (s *scene) nothingSent() {
	s.add(rule{"nothing_sent", SourceRequest, groupCredential, nil},
		weights{{cause.NoCredentials, suggests}, {cause.WrongCredentials, -proves}})
}

func (s *scene) stale() bool {
	return slices.ContainsFunc(s.challenges, func(c challenge.Challenge) bool {
		v, _ := c.Get("stale")
		return c.Scheme == "digest" && strings.EqualFold(v, "true")
	})
}

// loopFrom is how many turns between a sign-in page and the refused page make a
// loop: one may be a mistyped password.
const loopFrom = 2

// readRequest looks at how the page was asked for.
func (s *scene) readRequest() {
	r := s.r
	switch {
	case s.page:
	case isProgram(r):
		s.add(rule{RuleProgram, SourceRequest, groupRequest, nil},
			weights{{cause.TokenInvalid, hint}, {cause.StaleSiteData, -suggests}, {cause.CookiesBlocked, -suggests}})
	default:
		s.add(rule{RuleBackground, SourceRequest, groupRequest, nil},
			weights{{cause.TokenExpired, hint}, {cause.WrongURL, -hint}})
		if s.r.Request.EmptyPage == refusal.KnownYes {
			// A page that stays empty without its data asked for it as a person
			// who had been signed in.
			s.add(rule{RuleEmptyPage, SourceRequest, groupNetwork, nil},
				weights{{cause.TokenExpired, hint}, {cause.SessionExpired, hint}})
		}
	}
	if !s.page && crossOrigin(r.Request.InitiatorOrigin, r.URL) {
		// Being signed in to the page itself does not come into it.
		s.add(rule{RuleOtherSite, SourceRequest, groupNetwork, nil}, weights{{cause.SessionExpired, -hint}})
	}
	if auth := r.Request.Authorization; r.Status == 403 && !s.http && auth != "" && auth != "none" {
		// Who it is was known: it is not enough (RFC 9110, 15.5.4). Where the
		// answer says what is lacking, that is why.
		lacks := says
		if s.saidWhy() {
			lacks = hint
		}
		s.add(rule{"sign_in_taken", SourceRequest, groupCredential, nil},
			weights{{cause.NoPermission, lacks}, {cause.NoCredentials, -says}, {cause.WrongCredentials, -points}, {cause.SessionExpired, -points},
				{cause.DirectoryOrResourceForbidden, -points}})
	}
	if r.Status == 401 && !s.http {
		s.readSentAuthorization()
	}
	if r.Status == 403 && !s.http && isProgram(r) && r.Request.Authorization == "none" && r.Request.Cookies == refusal.KnownNo {
		// What is said of permission is said to somebody whom the site cannot know.
		s.add(rule{"anonymous", SourceRequest, groupCredential, nil},
			weights{{cause.NoCredentials, suggests}, {cause.NoPermission, -points}})
	}
	if r.Request.FromCache == refusal.KnownYes {
		// The site was not asked (RFC 9111 4): what the answer says of the person
		// was true when it was kept.
		s.add(rule{RuleFromCache, SourceRequest, groupNetwork, nil},
			weights{{cause.StaleSiteData, proves}, {cause.NoCredentials, -points}, {cause.SessionExpired, -points}})
	}
	if s.link || s.page && slices.ContainsFunc(r.QueryKeys, signsLink) {
		// What is refused is the link, whoever opens it.
		s.add(rule{RuleSignedLink, SourceRequest, groupRequest, nil},
			weights{{cause.SignatureMismatch, suggests}, {cause.TokenExpired, suggests}, {cause.SessionExpired, -suggests}, {cause.NoCredentials, -suggests}})
	}
	switch {
	case safe(r.Method):
	case r.Method == "CONNECT":
		// Only a proxy is asked for a tunnel (RFC 9110 9.3.6): the site never heard of it.
		s.add(rule{"tunnel_refused", SourceRequest, groupRequest, nil},
			weights{{cause.ProxyOrFilterBlock, proves}})
	default:
		if isProgram(r) {
			break // what a program sends is no form of a person
		}
		s.add(rule{RuleFormSent, SourceRequest, groupRequest, map[string]string{"method": r.Method}},
			weights{{cause.CSRFOrStaleForm, suggests}, {cause.WAFBlock, hint}})
	}
	switch r.ResourceType {
	case "image", "media", "font", "object":
		if s.r.Status == 403 && crossOrigin(cmp.Or(r.Request.InitiatorOrigin, r.Request.ReferrerOrigin), r.URL) {
			s.add(rule{"embedded_elsewhere", SourceRequest, groupRequest, nil},
				weights{{cause.HotlinkOrReferer, points}})
		}
	}
	if r.Request.SignIns >= loopFrom {
		// Who signed in twice is not kept out for want of a sign-in: it does not
		// last, it is another one's, or it is not what the site wants.
		s.add(rule{RuleSignInLoop, SourceRequest, groupLoop, map[string]string{"times": strconv.Itoa(r.Request.SignIns)}},
			weights{{cause.CookiesBlocked, suggests}, {cause.StaleSiteData, suggests}, {cause.WrongAccount, hint}, {cause.ServerMisconfigured, hint},
				{cause.NoCredentials, -points}, {cause.SessionExpired, -points}})
	}
	if r.Request.Private && r.Request.Cookies != refusal.KnownYes && !s.http {
		s.add(rule{"private_window", SourceRequest, groupNetwork, nil},
			weights{{cause.NoCredentials, hint}, {cause.CookiesBlocked, hint}})
	}
	if len(r.Redirects) > 0 && slices.ContainsFunc(r.Redirects, func(h refusal.Hop) bool { return refusal.OnSignInPath(h.URL) }) {
		switch r.Request.Cookies {
		case refusal.KnownNo:
			// Back from the sign-in page and nothing was kept.
			s.add(rule{"no_cookies_after_sign_in", SourceRequest, groupRequest, nil},
				weights{{cause.CookiesBlocked, proves}})
		case refusal.KnownYes:
			if r.Status == 403 {
				s.add(rule{"refused_after_sign_in", SourceRequest, groupRequest, nil},
					weights{{cause.NoPermission, suggests}, {cause.WrongAccount, suggests}, {cause.NoCredentials, -points}, {cause.SessionExpired, -points}})
			}
		}
	}
}

// readSentAuthorization looks at what was sent where the answer names no scheme
// that a name and a password would answer: it was not enough (RFC 9110 15.5.2).
func (s *scene) readSentAuthorization() {
	switch s.r.Request.Authorization {
	case "", "none", "negotiate":
	case "basic", "digest", "ntlm":
		s.add(rule{"password_not_taken", SourceRequest, groupCredential, nil},
			weights{{cause.WrongCredentials, points}, {cause.TokenInvalid, suggests}, {cause.StepUpRequired, hint},
				{cause.NoCredentials, -says}, {cause.TokenMissing, -points}, {cause.SessionExpired, -points}})
	default:
		s.add(rule{"key_not_taken", SourceRequest, groupCredential, nil},
			weights{{cause.TokenInvalid, points}, {cause.TokenExpired, suggests}, {cause.InsufficientScope, hint}, {cause.NoPermission, hint},
				{cause.NoCredentials, -says}, {cause.TokenMissing, -says}, {cause.WrongCredentials, -hint}})
	}
}

// linkSignatures are the query keys of links that are good for some time to
// whoever has them: S3, Google Cloud Storage, CloudFront, Azure storage.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
// https://cloud.google.com/storage/docs/authentication/signatures
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
// https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas
var linkSignatures = []string{"x-amz-signature", "x-goog-signature", "signature", "sig"}

func signsLink(key string) bool { return slices.Contains(linkSignatures, strings.ToLower(key)) }

// readCookies looks at whether the browser sent the site's cookies. They carry
// most sessions, but also what has nothing to do with signing in: the weights
// stay low.
func (s *scene) readCookies() {
	if s.http {
		return // the browser's own challenge does not depend on cookies
	}
	s.readCookieEnds()
	switch s.r.Request.Cookies {
	case refusal.KnownYes:
		if s.r.Status == 401 {
			s.add(rule{"cookies_sent", SourceRequest, groupCookie, nil},
				weights{{cause.SessionExpired, hint}, {cause.CookiesBlocked, -suggests}})
		} else {
			s.add(rule{"cookies_sent", SourceRequest, groupCookie, nil},
				weights{{cause.NoPermission, hint}, {cause.StaleSiteData, hint}, {cause.WrongAccount, hint}, {cause.NoCredentials, -suggests}, {cause.CookiesBlocked, -suggests}})
		}
	case refusal.KnownNo:
		s.add(rule{"cookies_not_sent", SourceRequest, groupCookie, nil},
			weights{{cause.NoCredentials, suggests}, {cause.SessionExpired, -hint}, {cause.NoPermission, -suggests},
				{cause.WrongAccount, -points}, {cause.StaleSiteData, -proves}, {cause.AccountDisabledOrLocked, -suggests}, {cause.SubscriptionRequired, -suggests}})
	}
}

// readCookieEnds looks for a cookie that has run out, and for one that the
// answer takes back: sites do that to the cookie of a session that is over.
func (s *scene) readCookieEnds() {
	ends := weights{{cause.SessionExpired, points}, {cause.NoCredentials, -hint}, {cause.NoPermission, -hint}}
	for _, c := range s.r.Cookies {
		if !c.Expires.IsZero() && !s.r.Time.IsZero() && c.Expires.Before(s.r.Time) {
			s.add(rule{"cookie_ran_out", SourceRequest, groupCookieEnd, map[string]string{"at": c.Expires.UTC().Format(time.RFC3339)}}, ends)
			return
		}
	}
	if s.r.Request.Cookies == refusal.KnownNo {
		return // there was no session to end
	}
	for _, line := range s.r.Header("set-cookie") {
		if takesBack(line, s.r.Time) {
			s.add(rule{"cookie_taken_back", SourceResponse, groupCookieEnd, nil}, ends)
			return
		}
	}
}

// takesBack says whether a Set-Cookie line removes its cookie (RFC 6265 3.1).
func takesBack(line string, now time.Time) bool {
	for attribute := range strings.SplitSeq(line, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(attribute), "=")
		switch strings.ToLower(name) {
		case "max-age":
			return value == "0" || strings.HasPrefix(value, "-")
		case "expires":
			at, err := parseTime(strings.ReplaceAll(value, "-", " "))
			return err == nil && (at.Year() <= 1971 || !now.IsZero() && at.Before(now.Add(-time.Hour)))
		}
	}
	return false
}
