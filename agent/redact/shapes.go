package redact

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// shape is one row of the table: where one of its literals (lower case)
// stands, the anchored pattern decides. Its non-empty groups are secret, or the
// whole match if it has none. The literals keep the patterns from running over
// text that cannot match.
type shape struct {
	name     string
	literals []string
	pattern  *regexp.Regexp
	// accept, if set, has the last word; rest is the text after the match.
	accept func(match, rest string) bool
	// plain: not in a challenge, where the same words are the site's own.
	plain bool
}

// value is what follows a key: quoted, or up to a delimiter. The group is
// inside the quotes, so that the text keeps its form.
const value = `(?:"((?:[^"\\]|\\.)+)|'([^']+)|([^\s&;,"'<>]+))`

var shapes = []shape{
	// RFC 7519: the first part of every JWT is base64url of `{"`.
	{name: "jwt", literals: []string{"eyj"},
		pattern: regexp.MustCompile(`^eyJ[A-Za-z0-9_=-]{8,}(?:\.[A-Za-z0-9_=-]*)*`)},
	// RFC 6750 2.1, and the same in prose and logs.
	{name: "bearer token", literals: []string{"bearer"},
		pattern: regexp.MustCompile(`^(?i:bearer)[\s:]+([A-Za-z0-9._~+/-]{8,}=*)`),
		accept:  acceptBearer},
	// RFC 7617 2: base64 of user:password.
	{name: "basic credentials", literals: []string{"basic"},
		pattern: regexp.MustCompile(`^(?i:basic)\s+([A-Za-z0-9+/_-]{4,}=*)`),
		accept:  acceptBasic},
	// RFC 9110 11.6.2, as a header line, in JSON or in a command line.
	{name: "authorization", literals: []string{"authorization"}, plain: true,
		pattern: regexp.MustCompile(`^(?i:authorization)["']?\s*[:=]\s*(?:((?i:digest)\s[^\r\n<>]*)|"([^"\r\n]+)|'([^'\r\n]+)|((?:[A-Za-z][A-Za-z0-9-]*[ \t]+)?[^\s"'<>,;]+))`)},
	// RFC 6265 4.1 and 4.2, and document.cookie in scripts.
	{name: "cookie pairs", literals: []string{"cookie"},
		pattern: regexp.MustCompile(`^(?i:cookie)2?["']?\s*[:=]\s*["']?([^\s=;:"'<>{}]+=[^\r\n<>"']*)`)},
	{name: "keyed secret", literals: []string{
		"password", "passwd", "pwd", "passphrase", "passcode", "secret", "token", "apikey", "api_key", "api-key",
		"accesskey", "access_key", "access-key", "session", "sessid", "connect.sid", "samlresponse", "samlrequest",
		"relaystate", "assertion", "signature", "sig", "credential", "csrf", "xsrf"},
		pattern: regexp.MustCompile(`^(?i:(?:password|passwd|pwd|passphrase|passcode|secret|token|api[_-]?key|access[_-]?key|session|sessid|connect\.sid|samlresponse|samlrequest|relaystate|assertion|signature|sig|credential|csrf|xsrf)s?(?:[_.-]?(?:id|key|value|token|hash))?)(?:["']?\s*=\s*|["']\s*:\s*)` + value)},
	{name: "spoken password", literals: []string{"password", "passwd", "pwd", "passphrase", "passcode", "secret", "apikey", "api key", "api_key", "api-key"},
		pattern: regexp.MustCompile(`^(?i:password|passwd|pwd|passphrase|passcode|secret|api[ _-]?key)\s*:\s*` + value)},
	// A form field keeps what was typed into it or handed out with the page.
	{name: "field value", literals: []string{"<input"},
		pattern: regexp.MustCompile(`^(?i:<input\b[^<>]*?\bvalue\s*=\s*)(?:"([^"]+)|'([^']+)|([^\s>"']+))`)},
	{name: "page token", literals: []string{"<meta"},
		pattern: regexp.MustCompile(`^(?i:<meta\b[^<>]*(?:token|csrf|xsrf|nonce|key)[^<>]*?\bcontent\s*=\s*)(?:"([^"]+)|'([^']+)|([^\s>"']+))`)},
	{name: "private key", literals: []string{"-----begin "},
		pattern: regexp.MustCompile(`^-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)},

	// docs.aws.amazon.com, "Understanding unique ID prefixes".
	{name: "aws key id", literals: []string{"akia", "asia", "aroa", "aida"},
		pattern: regexp.MustCompile(`^(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16,}`)},
	// docs.github.com, "GitHub's token formats".
	{name: "github token", literals: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"},
		pattern: regexp.MustCompile(`^(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{16,}`)},
	// docs.gitlab.com, "Token overview"; docs.npmjs.com, "About access tokens".
	{name: "gitlab or npm token", literals: []string{"glpat-", "npm_"},
		pattern: regexp.MustCompile(`^(?:glpat-[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,})`)},
	// api.slack.com, "Token types".
	{name: "slack token", literals: []string{"xox"},
		pattern: regexp.MustCompile(`^xox[a-z]-[A-Za-z0-9-]{8,}`)},
	// docs.stripe.com, "API keys".
	{name: "stripe key", literals: []string{"k_live_", "k_test_", "whsec_"},
		pattern: regexp.MustCompile(`^(?:k_live_|k_test_|whsec_)([A-Za-z0-9]{8,})`)},
	// cloud.google.com, "API keys" and "OAuth 2.0 access tokens".
	{name: "google key", literals: []string{"aiza", "ya29."},
		pattern: regexp.MustCompile(`^(?:AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{8,})`)},
	{name: "sendgrid key", literals: []string{"sg."},
		pattern: regexp.MustCompile(`^SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}`)},
}

// index finds the literals of all shapes in one pass over a text: pairs has a
// bit for each two bytes that a literal begins with, begins the literals
// behind it.
type index struct {
	pairs  [256][4]uint64
	begins map[[2]byte][]literal
}

type literal struct {
	text  string
	shape int
}

var literals = func() *index {
	x := &index{begins: map[[2]byte][]literal{}}
	for i, h := range shapes {
		for _, text := range h.literals {
			pair := [2]byte{text[0], text[1]}
			x.pairs[pair[0]][pair[1]>>6] |= 1 << (pair[1] & 63)
			x.begins[pair] = append(x.begins[pair], literal{text, i})
		}
	}
	return x
}()

func findShapes(found []span, s, low string, where context) []span {
	done := make([]int, len(shapes)) // up to where each shape has matched
	for at := 0; at+1 < len(low); at++ {
		if literals.pairs[low[at]][low[at+1]>>6]&(1<<(low[at+1]&63)) == 0 {
			continue
		}
		for _, l := range literals.begins[[2]byte{low[at], low[at+1]}] {
			h := &shapes[l.shape]
			if at < done[l.shape] || h.plain && where == inChallenge || !strings.HasPrefix(low[at:], l.text) {
				continue
			}
			var end int
			found, end = h.match(found, s, at)
			done[l.shape] = max(done[l.shape], end)
		}
	}
	return found
}

// match tries the pattern at one place and returns where its match ends.
func (h *shape) match(found []span, s string, at int) ([]span, int) {
	m := h.pattern.FindStringSubmatchIndex(s[at:])
	if m == nil || h.accept != nil && !h.accept(s[at:at+m[1]], s[at+m[1]:]) {
		return found, at
	}
	if len(m) == 2 {
		found = append(found, span{at, at + m[1]})
	}
	for g := 2; g < len(m); g += 2 {
		if m[g] >= 0 {
			found = appendSpan(found, at+m[g], at+m[g+1])
		}
	}
	return found, at + m[1]
}

// acceptBearer tells a token from prose ("bearer authentication") and from a
// parameter of a challenge (`Bearer oauth2_uri="..."`).
func acceptBearer(match, rest string) bool {
	word := strings.TrimLeft(match[len("bearer"):], " \t\r\n\v\f:")
	if strings.HasSuffix(word, "=") && rest != "" && rest[0] > ' ' && rest[0] != ',' {
		return false
	}
	if t := strings.TrimLeft(rest, " \t"); strings.HasPrefix(t, "=") {
		return false
	}
	return strings.ContainsAny(word, "0123456789") || nonWordy(word) >= 8
}

// acceptBasic tells credentials from prose ("basic authentication"): they
// decode to something with a colon.
func acceptBasic(match, _ string) bool {
	word := strings.TrimRight(strings.TrimLeft(match[len("basic"):], " \t\r\n\v\f"), "=")
	word = strings.NewReplacer("-", "+", "_", "/").Replace(word)
	if len(word)%4 == 1 {
		word = word[:len(word)-1]
	}
	plain, err := base64.RawStdEncoding.DecodeString(word)
	return err == nil && strings.Contains(string(plain), ":")
}
