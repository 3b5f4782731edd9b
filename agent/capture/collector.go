package capture

import (
	"strings"
	"time"

	"github.com/readmit/readmit/agent/refusal"
)

// Bounds of what is remembered of a capture. Beyond them refusals are still
// found; they only know less of what came before and after.
const (
	maxOrigins  = 2048
	maxPages    = 8192
	maxChains   = 256
	heldBytes   = 6 << 20 // of refusals that wait for what comes later
	perRefusal  = 2 << 10 // beside its texts
	longAddress = 2 << 10 // addresses beyond are not remembered
)

// collector joins the exchanges of one capture.
type collector struct {
	each    func(Refused) error
	summary Summary
	last    string

	origins map[string]*origin
	pages   map[string]*page
	chains  map[string][]refusal.Hop // redirects that lead to an address

	held  []*held
	bytes int
}

// origin is what was seen of one origin.
type origin struct {
	lastSuccess   time.Time
	signedIn      int  // how often a sign-in page was used
	cookies, auth bool // were sent in some request
}

// page is what was seen of one address.
type page struct {
	refusals int
	waiting  *held // its last refusal, as long as it is held
}

// held is a refusal that waits for what comes later.
type held struct {
	Refused
	origin     *origin
	page       *page
	signedIn   int
	hasRequest bool // the request's own fields were there
	size       int
}

func newCollector(each func(Refused) error) *collector {
	return &collector{
		each: each, last: "the beginning",
		origins: map[string]*origin{}, pages: map[string]*page{}, chains: map[string][]refusal.Hop{},
	}
}

// add takes the next exchange.
func (c *collector) add(x *exchange) error {
	c.summary.Exchanges++
	c.last = x.source
	o := c.origin(x.url)
	if x.sentCookies() || x.response.get("set-cookie") != "" {
		o.cookies = true
	}
	if x.authorization() != "" {
		o.auth = true
	}
	key := x.method + " " + x.url
	hops := c.chains[key]
	delete(c.chains, key)
	c.follow(x, hops)
	if onSignInPath(x.url) {
		o.signedIn++
	}
	p := c.page(key)
	switch {
	case x.refused():
		return c.refuse(x, o, p, hops)
	case x.status >= 200 && x.status < 400:
		if h := p.waiting; h != nil && x.status != 304 {
			h.Story.Later = LaterOpened
			if x.authorization() != "" && h.Refusal.Request.Authorization == "" || o.signedIn > h.signedIn {
				h.Story.Later = LaterSignedIn
			}
			p.waiting = nil
		}
		if !onSignInPath(x.url) && !onSignInPath(x.target()) {
			o.lastSuccess = x.time
		}
	}
	return nil
}

func (c *collector) refuse(x *exchange, o *origin, p *page, hops []refusal.Hop) error {
	r, err := x.refusal(hops)
	if err != nil {
		return nil // an address that no browser opens, such as a data URL
	}
	c.summary.Refusals++
	if p.waiting != nil {
		p.waiting.Story.Later = LaterRefused
	}
	h := &held{Refused: Refused{Source: x.source, Refusal: r}, origin: o, page: p, signedIn: o.signedIn, hasRequest: len(x.request) > 0}
	h.Story.LastSuccess, h.Story.Refusals = o.lastSuccess, p.refusals
	p.refusals++
	p.waiting = h
	c.hold(h)
	return c.flush(heldBytes)
}

func (c *collector) hold(h *held) {
	h.size = perRefusal + len(h.Refusal.Body) + len(h.Refusal.URL)
	for _, f := range h.Refusal.ResponseHeaders {
		h.size += len(f.Name) + len(f.Value)
	}
	c.held = append(c.held, h)
	c.bytes += h.size
}

// flush hands on what was held longest, until no more than max bytes are held.
func (c *collector) flush(max int) error {
	for len(c.held) > 0 && c.bytes > max {
		h := c.held[0]
		c.held[0] = nil
		c.held = c.held[1:]
		c.bytes -= h.size
		if h.page.waiting == h {
			h.page.waiting = nil
		}
		if h.hasRequest {
			if h.origin.cookies && h.Refusal.Request.Cookies == "" {
				h.Refusal.Request.Cookies = refusal.KnownNo
			}
			if h.origin.auth && h.Refusal.Request.Authorization == "" {
				h.Refusal.Request.Authorization = "none"
			}
		}
		if err := c.each(h.Refused); err != nil {
			return err
		}
	}
	return nil
}

// follow remembers where a redirect leads.
func (c *collector) follow(x *exchange, hops []refusal.Hop) {
	to := x.target()
	if to == "" || len(to) > longAddress || len(c.chains) >= maxChains || len(hops) >= refusal.MaxHops {
		return
	}
	method := x.method
	if x.status != 307 && x.status != 308 {
		method = "GET" // RFC 9110 15.4
	}
	c.chains[method+" "+to] = append(hops[:len(hops):len(hops)], refusal.Hop{URL: x.url, Status: x.status})
}

func (c *collector) origin(address string) *origin {
	key := refusal.Origin(address)
	o := c.origins[key]
	if o == nil {
		o = &origin{}
		if key != "" && len(c.origins) < maxOrigins {
			c.origins[key] = o
		}
	}
	return o
}

func (c *collector) page(key string) *page {
	p := c.pages[key]
	if p == nil {
		p = &page{}
		if len(key) <= longAddress && len(c.pages) < maxPages {
			c.pages[key] = p
		}
	}
	return p
}

// signInWords stand in the paths of sign-in pages.
var signInWords = []string{"login", "logon", "signin", "sign-in", "sso", "saml", "oauth", "oidc", "adfs"}

func onSignInPath(address string) bool {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return false
	}
	_, path, _ := strings.Cut(rest, "/")
	path, _, _ = strings.Cut(path, "?")
	path = strings.ToLower(path)
	for _, w := range signInWords {
		if strings.Contains(path, w) {
			return true
		}
	}
	return false
}
