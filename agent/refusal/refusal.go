// Package refusal holds what was seen of one 401 or 403 response.
//
// It promises that a Refusal is safe to keep: New is the only constructor and
// it bounds every field and removes query values, fragments, userinfo, cookie
// values, Authorization values and everything else that redact recognises as
// secret-shaped. Decoding JSON into a Refusal gives no such promise: a Refusal
// from elsewhere (the wire, a journal, a file) must pass through New, which
// leaves one that already did as it is.
//
// Limits: it describes, it does not judge; see package diagnosis.
package refusal

import "time"

// Known is a fact that may not have been seen: "not sent" and "not seen" are
// different facts. The zero value means unknown.
type Known string

// The values of Known besides the zero value, which reads as KnownUnknown.
const (
	KnownYes     Known = "yes"
	KnownNo      Known = "no"
	KnownUnknown Known = "unknown"
)

// Refusal is one refused response and what surrounded it.
type Refusal struct {
	URL          string    `json:"url"` // no userinfo, query or fragment; secret-looking path segments read {...}
	QueryKeys    []string  `json:"queryKeys,omitempty"`
	Method       string    `json:"method"`
	Status       int       `json:"status"`
	ResourceType string    `json:"resourceType"` // webRequest.ResourceType, such as main_frame
	Time         time.Time `json:"time"`         // the browser's clock

	ResponseHeaders []Header `json:"responseHeaders,omitempty"` // one entry per field line
	Title           string   `json:"title,omitempty"`
	Body            string   `json:"body,omitempty"` // the first 8 KiB of markup
	BodyTruncated   bool     `json:"bodyTruncated,omitempty"`

	Request   Request  `json:"request"`
	Redirects []Hop    `json:"redirects,omitempty"`
	Cookies   []Cookie `json:"cookies,omitempty"` // those the browser holds for the URL
	Probes    []Probe  `json:"probes,omitempty"`
}

// UnknownURL stands for an address that is not known, as in a response without
// its request; RFC 2606 2 reserves .invalid for what cannot exist.
const UnknownURL = "https://unknown.invalid/"

// Header is one header field, named as in HAR and webRequest.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Request is what is known of the request that was refused.
type Request struct {
	Cookies         Known  `json:"cookies,omitempty"`
	Authorization   string `json:"authorization,omitempty"` // the scheme in lower case, "none", or "" for unknown
	FromCache       Known  `json:"fromCache,omitempty"`
	ReferrerOrigin  string `json:"referrerOrigin,omitempty"`
	InitiatorOrigin string `json:"initiatorOrigin,omitempty"`
	TopFrame        bool   `json:"topFrame,omitempty"`
	Private         bool   `json:"private,omitempty"`
	// EmptyPage says that a background request's refusal left its page, itself
	// answered with 200, almost without text.
	EmptyPage Known `json:"emptyPage,omitempty"`
	// SignIns counts how often, in this visit, the person came from a sign-in
	// page and was refused here again; at most MaxSignIns.
	SignIns int `json:"signIns,omitempty"`
}

// Hop is one redirect that led to the refused URL.
type Hop struct {
	URL    string `json:"url"` // redacted like Refusal.URL
	Status int    `json:"status"`
}

// Cookie describes a cookie, never its value.
type Cookie struct {
	Name        string    `json:"name"`
	Domain      string    `json:"domain"`
	Path        string    `json:"path"`
	HostOnly    bool      `json:"hostOnly,omitempty"`
	Expires     time.Time `json:"expires,omitzero"` // zero for a session cookie
	Partitioned bool      `json:"partitioned,omitempty"`
}

// ProbeKind names a question put to the refused origin.
type ProbeKind string

// The kinds of probe: always GET, never with credentials, redirects not followed.
const (
	ProbeNoCookies ProbeKind = "no_cookies" // the same URL without cookies
	ProbeNoCache   ProbeKind = "no_cache"   // the same URL past the cache
	ProbeRoot      ProbeKind = "root"       // the origin's root
)

// Probe is the answer to a probe.
type Probe struct {
	Kind   ProbeKind `json:"kind"`
	Status int       `json:"status,omitempty"`
	Error  string    `json:"error,omitempty"` // "timeout" | "network"; empty when there is a status
}
