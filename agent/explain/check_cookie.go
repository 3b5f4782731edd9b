package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/readmit/readmit/agent/redact"
)

// sameSite is where SameSite is specified until the draft is an RFC.
var sameSite = reference{"RFC 6265bis, 4.1.2.7", "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.2.7"}

// cookieChecks look at cookies that the refusal sets. Names and attributes
// survive redaction, values do not.
var cookieChecks = []check{
	{"cookie_not_secure", Should, "The cookie {} lacks Secure, so that it goes over plain http too.",
		rfc("6265", "4.1.2.5"), cookieWhere(func(a *answer, c setCookie) bool { return a.url.Scheme == "https" && !c.has("secure") })},
	{"cookie_not_httponly", Note, "The cookie {} lacks HttpOnly, so that scripts of the page can read it.",
		rfc("6265", "4.1.2.6"), cookieWhere(func(_ *answer, c setCookie) bool { return c.session() && !c.has("httponly") })},
	{"cookie_samesite_missing", Note, "The cookie {} lacks SameSite. Browsers differ in what they take that for.",
		sameSite, cookieWhere(func(_ *answer, c setCookie) bool { return !c.has("samesite") })},
	{"cookie_samesite_none_not_secure", Must, "The cookie {} says SameSite=None without Secure. Browsers drop it.",
		sameSite, cookieWhere(func(_ *answer, c setCookie) bool {
			return strings.EqualFold(c.attributes["samesite"], "none") && !c.has("secure")
		})},
}

// setCookie is one Set-Cookie field as package redact leaves it.
type setCookie struct {
	name       string
	attributes map[string]string
}

func (c setCookie) has(attribute string) bool { _, ok := c.attributes[attribute]; return ok }

// session guesses from the name whether a cookie carries a sign-in.
func (c setCookie) session() bool {
	name := strings.ToLower(c.name)
	return slices.ContainsFunc([]string{"sess", "sid", "auth", "token", "login", "jwt"}, func(s string) bool { return strings.Contains(name, s) })
}

// deletes says whether the field takes a cookie away rather than sets one.
func (c setCookie) deletes(a *answer) bool {
	if n, err := strconv.Atoi(c.attributes["max-age"]); err == nil && n <= 0 {
		return true
	}
	expires, err := httpTime(strings.ReplaceAll(c.attributes["expires"], "-", " "))
	return err == nil && expires.Year() <= 1971 || err == nil && !a.r.Time.IsZero() && expires.Before(a.r.Time)
}

func (a *answer) setCookies() []setCookie {
	var cookies []setCookie
	for _, line := range a.r.Header("set-cookie") {
		pair, rest, _ := strings.Cut(line, ";")
		name, _, _ := strings.Cut(pair, "=")
		c := setCookie{name: strings.TrimSpace(name), attributes: map[string]string{}}
		for part := range strings.SplitSeq(rest, ";") {
			key, v, _ := strings.Cut(strings.TrimSpace(part), "=")
			c.attributes[strings.ToLower(key)] = v
		}
		// Without a name the field was blotted out before it came here.
		if c.name != "" && c.name != redact.Mark && !c.deletes(a) {
			cookies = append(cookies, c)
		}
	}
	return cookies
}

func cookieWhere(holds func(*answer, setCookie) bool) func(*answer) (string, bool) {
	return func(a *answer) (string, bool) {
		for _, c := range a.setCookies() {
			if holds(a, c) {
				return c.name, true
			}
		}
		return "", false
	}
}
