package refusal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/redact"
)

// Bounds of a Refusal, in bytes and entries. What goes beyond them is cut off,
// since a page decides how much of it there is; the hops nearest to the
// refusal are kept.
const (
	MaxURL       = 8 << 10
	MaxQueryKeys = 32
	MaxQueryKey  = 64
	MaxHeaders   = 64
	MaxHeader    = 2 << 10
	MaxChallenge = 8 << 10 // of one WWW-Authenticate line
	MaxTitle     = 256
	MaxBody      = 8 << 10
	MaxHops      = 32
	MaxCookies   = 64
	MaxCookie    = 256 // name or path
	MaxProbes    = 8
	MaxSignIns   = 99
)

// InputError reports a field that no browser and no file can have meant.
type InputError struct {
	Field   string // the JSON name, such as "request.cookies"
	Problem string // never holds the value
}

func (e *InputError) Error() string {
	return fmt.Sprintf("refusal: %s: %s", e.Field, e.Problem)
}

// New bounds and redacts what was seen of one refused response. The error is
// an *InputError, and the Refusal then zero: the address is no http or https
// one, the status neither 401 nor 403, or a value outside its closed set.
// Headers that may not be kept are dropped; "\n" separates field lines. An
// empty title is taken from the body. New(New(r)) is New(r).
func New(in Refusal) (Refusal, error) {
	out := Refusal{
		Status:        in.Status,
		Time:          in.Time.Round(0).UTC(),
		BodyTruncated: in.BodyTruncated,
		Request: Request{
			Cookies:         in.Request.Cookies,
			Authorization:   authorization(in.Request.Authorization),
			FromCache:       in.Request.FromCache,
			ReferrerOrigin:  Origin(in.Request.ReferrerOrigin),
			InitiatorOrigin: Origin(in.Request.InitiatorOrigin),
			TopFrame:        in.Request.TopFrame,
			Private:         in.Request.Private,
			EmptyPage:       in.Request.EmptyPage,
			SignIns:         min(max(in.Request.SignIns, 0), MaxSignIns),
		},
	}
	var keys []string
	out.URL, keys = address(in.URL)
	out.QueryKeys = queryKeys(append(keys, in.QueryKeys...))

	var err error
	switch {
	case !strings.HasPrefix(out.URL, "http://") && !strings.HasPrefix(out.URL, "https://"):
		return Refusal{}, &InputError{"url", "not an http or https address"}
	case in.Status != 401 && in.Status != 403:
		return Refusal{}, &InputError{"status", "neither 401 nor 403"}
	case !storable(out.Time):
		return Refusal{}, &InputError{"time", "outside the years 0 to 9999"}
	}
	if out.Method, err = method(in.Method); err != nil {
		return Refusal{}, err
	}
	if out.ResourceType, err = resourceType(in.ResourceType); err != nil {
		return Refusal{}, err
	}
	for _, k := range []struct {
		field string
		value Known
	}{{"request.cookies", in.Request.Cookies}, {"request.fromCache", in.Request.FromCache}, {"request.emptyPage", in.Request.EmptyPage}} {
		switch k.value {
		case "", KnownYes, KnownNo, KnownUnknown:
		default:
			return Refusal{}, &InputError{k.field, `none of "yes", "no" and "unknown"`}
		}
	}
	if out.Probes, err = probes(in.Probes); err != nil {
		return Refusal{}, err
	}

	out.ResponseHeaders = headers(in.ResponseHeaders)
	out.Body = redact.Bounded(markup(in.Body), MaxBody)
	out.BodyTruncated = in.BodyTruncated || len(in.Body) > MaxBody
	if in.Title == "" {
		in.Title = title(out.Body)
	}
	out.Title = line(in.Title, MaxTitle)
	out.Redirects = hops(in.Redirects)
	out.Cookies = cookies(in.Cookies)
	return out, nil
}

// Header returns the values of a response header, one per field line; the name
// is in lower case.
func (r *Refusal) Header(name string) []string {
	var values []string
	for _, h := range r.ResponseHeaders {
		if h.Name == name {
			values = append(values, h.Value)
		}
	}
	return values
}

// Origin is the origin of the refused address (RFC 6454 6.2), whose form New has
// made sure of; "" for the zero Refusal.
func (r *Refusal) Origin() string {
	scheme, rest, _ := strings.Cut(r.URL, "://")
	host, _, _ := strings.Cut(rest, "/")
	if host == "" {
		return ""
	}
	return r.URL[:len(scheme)+len("://")+len(host)]
}

