package samplesite

import (
	"net/http"
	"time"
)

// bankLife is short, as at banks.
const bankLife = 5 * time.Minute

// The bank keeps one customer: when the one session was last used.
func (s *Site) routeBank(mux *http.ServeMux) {
	mux.HandleFunc("GET /bank/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Bank", Heading: "Your bank", SignIn: "/bank/login"})
	})
	mux.HandleFunc("POST /bank/login", func(w http.ResponseWriter, r *http.Request) {
		if !s.knows(r.PostFormValue("account"), r.PostFormValue("password")) {
			refuse(w, http.StatusUnauthorized, "", plainPage("Bank", "Your bank", "Incorrect username or password."))
			return
		}
		id := s.cfg.NewToken()
		s.mu.Lock()
		s.bank, s.bankSeen = id, s.cfg.Now()
		s.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: "bank_session", Value: id, Path: "/bank", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		http.Redirect(w, r, "/bank/", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /bank/account", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		cookie, err := r.Cookie("bank_session")
		s.mu.Lock()
		open := err == nil && s.bank != "" && same(cookie.Value, s.bank) && s.cfg.Now().Sub(s.bankSeen) < bankLife
		if open {
			s.bankSeen = s.cfg.Now()
		}
		s.mu.Unlock()
		if !open {
			refuse(w, http.StatusForbidden, "", plainPage("Bank", "Goodbye", "For your protection you have been logged out after five minutes."))
			return
		}
		s.render(w, r, page{Title: "Bank", Heading: "Your account"})
	})
}
