package challenge

import (
	"slices"
	"strings"
)

// Basic is the Basic scheme (RFC 7617 2).
type Basic struct {
	Realm   string
	Charset string // "UTF-8" or ""
}

// Digest is the Digest scheme (RFC 7616 3.3). Nonce and opaque are left to
// whoever answers the challenge.
type Digest struct {
	Realm     string
	QOP       []string // lower case; empty if the server names none
	Algorithm string   // as sent; "" means MD5
	Stale     bool     // the secret was right, only the nonce is old
}

// Bearer is the Bearer scheme (RFC 6750 3).
type Bearer struct {
	Realm            string
	Error            string // such as invalid_token, insufficient_scope (RFC 6750 3.1, RFC 9470 3); "" if nothing was sent
	ErrorDescription string
	Scope            []string
}

// Basic reads the challenge as Basic; ok is false for another scheme.
func (c Challenge) Basic() (b Basic, ok bool) {
	if c.Scheme != "basic" {
		return Basic{}, false
	}
	b.Realm, _ = c.Get("realm")
	b.Charset, _ = c.Get("charset")
	return b, true
}

// Digest reads the challenge as Digest; ok is false for another scheme.
func (c Challenge) Digest() (d Digest, ok bool) {
	if c.Scheme != "digest" {
		return Digest{}, false
	}
	d.Realm, _ = c.Get("realm")
	d.Algorithm, _ = c.Get("algorithm")
	stale, _ := c.Get("stale")
	d.Stale = strings.EqualFold(stale, "true")
	qop, _ := c.Get("qop")
	d.QOP = qopOptions(qop)
	return d, true
}

func qopOptions(list string) (options []string) {
	for option := range strings.SplitSeq(list, ",") {
		if option = strings.ToLower(strings.Trim(option, " \t")); option != "" {
			options = append(options, option)
		}
	}
	return options
}

// registered reports whether RFC 7616 6.1 has the algorithm.
func (d Digest) registered() bool {
	algorithm := strings.ToLower(d.Algorithm)
	return d.Known() || algorithm == "sha-512-256" || algorithm == "sha-512-256-sess"
}

// Known reports whether browsers can answer with this algorithm: those of
// RFC 7616 6.1 but SHA-512-256, which neither Chromium
// (http_auth_handler_digest.cc) nor Firefox (nsHttpDigestAuth.cpp) has.
func (d Digest) Known() bool {
	switch strings.ToLower(d.Algorithm) {
	case "", "md5", "md5-sess", "sha-256", "sha-256-sess":
		return true
	}
	return false
}

// Bearer reads the challenge as Bearer; ok is false for another scheme.
func (c Challenge) Bearer() (b Bearer, ok bool) {
	if c.Scheme != "bearer" {
		return Bearer{}, false
	}
	b.Realm, _ = c.Get("realm")
	b.Error, _ = c.Get("error")
	b.ErrorDescription, _ = c.Get("error_description")
	scope, _ := c.Get("scope")
	b.Scope = strings.Fields(scope)
	return b, true
}

// strength ranks what browsers answer by themselves, as Chromium does
// (HttpAuthHandler::score): the strongest is used (RFC 9110 11.6.1). Of two
// Digests the one with SHA-256 is, as in Firefox and RFC 7616 3.7.
var strength = map[string]int{"negotiate": 5, "ntlm": 4, "digest": 2, "basic": 1}

// Strongest picks the challenge that a browser would answer among the schemes
// supported (lower case; all that browsers know if none are named). A Digest
// whose algorithm no browser knows does not count. Of equals the first wins.
func Strongest(challenges []Challenge, supported ...string) (best Challenge, ok bool) {
	rank := 0
	for _, c := range challenges {
		r := strength[c.Scheme]
		if d, isDigest := c.Digest(); isDigest {
			switch {
			case !d.Known():
				r = 0
			case strings.HasPrefix(strings.ToLower(d.Algorithm), "sha-256"):
				r++
			}
		}
		if r > rank && (len(supported) == 0 || slices.Contains(supported, c.Scheme)) {
			best, rank, ok = c, r, true
		}
	}
	return best, ok
}
