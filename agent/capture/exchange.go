package capture

import (
	"net/url"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/refusal"
)

// exchange is one request with its response, as far as a capture has them.
type exchange struct {
	source   string
	url      string
	method   string
	kind     string // webRequest.ResourceType; empty for one that must be guessed
	browser  bool   // a browser or a proxy recorded it, not a person with curl
	status   int
	time     time.Time // when the response came; zero when not known
	request  fields
	response fields
	cookies  []refusal.Cookie // sent with the request
	sentAny  bool             // cookies were sent, whatever they were called
	whole    bool             // every field of the request was seen
	body     string
	cut      bool // there was more body
	cached   refusal.Known
	redirect string // where the answer sends the browser, as it stands
}

// Bounds of what is held of one exchange; refusal.New keeps less.
const (
	maxFields = 128
	maxField  = 16 << 10
	maxBody   = 2 * refusal.MaxBody
)

// fields are header fields, names in lower case.
type fields []refusal.Header

func (f *fields) add(name, value string) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" || len(*f) == maxFields {
		return
	}
	*f = append(*f, refusal.Header{Name: cut(name, 256), Value: cut(strings.TrimSpace(value), maxField)})
}

// get returns the first value of a name in lower case.
func (f fields) get(name string) string {
	for i := range f {
		if f[i].Name == name {
			return f[i].Value
		}
	}
	return ""
}

// cut shortens s without holding on to the rest of it.
func cut(s string, max int) string {
	if len(s) > max {
		return strings.Clone(s[:max])
	}
	return s
}

// refused says whether the exchange is one to explain.
func (x *exchange) refused() bool { return x.status == 401 || x.status == 403 }

// opened says whether the page was handed out. A redirect may lead to a
// sign-in, and a preflight asks for nothing.
func (x *exchange) opened() bool {
	return x.status/100 == 2 && x.method != "OPTIONS" && x.cached != refusal.KnownYes
}

// tells says whether that it opened tells something of its origin: images and
// scripts are handed to everybody.
func (x *exchange) tells() bool {
	switch x.resourceType() {
	case "main_frame", "sub_frame", "xmlhttprequest":
		return true
	}
	return false
}

// normalize makes the parts of an exchange ones that a Refusal can have.
func (x *exchange) normalize() {
	x.url, _, _ = strings.Cut(x.url, "#")
	x.url = cut(strings.TrimSpace(x.url), refusal.MaxURL)
	switch scheme, rest, ok := strings.Cut(x.url, "://"); {
	case ok && strings.EqualFold(scheme, "ws"): // RFC 6455 4.1: opened by a request over http
		x.url = "http://" + rest
	case ok && strings.EqualFold(scheme, "wss"):
		x.url = "https://" + rest
	case x.url == "":
		x.url = refusal.UnknownURL
	}
	x.method = strings.ToUpper(x.method)
	if x.method == "" || len(x.method) > 32 || strings.Trim(x.method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		x.method = "GET"
	}
	x.time = x.time.UTC()
	if y := x.time.Year(); y < 1990 || y > 9998 {
		x.time = time.Time{}
	}
}

// authorization is what was sent, of which a Refusal keeps a known scheme
// alone; "" when none was seen.
func (x *exchange) authorization() string {
	value := x.request.get("authorization")
	if value != "" && !strings.Contains(value, " ") {
		return "other" // a key without a scheme
	}
	return value
}

// showsRequest says whether the request stands there as it was sent. Where a
// browser did not learn that, as for what it had cached, the host is missing.
func (x *exchange) showsRequest() bool {
	return x.request.get("host") != "" || x.request.get(":authority") != ""
}

func (x *exchange) sentCookies() bool { return x.sentAny || x.request.get("cookie") != "" }

// target is the absolute address that the answer sends the browser to.
func (x *exchange) target() string {
	if x.status/100 != 3 {
		return ""
	}
	to := x.redirect
	if to == "" {
		to = x.response.get("location")
	}
	if to == "" {
		return ""
	}
	return resolve(x.url, to)
}

// resolve resolves a reference (RFC 3986 5.2), or returns "".
func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ""
	}
	u.Fragment, u.Host = "", strings.ToLower(u.Host)
	return u.String()
}

// canonical spells an address as resolve does.
func canonical(address string) string {
	if same := resolve(address, ""); same != "" {
		return same
	}
	return address
}

// authorityOf is an address up to its path.
func authorityOf(address string) string {
	i := strings.Index(address, "://")
	if i < 0 {
		return ""
	}
	i += len("://")
	if n := strings.IndexAny(address[i:], `/?#\`); n >= 0 {
		return address[:i+n]
	}
	return address
}

// refusal makes what was seen a Refusal.
func (x *exchange) refusal(redirects []refusal.Hop) (refusal.Refusal, error) {
	r := refusal.Refusal{
		URL: x.url, Method: x.method, Status: x.status, ResourceType: x.resourceType(), Time: x.time,
		ResponseHeaders: x.response, Body: x.body, BodyTruncated: x.cut,
		Redirects: redirects, Cookies: x.cookies,
	}
	r.Request.Authorization = x.authorization()
	r.Request.FromCache = x.cached
	r.Request.ReferrerOrigin = x.request.get("referer")
	r.Request.InitiatorOrigin = x.request.get("origin")
	r.Request.TopFrame = r.ResourceType == "main_frame"
	switch {
	case x.sentCookies():
		r.Request.Cookies = refusal.KnownYes
	case x.whole:
		r.Request.Cookies = refusal.KnownNo
	}
	if x.whole && r.Request.Authorization == "" {
		r.Request.Authorization = "none"
	}
	return refusal.New(r)
}
