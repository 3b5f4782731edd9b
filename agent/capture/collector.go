package capture

import (
	"hash/maphash"
	"net/url"
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
	heldBytes   = 4 << 20 // of refusals that wait for what comes later
	perRefusal  = 2 << 10 // beside its texts
	longAddress = 2 << 10 // a redirect to a longer one is not followed
)

// collector joins the exchanges of one capture.
type collector struct {
	each    func(Refused) error
	failed  error // what each returned
	summary Summary
	last    string

	prefixes map[string]*origin // by scheme and authority as written
	origins  map[string]*origin
	pages    map[uint64]*page // those that refused, by the hash of method and address
	seed     maphash.Seed
	chains   map[string][]refusal.Hop // redirects that lead to an address
	signIns  int                      // how often a sign-in page was used

	held  []*held
	bytes int
}

// origin is what was seen of one origin.
type origin struct {
	lastSuccess   time.Time
	cookies, auth bool // were sent in some request
}

// page is what was seen of an address that refused.
type page struct {
	refusals int
	waiting  *held // its last refusal, as long as it is held
}

// held is a refusal that waits for what comes later.
type held struct {
	Refused
	origin     *origin
	page       *page
	signIns    int
	hasRequest bool // the request's own fields were there
	credential bool // an Authorization was sent
	size       int
}

func newCollector(each func(Refused) error) *collector {
	return &collector{
		each: each, last: "the beginning", seed: maphash.MakeSeed(),
		prefixes: map[string]*origin{}, origins: map[string]*origin{}, pages: map[uint64]*page{}, chains: map[string][]refusal.Hop{},
	}
}

// add takes the next exchange.
func (c *collector) add(x *exchange) error {
	c.summary.Exchanges++
	if x.status == 407 {
		c.summary.ProxyAsked++
	}
	c.last = x.source
	x.normalize()
	o := c.origin(x.url)
	if x.sentCookies() || x.response.get("set-cookie") != "" {
		o.cookies = true
	}
	if x.authorization() != "" {
		o.auth = true
	}
	hops := c.arrive(x)
	signIn := refusal.OnSignInPath(x.url)
	if signIn {
		c.signIns++
	}
	switch {
	case x.refused():
		return c.refuse(x, o, hops)
	case x.opened():
		c.answer(x)
		if !signIn && x.tells() && x.time.After(o.lastSuccess) {
			o.lastSuccess = x.time
		}
	}
	return nil
}

// answer tells a refusal of the same address that it opened later.
func (c *collector) answer(x *exchange) {
	if len(c.pages) == 0 || unknown(x.url) {
		return
	}
	p := c.pages[c.key(x)]
	if p == nil || p.waiting == nil || !x.time.IsZero() && x.time.Before(p.waiting.Refusal.Time) {
		return
	}
	h := p.waiting
	p.waiting = nil
	h.Story.Later = LaterOpened
	if x.authorization() != "" && !h.credential || c.signIns > h.signIns {
		h.Story.Later = LaterSignedIn
	}
}

func (c *collector) refuse(x *exchange, o *origin, hops []refusal.Hop) error {
	r, err := x.refusal(hops)
	if err != nil && elsewhere(x.url) {
		return nil // no server answered
	}
	if err != nil {
		// An address that makes no sense tells no more than none.
		x.url = refusal.UnknownURL
		r, err = x.refusal(hops)
	}
	if err != nil {
		c.summary.Unread++
		return nil
	}
	c.summary.Refusals++
	p := c.page(x)
	if p.waiting != nil {
		p.waiting.Story.Later = LaterRefused
	}
	h := &held{
		Refused: Refused{Source: x.source, Refusal: r}, origin: o, page: p, signIns: c.signIns,
		hasRequest: x.showsRequest() && x.cached != refusal.KnownYes, credential: x.authorization() != "",
	}
	h.Story.Refusals = p.refusals
	if x.time.IsZero() || !o.lastSuccess.After(x.time) { // entries may overlap
		h.Story.LastSuccess = o.lastSuccess
	}
	p.refusals++
	p.waiting = h
	c.hold(h)
	return c.flush(heldBytes)
}

// elsewhere says whether an address is none of the web, such as data: or that
// of an extension.
func elsewhere(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https"
}

func (c *collector) hold(h *held) {
	r := &h.Refusal
	h.size = perRefusal + len(r.Body) + len(r.URL)
	for _, f := range r.ResponseHeaders {
		h.size += len(f.Name) + len(f.Value)
	}
	for _, hop := range r.Redirects {
		h.size += len(hop.URL)
	}
	for _, cookie := range r.Cookies {
		h.size += perRefusal/16 + len(cookie.Name) + len(cookie.Path)
	}
	c.held = append(c.held, h)
	c.bytes += h.size
}

// flush hands on what was held longest, until no more than max bytes are held.
func (c *collector) flush(max int) error {
	for c.failed == nil && len(c.held) > 0 && c.bytes > max {
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
		c.failed = c.each(h.Refused)
	}
	return c.failed
}

// arrive returns the redirects that led to an exchange, and remembers where it
// leads itself.
func (c *collector) arrive(x *exchange) []refusal.Hop {
	var hops []refusal.Hop
	if len(c.chains) > 0 {
		key := x.method + " " + canonical(x.url)
		hops = c.chains[key]
		delete(c.chains, key)
	}
	to := x.target()
	if to == "" || len(to) > longAddress || len(x.url) > longAddress || len(hops) >= refusal.MaxHops {
		return hops
	}
	if len(c.chains) >= maxChains {
		clear(c.chains) // nobody followed them
	}
	method := x.method
	if x.status != 307 && x.status != 308 {
		method = "GET" // RFC 9110 15.4
	}
	c.chains[method+" "+to] = append(hops[:len(hops):len(hops)], refusal.Hop{URL: x.url, Status: x.status})
	return hops
}

func (c *collector) origin(address string) *origin {
	prefix := authorityOf(address)
	if unknown(address) {
		return &origin{}
	}
	if o := c.prefixes[prefix]; o != nil {
		return o
	}
	key := refusal.Origin(prefix)
	o := c.origins[key]
	if o == nil {
		o = &origin{}
		if key != "" && len(c.origins) < maxOrigins {
			c.origins[key] = o
		}
	}
	if key != "" && len(prefix) <= longAddress/8 && len(c.prefixes) < maxOrigins {
		c.prefixes[strings.Clone(prefix)] = o
	}
	return o
}

// unknown says whether an address is none: two of them are not the same.
func unknown(address string) bool { return strings.HasPrefix(address, refusal.UnknownURL) }

func (c *collector) page(x *exchange) *page {
	key := c.key(x)
	p := c.pages[key]
	if p == nil {
		p = &page{}
		if len(c.pages) < maxPages && !unknown(x.url) {
			c.pages[key] = p
		}
	}
	return p
}

func (c *collector) key(x *exchange) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	_, _ = h.WriteString(x.method)
	_ = h.WriteByte(' ')
	_, _ = h.WriteString(x.url)
	return h.Sum64()
}
