package samplesite

import (
	"net/http"
	"strings"
)

// routeForms is two refusals that answer a form.
func (s *Site) routeForms(mux *http.ServeMux) {
	// The form carries a token of an earlier visit, as a tab does that was
	// open over night; Django then compares it with the cookie in vain.
	mux.HandleFunc("GET /csrf/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "csrftoken", Value: s.cfg.NewToken(), Path: "/csrf", SameSite: http.SameSiteLaxMode})
		s.render(w, r, page{Title: "Leave request", Heading: "Leave request", Form: &form{
			Action: "/csrf/send", Label: "Your request", Text: "Two weeks in August, please.", Button: "Send",
			Hidden: []hidden{{"csrfmiddlewaretoken", "of-an-earlier-visit"}},
		}})
	})
	mux.HandleFunc("POST /csrf/send", func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("csrftoken")
		if err == nil && same(cookie.Value, r.PostFormValue("csrfmiddlewaretoken")) {
			s.render(w, r, page{Title: "Leave request", Heading: "Your request was sent"})
			return
		}
		refuse(w, http.StatusForbidden, "WSGIServer/0.2 CPython/3.12.3", djangoCSRF)
	})

	// A firewall rule for SQL that an apostrophe in ordinary text sets off.
	mux.HandleFunc("GET /waf-form/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Feedback", Heading: "Feedback", Form: &form{
			Action: "/waf-form/send", Label: "Your words", Text: "It's Anna's turn -- she's next.", Button: "Send",
		}})
	})
	mux.HandleFunc("POST /waf-form/send", func(w http.ResponseWriter, r *http.Request) {
		if !strings.ContainsRune(r.PostFormValue("text"), '\'') {
			s.render(w, r, page{Title: "Feedback", Heading: "Thank you"})
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		refuse(w, http.StatusForbidden, "", f5Rejected)
	})
}
