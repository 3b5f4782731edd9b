// Package samplesite is a local web site with one page for each way of being
// refused: the stage of "readmit demo" and the fixture of the browser tests.
//
// It promises responses that speak like the systems people meet (status,
// header fields, markers), real verification of Basic (RFC 7617) and Digest
// (RFC 7616), exact counts of what was sent to it, and that everything it
// keeps is bounded and belongs to one Site: two sites share nothing. Nothing
// is fetched from elsewhere.
//
// Limits: it protects nothing. It answers only under loopback names, its
// account is printed on its start page, and sessions live in memory.
//
// Beside the pages of Cases there are areas that take several steps: a desk of
// two accounts, a company's sign-in, a bank, links and tokens that run out,
// and gates before a host. Tests steer them by methods such as Grant and Shut.
package samplesite

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config is what can be chosen. The zero value is a working site.
type Config struct {
	Account     string           // who may sign in everywhere; "anna" when empty
	Password    string           // "correct horse" when empty; SetPassword changes it
	OtherOrigin string           // where the embedding page takes its picture from; other.localhost with the port of the request when empty
	SlowFor     time.Duration    // how long /slow/ thinks about a password; 3 s when zero
	NonceLife   time.Duration    // age at which a Digest nonce turns stale; 5 minutes when zero
	Now         func() time.Time // time.Now when nil
	NewToken    func() string    // unguessable text; rand.Text when nil
}

// Site is one sample site. Its methods may be called at any time from any
// goroutine.
type Site struct {
	cfg     Config
	handler http.Handler
	counts  *counter
	digest  *digestSpace

	mu       sync.Mutex
	password string
	sessions *sessionStore
	desk     *desk
	shelf    *shelf
	gates    []Gate
	company  string    // the cookie of the company's sign-in
	bank     string    // the cookie of the bank's one session
	bankSeen time.Time // when that was last used
}

// New returns a site in its first state.
func New(cfg Config) *Site {
	if cfg.Account == "" {
		cfg.Account = "anna"
	}
	if cfg.Password == "" {
		cfg.Password = "correct horse"
	}
	if cfg.SlowFor == 0 {
		cfg.SlowFor = 3 * time.Second
	}
	if cfg.NonceLife == 0 {
		cfg.NonceLife = 5 * time.Minute
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NewToken == nil {
		cfg.NewToken = rand.Text
	}
	s := &Site{cfg: cfg, counts: newCounter()}
	s.digest = newDigestSpace(cfg)
	s.Reset()
	s.handler = s.counts.watch(loopbackOnly(s.gated(s.routes())))
	return s
}

// Handler serves the site. It answers 421 under any name but localhost, its
// subdomains and the loopback addresses, so that no foreign name can be
// pointed at it.
func (s *Site) Handler() http.Handler { return s.handler }

// Reset brings back the first state: the configured password, all rights, no
// sessions, no gates, no counts.
func (s *Site) Reset() {
	s.mu.Lock()
	s.password = s.cfg.Password
	s.sessions = newSessionStore(s.cfg.NewToken)
	s.desk, s.shelf, s.gates = newDesk(s.cfg.Account), newShelf(s.cfg.NewToken()), nil
	s.company, s.bank, s.bankSeen = s.cfg.NewToken(), "", time.Time{}
	s.mu.Unlock()
	s.counts.reset()
}

// SetPassword changes the account's password everywhere on the site.
func (s *Site) SetPassword(password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.password = password
}

// ExpireSessions forgets every session, as a server does after a while: the
// browser still holds and sends its cookie.
func (s *Site) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = newSessionStore(s.cfg.NewToken)
}

// Account is the account that may sign in, and the password it has now.
func (s *Site) Account() (name, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Account, s.password
}

// knows reports whether this is the account and its password.
func (s *Site) knows(name, password string) bool {
	wantName, wantPassword := s.Account()
	return same(name, wantName) && same(password, wantPassword)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// maxForm bounds what a sign-in form may send.
const maxForm = 16 << 10

func (s *Site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.start)
	mux.HandleFunc("GET /sample.css", serveText("text/css; charset=utf-8", styleSheet))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s.routeBasic(mux)
	s.routeDigest(mux)
	s.routeSession(mux, sessionArea)
	s.routeSession(mux, roleArea)
	s.routeStale(mux)
	s.routeToken(mux)
	s.routeForms(mux)
	s.routeFixed(mux)
	s.routeDesk(mux)
	s.routeCompany(mux)
	s.routeShelf(mux)
	s.routeBank(mux)
	s.routeWalk(mux)
	return mux
}

// loopbackOnly answers for loopback names alone.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackName(r.Host) {
			http.Error(w, "this site answers on localhost only", http.StatusMisdirectedRequest)
			return
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		next.ServeHTTP(w, r)
	})
}

func loopbackName(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	host = strings.ToLower(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func serveText(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(text))
	}
}
