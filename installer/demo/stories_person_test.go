package demo

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/samplesite"
)

// person sits at a browser with the extension. The visitor fetches and keeps
// cookies; what a browser does besides stands here: it remembers how it came
// to a page, what it may keep, and shows readmit's popup.
type person struct {
	t     *testing.T
	h     *host
	v     *visitor
	site  *samplesite.Site
	clock *siteClock
	host  string // the name of the site that the story is about

	clockOff time.Duration // how far this computer's clock is ahead
	private  bool          // the window is a private one
	parents  []string      // cookies that are of the parent domain
	link     string        // an address that somebody was given
	token    string        // what an open page holds to send with a form or in the background

	hops []refusal.Hop     // how the last page was come upon
	last *http.Request     // the last of them
	kept map[string]answer // refusals that the browser may show again, by address
	asks asked             // what was refused last
	told bool              // readmit has explained something
	now  rpc.ViewResult    // what readmit says
}

func newPerson(t *testing.T, site *samplesite.Running, h *host, clock *siteClock, name string) *person {
	t.Helper()
	at, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	port := ":" + at.Port()
	v, err := newVisitor(&samplesite.Running{URL: "http://" + name + port, Other: "http://elsewhere.localhost" + port})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.close)
	p := &person{t: t, h: h, v: v, site: site.Site, clock: clock, host: name, kept: map[string]answer{}}
	// Browsers take every name under localhost to this computer (RFC 6761 6.3).
	v.http.Transport = &http.Transport{MaxIdleConnsPerHost: 1, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, at.Host)
	}}
	v.http.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return errors.New("too many redirects")
		}
		p.hops = append(p.hops, refusal.Hop{URL: via[len(via)-1].URL.String(), Status: next.Response.StatusCode})
		p.last = next
		return nil
	}
	return p
}

func (p *person) view() explain.View { return p.now.View }

// asked is one thing that a person's browser asks for.
type asked struct {
	path string
	// kind is webRequest's type of the request; a page when empty.
	kind string
	// form is what is sent with POST, made anew each time.
	form func(*person) url.Values
	// bearer is the token that the page's own script sends.
	bearer func(*person) string
	// byLink asks for the link that the person was given.
	byLink bool
	// from is the host whose page embeds what is asked for; the site itself
	// when empty.
	from string
	// empty says that the page stays without content.
	empty          bool
	name, password string // what readmit itself answers a challenge with
	bypass         bool   // past the browser's cache
}

// fetch asks as a browser does: what it may keep comes from its cache.
func (p *person) fetch(a asked) (got answer, cached bool) {
	p.t.Helper()
	send := samplesite.Send{Path: a.path, Name: a.name, Password: a.password}
	if a.byLink {
		send.Path = p.link
	}
	if a.form != nil {
		send.Method, send.Form = http.MethodPost, a.form(p)
	}
	if a.bearer != nil {
		send.Bearer = a.bearer(p)
	}
	if old, known := p.kept[send.Path]; known && !a.bypass {
		return old, true
	}
	p.hops, p.last = nil, nil
	got, err := p.v.fetch(p.t.Context(), p.v.site, send, false)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.last != nil {
		got.request = p.last
	}
	delete(p.kept, send.Path)
	if got.status >= 400 && strings.Contains(got.header.Get("Cache-Control"), "max-age=3600") {
		p.kept[send.Path] = got
	}
	return got, false
}

