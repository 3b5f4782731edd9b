package samplesite

import (
	"net/http"
	"time"
)

// area is a part of the site behind a sign-in form and a session cookie.
type area struct {
	folder string
	cookie string
	name   string
	inside string // what the home page says
}

var (
	sessionArea = area{folder: "/session", cookie: "staff_session", name: "Team pages",
		inside: "You are signed in to the team pages."}
	roleArea = area{folder: "/role", cookie: "payroll_session", name: "Payroll",
		inside: "You are signed in to payroll, as a reader."}
)

// maxSessions bounds the sessions kept; the oldest ends first.
const maxSessions = 256

type sessionStore struct {
	newToken func() string
	order    []string
	accounts map[string]string // cookie value -> account
}

func newSessionStore(newToken func() string) *sessionStore {
	return &sessionStore{newToken: newToken, accounts: map[string]string{}}
}

func (st *sessionStore) open(account string) string {
	if len(st.order) >= maxSessions {
		delete(st.accounts, st.order[0])
		st.order = st.order[1:]
	}
	id := st.newToken()
	st.order = append(st.order, id)
	st.accounts[id] = account
	return id
}

// sessionOf is the account whose session the request carries in this area.
func (s *Site) sessionOf(r *http.Request, a area) string {
	cookie, err := r.Cookie(a.cookie)
	if err != nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions.accounts[cookie.Value]
}

func (s *Site) routeSession(mux *http.ServeMux, a area) {
	mux.HandleFunc("GET "+a.folder+"/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, a.folder+"/login", http.StatusSeeOther)
	})
	mux.HandleFunc("GET "+a.folder+"/login", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Sign in", Heading: "Sign in to " + a.name, SignIn: a.folder + "/login"})
	})
	mux.HandleFunc("POST "+a.folder+"/login", func(w http.ResponseWriter, r *http.Request) { s.login(w, r, a) })
	mux.HandleFunc("GET "+a.folder+"/home", s.needSession(a, func(w http.ResponseWriter, r *http.Request) {
		p := page{Title: a.name, Heading: a.name, Lines: []string{a.inside}}
		switch a {
		case sessionArea:
			p.Links = []link{{"/session/page", "The page to open"}}
			p.Expire = "/session/expire"
		case roleArea:
			p.Links = []link{{"/role/admin", "Change salaries"}}
		}
		s.render(w, r, p)
	}))
	switch a {
	case sessionArea:
		mux.HandleFunc("GET /session/page", s.needSession(a, func(w http.ResponseWriter, r *http.Request) {
			s.render(w, r, page{Title: "Team news", Heading: "Team news", Lines: []string{
				"This is the very page: it opens only while you are signed in."}})
		}))
		mux.HandleFunc("POST /session/expire", func(w http.ResponseWriter, r *http.Request) {
			s.ExpireSessions()
			http.Redirect(w, r, "/session/page", http.StatusSeeOther)
		})
	case roleArea:
		mux.HandleFunc("GET /role/admin", s.needSession(a, func(w http.ResponseWriter, r *http.Request) {
			refuse(w, http.StatusForbidden, "nginx", roleRefused)
		}))
	}
}

// needSession answers like a site whose session is gone: 401, no challenge,
// and a page that says no more than it knows.
func (s *Site) needSession(a area, inside http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if s.sessionOf(r, a) == "" {
			refuse(w, http.StatusUnauthorized, "nginx", sessionRefused(a))
			return
		}
		inside(w, r)
	}
}

func (s *Site) login(w http.ResponseWriter, r *http.Request, a area) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form could not be read", http.StatusBadRequest)
		return
	}
	name := r.PostForm.Get("account")
	if !s.knows(name, r.PostForm.Get("password")) {
		s.render(w, r, page{Title: "Sign in", Heading: "Sign in to " + a.name, SignIn: a.folder + "/login",
			Lines: []string{"That name or password was not accepted."}})
		return
	}
	s.mu.Lock()
	id := s.sessions.open(name)
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: a.cookie, Value: id, Path: a.folder, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, a.folder+"/home", http.StatusSeeOther)
}

// routeStale is a site that chokes on a cookie of its own earlier version.
func (s *Site) routeStale(mux *http.ServeMux) {
	mux.HandleFunc("GET /stale/visit", func(w http.ResponseWriter, r *http.Request) {
		month := s.cfg.Now().Add(30 * 24 * time.Hour)
		for _, c := range []*http.Cookie{
			{Name: "legacy_prefs", Value: "v1", Path: "/", Expires: month},
			{Name: "theme", Value: "calm", Path: "/", Expires: month, SameSite: http.SameSiteLaxMode},
			{Name: "stale_cart", Value: "3", Path: "/stale", HttpOnly: true, SameSite: http.SameSiteStrictMode},
		} {
			http.SetCookie(w, c)
		}
		s.render(w, r, page{Title: "Shop", Heading: "Three cookies were set", Lines: []string{
			"One of them, legacy_prefs, is of a form that the shop no longer understands."},
			Links: []link{{"/stale/page", "Open the shop"}}})
	})
	mux.HandleFunc("GET /stale/page", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if c, err := r.Cookie("legacy_prefs"); err == nil && c.Value == "v1" {
			refuse(w, http.StatusForbidden, "nginx", nginxPage("403 Forbidden"))
			return
		}
		s.render(w, r, page{Title: "Shop", Heading: "The shop is open", Lines: []string{
			"This page opens as long as the old cookie is not sent."}})
	})
}

// refuse sends a page of another system; server may be empty.
func refuse(w http.ResponseWriter, status int, server, body string) {
	if server != "" {
		w.Header().Set("Server", server)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}
