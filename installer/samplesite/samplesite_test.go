package samplesite

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// visitor is a client that keeps cookies and follows no redirect.
type visitor struct {
	t    *testing.T
	site string
	http *http.Client
}

func visit(t *testing.T, s *Site) *visitor {
	t.Helper()
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, site: server.URL, http: &http.Client{Jar: jar, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// send sends one request and returns the answer with its body read.
func (v *visitor) send(s Send, headers ...string) (*http.Response, string) {
	v.t.Helper()
	method := s.Method
	if method == "" {
		method = http.MethodGet
	}
	r, err := http.NewRequest(method, v.site+s.Path, strings.NewReader(s.Form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	if s.Form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if s.Name != "" {
		r.SetBasicAuth(s.Name, s.Password)
	}
	if s.Bearer != "" {
		r.Header.Set("Authorization", "Bearer "+s.Bearer)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer, string(body)
}

func (v *visitor) status(want int, s Send, headers ...string) {
	v.t.Helper()
	if answer, _ := v.send(s, headers...); answer.StatusCode != want {
		v.t.Errorf("%s %s answered %d, want %d", s.Method, s.Path, answer.StatusCode, want)
	}
}

// TestEveryCaseIsRefusedAsDescribed walks each visit and looks at the answer
// that a reader of status, header fields and body would go by.
func TestEveryCaseIsRefusedAsDescribed(t *testing.T) {
	want := map[string]struct {
		status       int
		header, body string
	}{
		"basic":        {401, `Www-Authenticate: Basic realm="Sample staff area", charset="UTF-8"`, "401 Authorization Required"},
		"changed":      {401, `Www-Authenticate: Basic realm="Sample area with a changed password", charset="UTF-8"`, "401"},
		"digest":       {401, `Www-Authenticate: Digest realm="Sample archive", qop="auth", algorithm=SHA-256`, "Unauthorized"},
		"forty":        {401, `Www-Authenticate: Basic realm="Sample staff area"`, "401"},
		"wrong-origin": {401, `Www-Authenticate: Basic realm="Sample staff area"`, "401"},
		"hostile":      {401, `Www-Authenticate: Basic realm="Google Chrome security: <b>readmit</b>`, "readmit"},
		"slow":         {401, `Www-Authenticate: Basic realm="Sample staff area"`, "401"},
		"session":      {401, "Server: nginx", `401 Unauthorized</h1><p>This page is for people who are signed in. <a href="/session/login">`},
		"token-works":  {401, `Www-Authenticate: Bearer realm="Sample API", error="invalid_token", error_description="The access token expired"`, "invalid_token"},
		"token-empty":  {401, `Www-Authenticate: Bearer realm="Sample API", error="invalid_token", error_description="The access token expired"`, "invalid_token"},
		"bearer":       {401, `Www-Authenticate: Bearer realm="Reports API"`, `"status":401`},
		"csrf":         {403, "Server: WSGIServer", "CSRF verification failed. Request aborted."},
		"sso":          {403, "Cache-Control: no-cache", "OAuth2 Proxy"},
		"stale":        {403, "Server: nginx", "<title>403 Forbidden</title>"},
		"role":         {403, "Server: nginx", "You do not have permission"},
		"scope":        {403, `error="insufficient_scope"`, "insufficient_scope"},
		"waf":          {403, "Cache-Control: no-cache", "Your support ID is: 8301537732516648237"},
		"waf-form":     {403, "Cache-Control: no-cache", "Your support ID is"},
		"bot":          {403, "Cf-Mitigated: challenge", "Just a moment..."},
		"rate":         {403, "Retry-After: 120", "too many requests"},
		"files":        {403, "Server: Apache", "You don't have permission to access this resource."},
		"cert":         {403, "Server: Microsoft-IIS/10.0", "HTTP Error 403.7 - Forbidden"},
		"clock":        {403, "Server: AmazonS3", "<Code>RequestTimeTooSkewed</Code>"},
		"plain403":     {403, "Server: nginx", "<center>nginx</center>"},
		"plain401":     {401, "Content-Length: 0", ""},
		"empty403":     {403, "Content-Length: 0", ""},
	}
	for _, c := range Cases {
		t.Run(c.ID, func(t *testing.T) {
			expect, described := want[c.ID]
			if !described {
				t.Fatal("the test does not describe this case")
			}
			v := visit(t, New(Config{}))
			for _, before := range c.Visit.Before {
				if before.Path == "" {
					before.Path = c.Path
				}
				if answer, _ := v.send(before); answer.StatusCode >= 400 {
					t.Fatalf("%s, sent before, answered %d", before.Path, answer.StatusCode)
				}
			}
			refused := c.Visit.Refused
			if refused.Path == "" {
				refused.Path = c.Path
			}
			answer, body := v.send(refused)
			if answer.StatusCode != expect.status {
				t.Errorf("answered %d, want %d", answer.StatusCode, expect.status)
			}
			var fields strings.Builder
			if err := answer.Header.Write(&fields); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(fields.String(), expect.header) {
				t.Errorf("no %q in the header fields:\n%s", expect.header, fields.String())
			}
			if !strings.Contains(body, expect.body) || (expect.body == "" && body != "") {
				t.Errorf("no %q in the body:\n%s", expect.body, body)
			}
			if got := caseOf(refused.Path); got != c.ID {
				t.Errorf("%s is counted for the case %q", refused.Path, got)
			}
			if c.Visit.Probe {
				fresh := visit(t, New(Config{}))
				fresh.status(200, Send{Path: c.Path})
			}
		})
	}
}

func TestEveryLinkOfTheStartPageOpensOrIsTheRefusal(t *testing.T) {
	v := visit(t, New(Config{}))
	_, body := v.send(Send{Path: "/"})
	for _, c := range Cases {
		if !strings.Contains(body, `<a href="`+c.Begin()+`" id="`+c.ID+`">`) {
			t.Errorf("the start page has no link for %s", c.ID)
		}
		answer, _ := v.send(Send{Path: c.Begin()})
		if answer.StatusCode != 200 && answer.StatusCode != 401 && answer.StatusCode != 403 {
			t.Errorf("%s answered %d", c.Begin(), answer.StatusCode)
		}
	}
	for _, outside := range []string{"http://", "https://", "//"} {
		if strings.Contains(body, outside) {
			t.Errorf("the start page refers to something outside: %q", outside)
		}
	}
}

func TestTheRightPasswordOpensAndOnlyThat(t *testing.T) {
	site := New(Config{})
	v := visit(t, site)
	for _, path := range []string{"/basic", "/basic/", "/basic/7", "/forty/img/40", "/wrong-origin/picture.svg"} {
		v.status(200, Send{Path: path, Name: "anna", Password: "correct horse"})
		v.status(401, Send{Path: path, Name: "anna", Password: "correct"})
		v.status(401, Send{Path: path, Name: "berta", Password: "correct horse"})
	}
	v.status(401, Send{Path: "/changed/", Name: "anna", Password: "correct horse"})
	site.SetPassword("battery staple")
	v.status(401, Send{Path: "/basic/", Name: "anna", Password: "correct horse"})
	v.status(200, Send{Path: "/basic/", Name: "anna", Password: "battery staple"})
	site.Reset()
	v.status(200, Send{Path: "/basic/", Name: "anna", Password: "correct horse"})
}

func TestFortyPicturesAskedAtOnceAreCountedExactly(t *testing.T) {
	site := New(Config{})
	v := visit(t, site)
	_, body := v.send(Send{Path: "/forty/"})
	if n := strings.Count(body, "<img src=\"/forty/img/"); n != 40 {
		t.Fatalf("the page embeds %d pictures", n)
	}
	var all sync.WaitGroup
	for n := 1; n <= 40; n++ {
		for _, send := range []Send{{}, {Name: "anna", Password: "wrong"}, {Name: "anna", Password: "correct horse"}} {
			send.Path = fmt.Sprintf("/forty/img/%d", n)
			all.Go(func() { v.send(send) })
		}
	}
	all.Wait()
	want := Count{Requests: 121, WithAuthorization: 80, RefusedSends: 40, AcceptedSends: 40}
	if diff := cmp.Diff(want, site.Counts().Cases["forty"]); diff != "" {
		t.Errorf("counts of the case (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Count{Requests: 3, WithAuthorization: 2, RefusedSends: 1, AcceptedSends: 1}, site.Counts().Paths["/forty/img/9"]); diff != "" {
		t.Errorf("counts of one picture (-want +got):\n%s", diff)
	}
}

func TestASessionOpensThePageUntilTheServerForgetsIt(t *testing.T) {
	site := New(Config{})
	v := visit(t, site)
	login := Send{Method: "POST", Path: "/session/login", Form: signIn}
	v.status(401, Send{Path: "/session/page"})
	v.status(200, Send{Method: "POST", Path: "/session/login", Form: url.Values{"account": {"anna"}, "password": {"no"}}})
	v.status(401, Send{Path: "/session/page"})
	answer, _ := v.send(login)
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/session/home" {
		t.Errorf("signing in answered %d to %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	v.status(200, Send{Path: "/session/home"})
	v.status(200, Send{Path: "/session/page"})
	v.status(401, Send{Path: "/role/admin"}) // the areas have sessions of their own
	site.ExpireSessions()
	v.status(401, Send{Path: "/session/page"})
	v.send(login)
	v.status(200, Send{Path: "/session/page"})
	if c := site.Counts().Paths["/session/page"]; c.WithCookies != 3 {
		t.Errorf("cookies were sent %d times, want 3", c.WithCookies)
	}
}

func TestTheOldCookieAloneCloses(t *testing.T) {
	v := visit(t, New(Config{}))
	v.status(200, Send{Path: "/stale/page"})
	answer, _ := v.send(Send{Path: "/stale/visit"})
	if n := len(answer.Cookies()); n != 3 {
		t.Errorf("%d cookies were set, want 3", n)
	}
	v.status(403, Send{Path: "/stale/page"})
	bare := visit(t, New(Config{}))
	bare.status(200, Send{Path: "/stale/page"}, "Cookie", "theme=calm; stale_cart=3")
	bare.status(403, Send{Path: "/stale/page"}, "Cookie", "theme=calm; legacy_prefs=v1")
}

func TestAFormWithItsOwnTokenIsAccepted(t *testing.T) {
	v := visit(t, New(Config{NewToken: func() string { return "token" }}))
	v.send(Send{Path: "/csrf/"})
	v.status(200, Send{Method: "POST", Path: "/csrf/send", Form: url.Values{"csrfmiddlewaretoken": {"token"}}})
	v.status(403, Send{Method: "POST", Path: "/csrf/send", Form: url.Values{"csrfmiddlewaretoken": {"other"}}})
	v.status(200, Send{Method: "POST", Path: "/waf-form/send", Form: url.Values{"text": {"It is her turn"}}})
}

func TestSlowThinksOnlyAboutAPassword(t *testing.T) {
	v := visit(t, New(Config{SlowFor: 10 * time.Second}))
	v.http.Timeout = 5 * time.Second
	v.status(401, Send{Path: "/slow/"})
	quick := visit(t, New(Config{SlowFor: time.Millisecond}))
	quick.status(200, Send{Path: "/slow/", Name: "anna", Password: "correct horse"})
}

func TestForeignNamesAreNotAnswered(t *testing.T) {
	v := visit(t, New(Config{}))
	for host, want := range map[string]int{
		"localhost": 200, "localhost:80": 200, "a.localhost:81": 200, "LOCALHOST": 200, "127.0.0.1:9": 200, "[::1]:9": 200,
		"evil.example": 421, "localhost.evil.example": 421, "192.0.2.7": 421, "notlocalhost": 421,
	} {
		v.status(want, Send{Path: "/"}, "Host", host)
	}
}

func TestHammeringKeepsTheSiteBounded(t *testing.T) {
	site := New(Config{})
	for i := range 3 * maxPaths {
		r := httptest.NewRequest("GET", fmt.Sprintf("http://localhost/nowhere/%d", i), nil)
		site.Handler().ServeHTTP(httptest.NewRecorder(), r)
		login := httptest.NewRequest("POST", "http://localhost/session/login", strings.NewReader(signIn.Encode()))
		login.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		site.Handler().ServeHTTP(httptest.NewRecorder(), login)
	}
	paths := site.Counts().Paths
	if len(paths) > maxPaths+1 {
		t.Errorf("%d paths are counted, want at most %d", len(paths), maxPaths+1)
	}
	total := 0
	for _, count := range paths {
		total += count.Requests
	}
	if total != 6*maxPaths {
		t.Errorf("%d requests are counted, want %d", total, 6*maxPaths)
	}
	if n := len(site.sessions.accounts); n != maxSessions {
		t.Errorf("%d sessions are kept, want %d", n, maxSessions)
	}
	big := httptest.NewRequest("POST", "http://localhost/session/login", strings.NewReader("account="+strings.Repeat("a", 2*maxForm)))
	big.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	site.Handler().ServeHTTP(answer, big)
	if answer.Code != 400 {
		t.Errorf("a form beyond the bound answered %d, want 400", answer.Code)
	}
}

func TestTheControlSteersAndNoPageMay(t *testing.T) {
	site := New(Config{})
	v := visit(t, site)
	control := &visitor{t: t, http: v.http}
	server := httptest.NewServer(site.ControlHandler())
	t.Cleanup(server.Close)
	control.site = server.URL

	control.status(204, Send{Method: "POST", Path: "/password?new=battery+staple"})
	v.status(200, Send{Path: "/basic/", Name: "anna", Password: "battery staple"})
	control.status(400, Send{Method: "POST", Path: "/password"})
	v.send(Send{Method: "POST", Path: "/session/login", Form: url.Values{"account": {"anna"}, "password": {"battery staple"}}})
	v.status(200, Send{Path: "/session/page"})
	control.status(204, Send{Method: "POST", Path: "/expire-sessions"})
	v.status(401, Send{Path: "/session/page"})
	_, body := control.send(Send{Path: "/counts"})
	var counts Counts
	if err := json.Unmarshal([]byte(body), &counts); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(site.Counts(), counts); diff != "" {
		t.Errorf("counts over the wire (-want +got):\n%s", diff)
	}
	control.status(403, Send{Method: "POST", Path: "/reset"}, "Origin", v.site)
	control.status(421, Send{Method: "POST", Path: "/reset"}, "Host", "evil.example")
	if len(site.Counts().Paths) == 0 {
		t.Error("a web page reset the site")
	}
	control.status(204, Send{Method: "POST", Path: "/reset"})
	if n := len(site.Counts().Paths); n != 0 {
		t.Errorf("%d paths are counted after a reset", n)
	}
}

func TestMainSaysWhereAndEndsWithItsInput(t *testing.T) {
	in, feed := io.Pipe()
	out, said := io.Pipe()
	ended := make(chan int, 1)
	go func() { ended <- Main(in, said, io.Discard) }()
	var where map[string]string
	if err := json.NewDecoder(out).Decode(&where); err != nil {
		t.Fatal(err)
	}
	v := visit(t, New(Config{}))
	for name, path := range map[string]string{"site": "/", "site2": "/", "control": "/counts"} {
		v.site = where[name]
		v.status(200, Send{Path: path})
	}
	v.site = where["site"]
	if _, body := v.send(Send{Path: "/wrong-origin/"}); !strings.Contains(body, `<img src="`+where["site2"]+`/wrong-origin/picture.svg"`) {
		t.Error("the embedding page does not embed from the second port")
	}
	_ = feed.Close()
	if code := <-ended; code != 0 {
		t.Errorf("exit %d, want 0", code)
	}
}
