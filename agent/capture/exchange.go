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

func cut(s string, max int) string {
	if len(s) > max {
		return s[:max]
	}
	return s
}

// refused says whether the exchange is one to explain.
func (x *exchange) refused() bool { return x.status == 401 || x.status == 403 }

// authorization is the scheme that was sent, or "" when none was seen.
func (x *exchange) authorization() string {
	scheme, _, _ := strings.Cut(x.request.get("authorization"), " ")
	return strings.ToLower(scheme)
}

func (x *exchange) sentCookies() bool { return x.sentAny || x.request.get("cookie") != "" }

// target is the absolute address that the answer sends the browser to.
func (x *exchange) target() string {
	to := x.redirect
	if to == "" {
		to = x.response.get("location")
	}
	if to == "" || x.status/100 != 3 {
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
	u.Fragment = ""
	return u.String()
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

// destinations turns Sec-Fetch-Dest (https://www.w3.org/TR/fetch-metadata/)
// into the browsers' resource types.
var destinations = map[string]string{
	"document": "main_frame", "iframe": "sub_frame", "frame": "sub_frame", "image": "image", "font": "font", "script": "script",
	"style": "stylesheet", "audio": "media", "video": "media", "track": "media", "object": "object", "embed": "object", "empty": "xmlhttprequest",
}

// resourceType is what the capture says, or what the request and the answer
// give away.
func (x *exchange) resourceType() string {
	if t := destinations[strings.ToLower(x.request.get("sec-fetch-dest"))]; t != "" {
		return t
	}
	accept, content := strings.ToLower(x.request.get("accept")), strings.ToLower(x.response.get("content-type"))
	switch {
	case x.kind != "":
		return x.kind
	case strings.EqualFold(x.request.get("x-requested-with"), "xmlhttprequest"):
		return "xmlhttprequest"
	case strings.Contains(accept, "text/html"):
		return "main_frame"
	case strings.HasPrefix(accept, "image/"):
		return "image"
	case strings.HasPrefix(accept, "text/css"):
		return "stylesheet"
	case strings.Contains(accept, "json"), strings.Contains(content, "json"):
		return "xmlhttprequest"
	}
	return "main_frame"
}
