package samplesite

import "net/http"

// expired is what RFC 6750 section 3.1 has a server say about an old token.
const expired = `Bearer realm="Sample API", error="invalid_token", error_description="The access token expired"`

// routeToken is two pages that fetch something in the background with an
// access token that has run out: one lives on, one stays empty.
func (s *Site) routeToken(mux *http.ServeMux) {
	mux.HandleFunc("GET /token/works/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Board", Heading: "Project board", Script: "/token/works/board.js", Lines: []string{
			"Six tasks are open, two of them are due this week, and the review of the spring catalogue is done.",
			"The plan for the move to the new office was last changed on Tuesday; the floor plan hangs in the kitchen.",
			"Everything on this page can be read and used. Only the notes below come in the background.",
		}, Status: "Notes: loading"})
	})
	mux.HandleFunc("GET /token/works/board.js", serveText("text/javascript; charset=utf-8", boardScript))
	mux.HandleFunc("GET /token/works/notes", tokenExpired)

	mux.HandleFunc("GET /token/empty/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.securityHeaders(w, r)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(emptyApp))
	})
	mux.HandleFunc("GET /token/empty/app.js", serveText("text/javascript; charset=utf-8", appScript))
	mux.HandleFunc("GET /token/empty/data", tokenExpired)
}

func tokenExpired(w http.ResponseWriter, r *http.Request) {
	challenge := expired
	if r.Header.Get("Authorization") == "" {
		challenge = `Bearer realm="Sample API"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = w.Write([]byte(`{"error":"invalid_token","error_description":"The access token expired"}`))
}

const boardScript = `const status = document.querySelector('[role=status]');
fetch('/token/works/notes', { headers: { authorization: 'Bearer sample-token-that-ran-out' } })
  .then((answer) => { status.textContent = answer.ok ? 'Notes: up to date' : 'Notes: not available'; })
  .catch(() => { status.textContent = 'Notes: not available'; });
`

const appScript = `fetch('/token/empty/data', { headers: { authorization: 'Bearer sample-token-that-ran-out' } })
  .then((answer) => (answer.ok ? answer.text() : ''))
  .then((text) => { document.getElementById('app').textContent = text; })
  .catch(() => {});
`

const emptyApp = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail</title><link rel="stylesheet" href="/sample.css"></head>
<body><div id="app"></div><script type="module" src="/token/empty/app.js"></script></body></html>
`