// Origin reduces an http or https address to scheme, host and port (RFC 6454
// 6.2, default ports left out), and anything else to "".
func Origin(address string) string {
	safe, _ := redact.URL(clip(address, MaxURL))
	scheme, rest, ok := strings.Cut(safe, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

func address(raw string) (string, []string) {
	safe, keys := redact.URL(clip(raw, MaxURL))
	return clipPath(safe, MaxURL), keys
}

// clipPath shortens at a slash, so that no part of a segment stands alone.
func clipPath(s string, max int) string {
	if len(s) <= max {
		return s
	}
	return s[:strings.LastIndexByte(s[:max], '/')+1]
}

// line makes one line of at most max bytes without secrets.
func line(s string, max int) string {
	return redact.Line(redact.Bounded(redact.Line(s, 4*max), max), max)
}

func clip(s string, max int) string {
	if len(s) > max {
		return s[:max]
	}
	return s
}

func queryKeys(all []string) []string {
	var out []string
	for _, key := range all {
		if len(out) == MaxQueryKeys {
			break
		}
		clean := redact.Line(key, MaxQueryKey+1)
		if clean == "" || len(clean) > MaxQueryKey || redact.Token(clean) || slices.Contains(out, clean) {
			continue
		}
		out = append(out, clean)
	}
	return out
}

func method(s string) (string, error) {
	if s == "" {
		return "GET", nil
	}
	s = strings.ToUpper(s)
	if len(s) > 32 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		return "", &InputError{"method", "not the name of a method"}
	}
	return s, nil
}

func resourceType(s string) (string, error) {
	if len(s) > 32 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "", &InputError{"resourceType", "not a resource type"}
	}
	return s, nil
}

// sentSchemes are the registered ones
// (https://www.iana.org/assignments/http-authschemes) and those that vendors
// use. Where none of them begins an Authorization, its first word may be a key.
var sentSchemes = map[string]bool{
	"basic": true, "bearer": true, "concealed": true, "digest": true, "dpop": true, "gnap": true, "hoba": true, "mutual": true,
	"negotiate": true, "oauth": true, "privatetoken": true, "scram-sha-1": true, "scram-sha-256": true, "vapid": true,
	"ntlm": true, "ssws": true, "wsse": true, "kerberos": true, "aws": true, "aws4-hmac-sha256": true, "apikey": true, "token": true, "hawk": true,
	"sharedkey": true, "sharedkeylite": true, "jwt": true, "hmac": true, "signature": true,
}

// authorization keeps a scheme that is known as one, or "none". Whoever hands
// over the whole header value loses all but its first word.
func authorization(s string) string {
	scheme, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), " ")
	if scheme == "" || scheme == "none" || sentSchemes[scheme] {
		return scheme
	}
	return "other"
}

func headers(in []Header) []Header {
	var out []Header
	for _, h := range in {
		name := strings.ToLower(strings.TrimSpace(h.Name))
		limit := MaxHeader
		if name == "www-authenticate" {
			limit = MaxChallenge
		}
		value := strings.NewReplacer("\r\n", "\n", "\n ", "  ", "\n\t", "  ").Replace(clip(h.Value, MaxHeaders*MaxChallenge))
		for line := range strings.SplitSeq(value, "\n") {
			if len(out) == MaxHeaders {
				return out
			}
			if safe, ok := headerLine(name, line, limit); ok {
				out = append(out, Header{Name: name, Value: safe})
			}
		}
	}
	return out
}

// headerLine cuts before and after redaction until both agree, so that a cut
// never uncovers half of a secret.
func headerLine(name, line string, limit int) (string, bool) {
	safe, ok := redact.Header(name, clip(line, limit))
	for ok && len(safe) > limit {
		limit -= 64
		safe, ok = redact.Header(name, clip(safe, limit))
	}
	return safe, ok
}

func hops(in []Hop) []Hop {
	var out []Hop
	for _, h := range in[max(0, len(in)-MaxHops):] {
		h.URL, _ = address(h.URL)
		if h.Status < 100 || h.Status > 599 {
			h.Status = 0
		}
		out = append(out, h)
	}
	return out
}

func cookies(in []Cookie) []Cookie {
	var out []Cookie
	for _, c := range in[:min(len(in), MaxCookies)] {
		c.Name = line(c.Name, MaxCookie)
		c.Domain = redact.Host(strings.TrimPrefix(c.Domain, "."))
		c.Path = clipPath(redact.Path(clip(c.Path, MaxCookie)), MaxCookie)
		c.Expires = c.Expires.Round(0).UTC()
		if !storable(c.Expires) {
			c.Expires = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
		}
		out = append(out, c)
	}
	return out
}

// storable: encoding/json refuses other years.
func storable(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

func probes(in []Probe) ([]Probe, error) {
	var out []Probe
	for _, p := range in[:min(len(in), MaxProbes)] {
		switch {
		case p.Kind != ProbeNoCookies && p.Kind != ProbeNoCache && p.Kind != ProbeRoot:
			return nil, &InputError{"probes.kind", "not a kind of probe"}
		case p.Status != 0 && (p.Status < 100 || p.Status > 599):
			return nil, &InputError{"probes.status", "not a status"}
		case p.Error != "" && p.Error != "timeout" && p.Error != "network":
			return nil, &InputError{"probes.error", `neither "timeout" nor "network"`}
		}
		out = append(out, p)
	}
	return out, nil
}

// markup drops what markup cannot hold and what JSON would change.
func markup(body string) string {
	body = strings.ToValidUTF8(clip(body, 2*MaxBody), "\ufffd")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, body)
}
