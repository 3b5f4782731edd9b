package samplesite

import "net/http"

// The company's sign-in stands before the firm's application, which keeps a
// session of its own: either may end without the other.
const (
	companyCookie = "_oauth2_proxy"
	firmCookie    = "firm_app"
)

// EndCompanySignIn ends the sign-in at the company; the application's own
// session lives on.
func (s *Site) EndCompanySignIn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.company = s.cfg.NewToken()
}

func (s *Site) routeCompany(mux *http.ServeMux) {
	mux.HandleFunc("GET /firm/start", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		value := s.company
		s.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: companyCookie, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, "/firm/home", http.StatusFound)
	})
	mux.HandleFunc("GET /firm/{page}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache, no-store, must-revalidate, max-age=0")
		s.mu.Lock()
		value := s.company
		s.mu.Unlock()
		if c, err := r.Cookie(companyCookie); err != nil || !same(c.Value, value) {
			refuse(w, http.StatusForbidden, "", oauth2Proxy)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: firmCookie, Value: "of-this-visit", Path: "/firm", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		s.render(w, r, page{Title: "Projects", Heading: "Projects"})
	})

	// A site that sends whoever has no cookie of its to its sign-in, and back.
	mux.HandleFunc("GET /loop/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Library", Heading: "Library"})
	})
	mux.HandleFunc("GET /loop/page", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("library_card"); err == nil {
			s.render(w, r, page{Title: "Library", Heading: "Your books"})
			return
		}
		if r.URL.Query().Get("back") == "" {
			http.Redirect(w, r, "/loop/sso/login", http.StatusFound)
			return
		}
		refuse(w, http.StatusUnauthorized, "nginx", plainPage("401 Unauthorized", "401 Unauthorized", "Nobody is here."))
	})
	mux.HandleFunc("GET /loop/sso/login", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "library_card", Value: s.cfg.NewToken(), Path: "/loop", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, "/loop/page?back=1", http.StatusFound)
	})
}
