package samplesite

import (
	"encoding/json"
	"net/http"
)

// ControlHandler steers the site for tests:
//
//	GET  /counts                  Counts as JSON
//	POST /password?new=<password> changes the account's password
//	POST /expire-sessions         ends every session
//	POST /expire-nonces           makes answers to earlier Digest challenges stale
//	POST /reset                   back to the first state
//
// It belongs on a listener of its own. A request that carries an Origin comes
// from a web page and is refused: no page may steer the site.
func (s *Site) ControlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /counts", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.Counts())
	})
	act := func(do func()) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			do()
			w.WriteHeader(http.StatusNoContent)
		}
	}
	mux.HandleFunc("POST /expire-sessions", act(s.ExpireSessions))
	mux.HandleFunc("POST /expire-nonces", act(s.ExpireNonces))
	mux.HandleFunc("POST /reset", act(s.Reset))
	mux.HandleFunc("POST /password", func(w http.ResponseWriter, r *http.Request) {
		password := r.URL.Query().Get("new")
		if password == "" || len(password) > 1024 {
			http.Error(w, "new must be 1 to 1024 bytes", http.StatusBadRequest)
			return
		}
		s.SetPassword(password)
		w.WriteHeader(http.StatusNoContent)
	})
	return loopbackOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" {
			http.Error(w, "web pages are not answered", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	}))
}
