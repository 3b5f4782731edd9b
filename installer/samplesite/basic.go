package samplesite

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The realms of the site. /basic/, /forty/ and /slow/ are one protection space.
const (
	RealmBasic   = "Sample staff area"
	RealmChanged = "Sample area with a changed password"
	RealmDigest  = "Sample archive"
)

// pictures is how many challenged pictures /forty/ embeds.
const pictures = 40

// hostileRealm is everything a realm can be used for against a careless
// reader: markup, another program's name, a direction override, zero-width
// characters, a terminal control (CSI), escaped quotes and 4 KiB of length.
var hostileRealm = `Google Chrome security: <b>readmit</b> <img src=x onerror=alert(1)> ` +
	"\u202egnp.exe\u202c \u200bpass\u200bword expired \u009b31m" + `\"quoted\" ` + strings.Repeat("type it again ", 280)

func (s *Site) routeBasic(mux *http.ServeMux) {
	staff := s.protected(RealmBasic, s.knows, func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Staff area", Heading: "You are in", Lines: []string{
			"This page opened because the name and password were right.",
		}})
	})
	// Both forms: browsers offer an accepted password unasked to everything
	// beneath the last slash, so the folder keeps to itself and the bare form
	// does not.
	mux.Handle("GET /basic", staff)
	mux.Handle("GET /basic/", staff)
	// A right password is not yet a right to enter.
	mux.Handle("GET /basic/board", s.protected(RealmBasic, s.knows, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", "nginx")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(nginxPage("403 Forbidden")))
	}))

	nobody := func(string, string) bool { return false }
	mux.Handle("GET /changed/", s.protected(RealmChanged, nobody, nil))
	mux.Handle("GET /hostile/", s.challenged(`Basic realm="`+hostileRealm+`"`, hostilePage))

	mux.HandleFunc("GET /forty/{$}", s.forty)
	mux.Handle("GET /forty/img/{n}", s.protected(RealmBasic, s.knows, picture))

	slow := s.protected(RealmBasic, s.knows, func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Slow page", Heading: "It opened in the end"})
	})
	mux.HandleFunc("GET /slow/{$}", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" && !wait(r, s.cfg.SlowFor) {
			return
		}
		slow.ServeHTTP(w, r)
	})

	mux.HandleFunc("GET /wrong-origin/{$}", s.wrongOrigin)
	mux.Handle("GET /wrong-origin/picture.svg", s.protected(RealmBasic, s.knows, picture))
}

// wait passes the time, or reports false when the client gave up first.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// protected asks for Basic (RFC 7617) and lets in whom accept accepts.
func (s *Site) protected(realm string, accept func(name, password string) bool, inside http.HandlerFunc) http.Handler {
	refuse := s.challenged(`Basic realm="`+realm+`", charset="UTF-8"`, nginxPage("401 Authorization Required"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, ok := r.BasicAuth()
		if !ok || !accept(name, password) {
			refuse.ServeHTTP(w, r)
			return
		}
		inside(w, r)
	})
}

// challenged answers 401 with one challenge.
func (s *Site) challenged(challenge, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", challenge)
		w.Header().Set("Server", "nginx")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(body))
	})
}

func (s *Site) forty(w http.ResponseWriter, r *http.Request) {
	images := make([]image, pictures)
	for i := range images {
		n := strconv.Itoa(i + 1)
		images[i] = image{Source: "/forty/img/" + n, Text: "Picture " + n}
	}
	s.render(w, r, page{Title: "Forty pictures", Heading: "Forty pictures", Images: images, Lines: []string{
		"The page is open to everyone; each picture asks for a name and password.",
	}})
}

func (s *Site) wrongOrigin(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, page{Title: "A picture from elsewhere", Heading: "A picture from elsewhere",
		Images: []image{{Source: s.otherOrigin(r) + "/wrong-origin/picture.svg", Text: "A picture of another site"}},
		Lines:  []string{"The picture belongs to another site, and that site asks for a password."},
	})
}

// otherOrigin is an origin of this site that the request was not sent to.
func (s *Site) otherOrigin(r *http.Request) string {
	if s.cfg.OtherOrigin != "" {
		return s.cfg.OtherOrigin
	}
	port := ""
	if i := strings.LastIndexByte(r.Host, ':'); i >= 0 && !strings.HasSuffix(r.Host, "]") {
		port = r.Host[i:]
	}
	return "http://other.localhost" + port
}

func picture(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><rect width="48" height="48" rx="6" fill="#3b6ea5"/></svg>`)
}
