package samplesite

import (
	"net/http"
	"slices"
	"time"
)

// deskLife is how long a session of the desk lives when nothing is asked.
const deskLife = 30 * time.Minute

const deskCookie = "desk_session"

// desk is an application of an office: two accounts with rights, sessions that
// end when nobody works, and pages that each want something else.
type desk struct {
	people   map[string]*person
	sessions map[string]*deskSession // by cookie value
	order    []string                // of sessions, the oldest first
	ended    string                  // what the sign-in page says of sessions that were ended, see EndSessions
}

type deskSession struct {
	account   string
	seen      time.Time
	confirmed bool   // by a second factor
	form      string // the token of its forms
}

func newDesk(account string) *desk {
	return &desk{people: newPeople(account), sessions: map[string]*deskSession{}}
}

// EndSessions ends every session of the desk, and says why to those who come
// back with one; without a reason the desk says no more than that nobody is
// signed in.
func (s *Site) EndSessions(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.desk.sessions, s.desk.order, s.desk.ended = map[string]*deskSession{}, nil, reason
}

func (s *Site) routeDesk(mux *http.ServeMux) {
	mux.HandleFunc("GET /desk/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Desk", Heading: "Sign in to the desk", SignIn: "/desk/login"})
	})
	mux.HandleFunc("POST /desk/login", s.deskLogin)
	mux.HandleFunc("POST /desk/password", s.deskPassword)
	inside := func(heading string, lines ...string) func(http.ResponseWriter, *http.Request, *deskSession) {
		return func(w http.ResponseWriter, r *http.Request, _ *deskSession) {
			s.render(w, r, page{Title: heading, Heading: heading, Lines: lines})
		}
	}
	mux.HandleFunc("GET /desk/plan", s.atDesk(inside("The plan of this week")))
	mux.HandleFunc("GET /desk/salaries", s.atDesk(s.wants(RightPayroll,
		"You do not have permission to view this page. The role Payroll editor is needed.", inside("Salaries"))))
	mux.HandleFunc("GET /desk/reports", s.atDesk(s.wants(RightReports,
		"Reports are not included in your plan. A licence for Reports is needed.", inside("Reports"))))
	// https://support.google.com/drive/answer/6309089
	mux.HandleFunc("GET /desk/letters/{owner}", s.atDesk(s.wantsOwner(plainPage("You need access", "You need access",
		"Request access, or switch to an account with permission."), inside("Letters"))))
	mux.HandleFunc("GET /desk/inbox/{owner}", s.atDesk(s.wantsOwner(plainPage("Inbox", "Not your inbox",
		"This inbox belongs to somebody else. Please sign in with a different account to open it."), inside("Inbox"))))
	mux.HandleFunc("GET /desk/board/{owner}", s.atDesk(s.wantsOwner(nginxPage("403 Forbidden"), inside("Board"))))
	mux.HandleFunc("GET /desk/vault", s.atDesk(s.wantsFactor(inside("The vault"))))
	mux.HandleFunc("POST /desk/code", s.atDesk(func(w http.ResponseWriter, r *http.Request, d *deskSession) {
		s.mu.Lock()
		d.confirmed = true
		s.mu.Unlock()
		s.render(w, r, page{Title: "Thank you", Heading: "It was you"})
	}))
	mux.HandleFunc("GET /desk/leave", s.atDesk(s.leaveForm))
	mux.HandleFunc("POST /desk/leave", s.leaveSent)
	// What a page of the desk fetches, as the answers of applications look that
	// have a script in front.
	mux.HandleFunc("GET /desk/news.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if s.deskSessionOf(r) == nil {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":"session_expired","message":"Your session has expired."}`))
			return
		}
		_, _ = w.Write([]byte(`{"news":[]}`))
	})
}

// deskSessionOf is the living session that the request carries, nil for none.
func (s *Site) deskSessionOf(r *http.Request) *deskSession {
	cookie, err := r.Cookie(deskCookie)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.desk.sessions[cookie.Value]
	now := s.cfg.Now()
	if d == nil || now.Sub(d.seen) >= deskLife {
		return nil
	}
	d.seen = now
	return d
}

// atDesk lets in who is signed in. An account with a password that has run out
// gets no further than to a new one.
func (s *Site) atDesk(inside func(http.ResponseWriter, *http.Request, *deskSession)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		d := s.deskSessionOf(r)
		if d == nil {
			refuse(w, http.StatusUnauthorized, "nginx", s.deskClosed(r))
			return
		}
		if s.stale(d.account) {
			refuse(w, http.StatusForbidden, "nginx", plainPage("Password", "One moment",
				"Your password has expired. Set a new password to go on."))
			return
		}
		inside(w, r, d)
	}
}

func (s *Site) stale(account string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.desk.people[account].stale
}

func (s *Site) deskClosed(r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := r.Cookie(deskCookie); err == nil && s.desk.ended != "" {
		return plainPage("Desk", "Desk", s.desk.ended)
	}
	return plainPage("401 Unauthorized", "401 Unauthorized", "This page is for people who work here.")
}

// wants lets in who has a right, and tells everybody else the reason.
func (s *Site) wants(right Right, reason string, inside func(http.ResponseWriter, *http.Request, *deskSession)) func(http.ResponseWriter, *http.Request, *deskSession) {
	return func(w http.ResponseWriter, r *http.Request, d *deskSession) {
		s.mu.Lock()
		may := slices.Contains(s.desk.people[d.account].rights, right)
		s.mu.Unlock()
		if !may {
			refuse(w, http.StatusForbidden, "nginx", plainPage("403 Forbidden", "Not for you", reason))
			return
		}
		inside(w, r, d)
	}
}

// wantsOwner lets in the account that the address names.
func (s *Site) wantsOwner(refused string, inside func(http.ResponseWriter, *http.Request, *deskSession)) func(http.ResponseWriter, *http.Request, *deskSession) {
	return func(w http.ResponseWriter, r *http.Request, d *deskSession) {
		if r.PathValue("owner") != d.account {
			refuse(w, http.StatusForbidden, "nginx", refused)
			return
		}
		inside(w, r, d)
	}
}

// wantsFactor lets in a session that a second factor has confirmed.
func (s *Site) wantsFactor(inside func(http.ResponseWriter, *http.Request, *deskSession)) func(http.ResponseWriter, *http.Request, *deskSession) {
	return func(w http.ResponseWriter, r *http.Request, d *deskSession) {
		s.mu.Lock()
		confirmed := d.confirmed
		s.mu.Unlock()
		if !confirmed {
			refuse(w, http.StatusForbidden, "nginx", plainPage("One more step", "One more step",
				"Multi-factor authentication is required for this page."))
			return
		}
		inside(w, r, d)
	}
}

// deskLogin opens a session, and locks an account after too many wrong tries.
func (s *Site) deskLogin(w http.ResponseWriter, r *http.Request) {
	name := r.PostFormValue("account")
	right := same(r.PostFormValue("password"), s.PasswordOf(name))
	s.mu.Lock()
	p := s.desk.people[name]
	locked := p != nil && p.locked
	switch {
	case p == nil || locked:
	case right:
		p.tries = 0
	default:
		p.tries++
		p.locked = p.tries >= maxTries
		locked = p.locked
	}
	s.mu.Unlock()
	switch {
	case locked:
		refuse(w, http.StatusForbidden, "nginx", plainPage("Desk", "Sign in to the desk",
			"Your account has been locked after too many failed sign-ins."))
	case p == nil || !right:
		refuse(w, http.StatusUnauthorized, "nginx", plainPage("Desk", "Sign in to the desk", "Incorrect username or password."))
	default:
		http.SetCookie(w, &http.Cookie{Name: deskCookie, Value: s.openDesk(name), Path: "/desk", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, "/desk/", http.StatusSeeOther)
	}
}

func (s *Site) openDesk(account string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.desk.order) >= maxSessions {
		delete(s.desk.sessions, s.desk.order[0])
		s.desk.order = s.desk.order[1:]
	}
	id := s.cfg.NewToken()
	s.desk.order = append(s.desk.order, id)
	s.desk.sessions[id] = &deskSession{account: account, seen: s.cfg.Now(), form: s.cfg.NewToken()}
	return id
}

// deskPassword sets a new password for who knows the old one.
func (s *Site) deskPassword(w http.ResponseWriter, r *http.Request) {
	name, fresh := r.PostFormValue("account"), r.PostFormValue("new")
	if fresh == "" || s.PasswordOf(name) == "" || !same(r.PostFormValue("password"), s.PasswordOf(name)) {
		refuse(w, http.StatusUnauthorized, "nginx", plainPage("Desk", "A new password", "Incorrect password."))
		return
	}
	s.change(name, func(p *person) { p.password, p.stale = fresh, false })
	s.render(w, r, page{Title: "Desk", Heading: "Your new password is set"})
}

// leaveForm carries the token of its session, as Django's forms do.
func (s *Site) leaveForm(w http.ResponseWriter, r *http.Request, d *deskSession) {
	s.render(w, r, page{Title: "Leave request", Heading: "Leave request", Form: &form{
		Action: "/desk/leave", Label: "Your request", Button: "Send", Hidden: []hidden{{"csrfmiddlewaretoken", d.form}},
	}})
}

// leaveSent looks at the token first, as that framework does, whoever sends.
func (s *Site) leaveSent(w http.ResponseWriter, r *http.Request) {
	d := s.deskSessionOf(r)
	if d == nil || !same(d.form, r.PostFormValue("csrfmiddlewaretoken")) {
		refuse(w, http.StatusForbidden, "WSGIServer/0.2 CPython/3.12.3", djangoCSRF)
		return
	}
	s.render(w, r, page{Title: "Leave request", Heading: "Your request was sent"})
}
