package samplesite

import (
	"net/http"
	"strconv"
)

// routeWalk is what a person meets on the way back in, beside the refusals of
// Cases: a sign-in that leads nowhere, answers that are no refusal, a page that
// is down for a moment, a page whose parts are refused.
func (s *Site) routeWalk(mux *http.ServeMux) {
	loop := area{folder: "/circle", cookie: "circle_session", name: "Reading room"}
	refused := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Link", `</circle/login>; rel="authenticate"`)
		refuse(w, http.StatusUnauthorized, "nginx", sessionRefused(loop))
	}
	mux.HandleFunc("GET /circle/page", refused)
	mux.HandleFunc("GET /circle/other", refused)
	mux.HandleFunc("GET /circle/login", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Sign in", Heading: "Sign in to " + loop.name, SignIn: "/circle/login"})
	})
	mux.HandleFunc("POST /circle/login", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/circle/home", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /circle/home", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: loop.name, Heading: loop.name, Lines: []string{"Welcome. Nothing of this sign-in is kept."},
			Links: []link{{"/circle/page", "The page to open"}}})
	})

	mux.HandleFunc("GET /status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, err := strconv.Atoi(r.PathValue("code"))
		if err != nil || code < 200 || code > 599 {
			http.NotFound(w, r)
			return
		}
		if after := r.URL.Query().Get("retry-after"); after != "" {
			w.Header().Set("Retry-After", after)
		}
		refuse(w, code, "nginx", nginxPage(strconv.Itoa(code)+" "+http.StatusText(code)))
	})

	// Down for the first two requests since the counts were reset.
	mux.HandleFunc("GET /down/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if s.Counts().Paths["/down/"].Requests < 2 {
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusServiceUnavailable, "nginx", nginxPage("503 Service Temporarily Unavailable"))
			return
		}
		s.render(w, r, page{Title: "Timetable", Heading: "Timetable", Lines: []string{"The timetable is back."}})
	})

	mux.HandleFunc("GET /parts/{$}", func(w http.ResponseWriter, r *http.Request) {
		p := page{Title: "Photos", Heading: "Photos", Links: []link{{"/parts/archive.zip", "All photos"}}}
		for i := range 3 {
			p.Images = append(p.Images, image{"/parts/photo/" + strconv.Itoa(i), "Photo " + strconv.Itoa(i+1)})
		}
		s.render(w, r, p)
	})
	for _, part := range []string{"GET /parts/photo/{n}", "GET /parts/archive.zip"} {
		mux.HandleFunc(part, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	}
}
