package samplesite

import (
	"html/template"
	"net/http"
)

// page is one of the site's own pages. Refusals are not made of it: those look
// like the systems they speak for.
type page struct {
	Title, Heading string
	Lines          []string
	Links          []link
	Images         []image
	SignIn         string // where a sign-in form is sent
	Expire         string // where the button is sent that ends all sessions
	Form           *form
	Script         string
	Status         string // a live region, filled by Script
	Groups         []group
	Account        string // shown on the start page, with Password
	Password       string
}

type link struct{ URL, Text string }

type image struct{ Source, Text string }

type hidden struct{ Name, Value string }

type form struct {
	Action, Label, Text, Button string
	Hidden                      []hidden
}

type group struct {
	Name  string
	Cases []Case
}

// start lists every case.
func (s *Site) start(w http.ResponseWriter, r *http.Request) {
	name, password := s.Account()
	p := page{Title: "readmit sample site", Heading: "Pages that turn you away", Account: name, Password: password}
	for _, c := range Cases {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Name != c.Group {
			p.Groups = append(p.Groups, group{Name: c.Group})
		}
		last := &p.Groups[len(p.Groups)-1]
		last.Cases = append(last.Cases, c)
	}
	s.render(w, r, p)
}

func (s *Site) render(w http.ResponseWriter, r *http.Request, p page) {
	s.securityHeaders(w, r)
	w.Header().Set("Content-Type", htmlType)
	// A client that is gone cannot be told; the page is fixed and always renders.
	_ = layout.Execute(w, p)
}

func (s *Site) securityHeaders(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' "+
		s.otherOrigin(r)+"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
}

var layout = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{{.Title}}</title><link rel="stylesheet" href="/sample.css"></head>
<body><main><h1>{{.Heading}}</h1>
{{if .Groups}}<p>Each line leads to a page that answers 401 or 403, the way real systems do. Open one and see what readmit makes of it.
Where you are asked to sign in, use <b>{{.Account}}</b> and <b>{{.Password}}</b>.</p>{{end}}
{{range .Lines}}<p>{{.}}</p>
{{end}}{{range .Groups}}<h2>{{.Name}}</h2><ul class="cases">
{{range .Cases}}<li><a href="{{.Begin}}" id="{{.ID}}">{{.Title}}</a> <span>{{.About}}</span></li>
{{end}}</ul>
{{end}}{{with .SignIn}}<form method="post" action="{{.}}">
<p><label for="account">Name</label> <input id="account" name="account" autocomplete="username" required></p>
<p><label for="password">Password</label> <input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button>Sign in</button></p></form>
{{end}}{{with .Form}}<form method="post" action="{{.Action}}">{{range .Hidden}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}
<p><label for="text">{{.Label}}</label> <textarea id="text" name="text" rows="4">{{.Text}}</textarea></p>
<p><button>{{.Button}}</button></p></form>
{{end}}{{with .Links}}<ul>{{range .}}<li><a href="{{.URL}}">{{.Text}}</a></li>{{end}}</ul>
{{end}}{{with .Expire}}<form method="post" action="{{.}}"><p><button>End all sessions, as a server does after a while</button></p></form>
{{end}}{{with .Images}}<p class="images">{{range .}}<img src="{{.Source}}" alt="{{.Text}}" width="48" height="48"> {{end}}</p>
{{end}}{{with .Status}}<p role="status">{{.}}</p>
{{end}}{{if not .Groups}}<p><a href="/">All pages of the sample site</a></p>{{end}}
</main>{{with .Script}}<script type="module" src="{{.}}"></script>{{end}}</body></html>
`))

const styleSheet = `:root { color-scheme: light dark; --ink: #1d2733; --soft: #55606e; --paper: #fbfbf9; --line: #767f8a; --blue: #1f5a93; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --soft: #b3bcc7; --paper: #15191f; --line: #8a94a0; --blue: #8fc1f2; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
a { color: var(--blue); } a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
.cases { list-style: none; padding: 0; margin: 0; } .cases li { padding: .45rem 0; }
.cases a { display: inline-block; min-height: 1.5rem; font-weight: 600; } .cases span { color: var(--soft); display: block; }
label { display: block; font-weight: 600; } input, textarea { width: 100%; max-width: 24rem; padding: .55rem .7rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem; }
button { min-height: 2.75rem; padding: 0 1.1rem; font: inherit; font-weight: 600; color: var(--paper); background: var(--blue); border: 1px solid transparent; border-radius: .4rem; }
.images img { margin: .15rem; border-radius: .4rem; vertical-align: middle; }
`