// meets is a refusal that the extension reports: first what webRequest shows,
// then the page's text, then what the popup's questions find out.
func (p *person) meets(a asked) {
	p.t.Helper()
	got, cached := p.fetch(a)
	if got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
		p.t.Fatalf("%s answered %d, want a refusal", a.path, got.status)
	}
	p.asks = a
	kind := a.kind
	if kind == "" {
		kind = mainFrame
	}
	params := p.v.report(got, kind)
	r := &params.Refusal
	r.Time = r.Time.Add(p.clockOff)
	for name := range got.request.URL.Query() {
		r.QueryKeys = append(r.QueryKeys, name)
	}
	r.URL, _, _ = strings.Cut(r.URL, "?")
	r.Redirects, r.Request.Private = p.hops, p.private
	if cached {
		r.Request.FromCache = refusal.KnownYes
	}
	if a.from != "" {
		r.Request.InitiatorOrigin = "http://" + a.from
		params.TopOrigin = r.Request.InitiatorOrigin
	}
	for i, c := range r.Cookies {
		if slices.Contains(p.parents, c.Name) {
			_, r.Cookies[i].Domain, _ = strings.Cut(p.host, ".")
			r.Cookies[i].HostOnly = false
		}
	}
	p.tell(rpc.MethodRefusalReport, params)
	if kind == mainFrame {
		if page := got.page(p.now.IncidentID); page != nil {
			p.tell(rpc.MethodRefusalAmend, *page)
		}
		p.looks(got)
	}
	if a.empty {
		p.tell(rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: p.now.IncidentID, EmptyPage: refusal.KnownYes})
	}
	p.told = true
}

// looks opens the popup: the questions that the agent grants are put to the
// site, all without cookies.
func (p *person) looks(got answer) {
	p.t.Helper()
	p.tell(rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: p.now.IncidentID, AskProbes: true})
	var probes []refusal.Probe
	for _, kind := range p.now.Probes {
		path := got.request.URL.RequestURI()
		if kind == refusal.ProbeRoot {
			path = "/"
		}
		found, err := p.v.fetch(p.t.Context(), p.v.site, samplesite.Send{Path: path}, true)
		if err != nil {
			p.t.Fatal(err)
		}
		probes = append(probes, refusal.Probe{Kind: kind, Status: found.status})
	}
	if probes != nil {
		p.tell(rpc.MethodRefusalAmend, rpc.AmendParams{IncidentID: p.now.IncidentID, Probes: probes})
	}
}

// tell asks something that readmit answers with its view of the refusal.
func (p *person) tell(method string, params any) {
	p.t.Helper()
	// Fields that an answer leaves out must not keep what the last one said.
	p.now = rpc.ViewResult{}
	p.ask(method, params, &p.now)
}

func (p *person) ask(method string, params, result any) {
	p.t.Helper()
	if err := p.h.call(p.t.Context(), method, params, result); err != nil {
		p.t.Fatal(err)
	}
}

// newCookies is a browser without any cookie.
func (p *person) newCookies() {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.v.http.Jar = jar
}

// clears removes the cookies that go to a page, one by one. Those of a parent
// domain stay where readmit does it: they sign other sites in too.
func (p *person) clears(path string, parents bool) {
	p.t.Helper()
	at, err := url.Parse(p.v.site + path)
	if err != nil {
		p.t.Fatal(err)
	}
	folder, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	_, parent, _ := strings.Cut(p.host, ".")
	var gone []*http.Cookie
	for _, c := range p.v.http.Jar.Cookies(at) {
		gone = append(gone, &http.Cookie{Name: c.Name, Path: "/", MaxAge: -1}, &http.Cookie{Name: c.Name, Path: "/" + folder, MaxAge: -1})
		if parents {
			gone = append(gone, &http.Cookie{Name: c.Name, Path: "/", Domain: parent, MaxAge: -1})
		}
	}
	p.v.http.Jar.SetCookies(at, gone)
	for _, left := range p.v.http.Jar.Cookies(at) {
		if parents || !slices.Contains(p.parents, left.Name) {
			p.t.Fatalf("%s is left", left.Name)
		}
	}
}

// shutJar is a browser that keeps no cookies.
type shutJar struct{}

func (shutJar) SetCookies(*url.URL, []*http.Cookie) {}
func (shutJar) Cookies(*url.URL) []*http.Cookie     { return nil }
