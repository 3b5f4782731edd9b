package explain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/refusal"
)

var audiences = []Audience{User, Helpdesk, Developer}

func layout(inc *incident.Incident, a Audience) string {
	opt := Options{Now: now}
	v := Of(inc, opt)
	v.SupportCode = "XXXX-XXXXX-XXXXX"
	return Layout(Text(inc, &v, a, opt))
}

// told are refusals as they are met, each told to all three audiences.
func told() map[string]struct {
	refusal refusal.Refusal
	history diagnosis.History
} {
	type scene = struct {
		refusal refusal.Refusal
		history diagnosis.History
	}
	over := sessionOver()
	usual(&over)
	password := refused(401, usual, at("http://printer.example/admin"), challenged(`Basic realm="Staff"`), sent("basic"))
	waf := refused(403, head("Date", "Mon, 02 Nov 2026 12:05:00 GMT"), head("Content-Type", "text/html"), head("Server", "cloudflare"), head("CF-RAY", "8f2a1b3c4d5e6f70-FRA"), verb("POST"),
		body(`<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><p>Cloudflare Ray ID: <strong>8f2a1b3c4d5e6f70</strong></p>`))
	limited := refused(403, usual, cookies("yes"), head("Content-Type", "text/html"), body("<p>Rate limit exceeded. Too many requests, please slow down.</p>"))
	s3 := refused(403, at("https://files.s3.amazonaws.com/report.pdf"), head("Date", "Mon, 02 Nov 2026 11:40:00 GMT"), head("Server", "AmazonS3"),
		head("X-Amz-Request-Id", "4442587FB7D0A2F9"), head("Content-Type", "application/xml"),
		body(`<?xml version="1.0"?><Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message></Error>`))
	nginx := refused(403, at("https://www.example.org/files/"), head("Date", "Mon, 02 Nov 2026 12:05:00 GMT"), head("Server", "nginx/1.24.0"), head("Content-Type", "text/html"),
		body("<html>\n<head><title>403 Forbidden</title></head>\n<body>\n<center><h1>403 Forbidden</h1></center>\n<hr><center>nginx/1.24.0</center>\n</body>\n</html>"))
	api := refused(401, usual, at("https://api.example/v1/orders"), sent("bearer"), cookies("no"), challenged(`Bearer: error="invalid_token"`),
		head("Content-Type", "application/json"), head("X-Correlation-ID", "corr-7"), body(`{"code":403,"error":"invalid_token","message":"The access token is not valid"}`),
		func(r *refusal.Refusal) { r.ResourceType = "xmlhttprequest" })
	sso := refused(401, usual, at("https://wiki.example/start"), head("X-Goog-IAP-Generated-Response", "true"), body("Invalid IAP credentials: empty token"), func(r *refusal.Refusal) {
		r.Redirects = []refusal.Hop{{URL: "https://wiki.example/", Status: 302}}
	})
	return map[string]scene{
		"session_over": {over, signedIn}, "wrong_password": {password, diagnosis.History{}}, "firewall": {waf, diagnosis.History{}},
		"rate_limited": {limited, diagnosis.History{Refusals: 4}}, "clock_skew": {s3, diagnosis.History{}}, "nginx_default": {nginx, diagnosis.History{}},
		"api_token": {api, diagnosis.History{}}, "company_sign_in": {sso, signedIn},
	}
}

func TestWhatEachAudienceReads(t *testing.T) {
	for name, c := range told() {
		t.Run(name, func(t *testing.T) {
			inc := incidentOf(t, c.refusal, c.history)
			var got strings.Builder
			for _, a := range audiences {
				got.WriteString("For " + string(a) + "\n" + layout(inc, a) + "\n")
			}
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("run go test ./agent/explain -update if this is meant (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAllAudiencesReadTheSameTitle(t *testing.T) {
	for name, c := range told() {
		inc := incidentOf(t, c.refusal, c.history)
		v := Of(inc, Options{Now: now})
		for _, a := range audiences {
			if text := layout(inc, a); !strings.Contains(text, v.Title) || !strings.Contains(text, "Support code: XXXX") {
				t.Errorf("%s, %s: no title or no code in\n%s", name, a, text)
			}
			if a == User && strings.Contains(layout(inc, a), "%") {
				t.Errorf("%s: a person reads figures", name)
			}
		}
	}
}

func TestTheLayoutIsNarrowAndPlain(t *testing.T) {
	for name, c := range told() {
		for _, a := range audiences {
			for line := range strings.Lines(layout(incidentOf(t, c.refusal, c.history), a)) {
				line = strings.TrimSuffix(line, "\n")
				if utf8.RuneCountInString(line) > Width && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("%s, %s: %q is wider than %d", name, a, line, Width)
				}
				if strings.IndexFunc(line, func(r rune) bool { return r > '~' || r < ' ' }) >= 0 || strings.HasSuffix(line, " ") {
					t.Errorf("%s, %s: %q", name, a, line)
				}
			}
		}
	}
}

func TestWrapKeepsEveryWord(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"one two", []string{"one two"}},
		{"one two three", []string{"one two", "three"}},
		{"a longerthanseven b", []string{"a", "longerthanseven", "b"}},
		{"vier fünf", []string{"vier", "fünf"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, 8)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestNothingIsCertain(t *testing.T) {
	for p, want := range map[float64]string{0: "<1 %", 0.004: "<1 %", 0.0561: "6 %", 0.5: "50 %", 0.99: "99 %", 0.9999: ">99 %", 1: ">99 %"} {
		if got := percent(p); got != want {
			t.Errorf("%v reads %q, want %q", p, got, want)
		}
	}
}

// Whatever secret stands in the input, nobody reads it again.
func TestNoAudienceReadsASecret(t *testing.T) {
	const password, bearer, value, mail = "Tr0ub4dor-and-3", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl", "s3cr3tC00kieValue1234567890", "anna.schmidt"
	in := refused(401, usual, at("https://anna:"+password+"@site.example/reset/"+bearer+"?token="+bearer+"&password="+password+"#"+value),
		sent("Bearer "+bearer), cookies("yes"),
		challenged(`Bearer realm="x", error="invalid_token", error_description="token `+bearer+` has expired"`),
		head("Set-Cookie", "sid="+value+"; Path=/"), head("Location", "https://site.example/?token="+bearer), head("X-Api-Key", password),
		head("X-Request-Id", bearer), head("Server", "Apache/2.4.57"),
		body(`{"error":"ORA-00942","token":"`+bearer+`","password":"`+password+`","mail":"`+mail+`@example.org","status":404}`))
	in.Title = "Token " + bearer + " of " + mail + "@example.org is not valid"
	in.Cookies = []refusal.Cookie{{Name: "sid", Domain: "site.example", Path: "/"}}
	in.Redirects = []refusal.Hop{{URL: "https://site.example/login?code=" + value + "&password=" + password, Status: 302}}
	inc := incidentOf(t, in, signedIn)
	for _, a := range audiences {
		text := layout(inc, a)
		for _, secret := range []string{password, bearer, bearer[:24], value, mail} {
			if strings.Contains(strings.Join(strings.Fields(text), ""), secret) {
				t.Errorf("%s reads %q:\n%s", a, secret, text)
			}
		}
	}
	if !slices.Contains(findings(t, in), "leaks_database_error") {
		t.Error("the answer of this test is not looked at")
	}
}

func TestWhatASiteWritesCannotMoveTheTerminal(t *testing.T) {
	if got := Layout([]Section{{"a\x1b[2Jb", []Line{{"- ", "c\x1b]0;owned\a\u202ed\r"}}}}); got != "\n  ab\n  - cd\n" {
		t.Errorf("%q", got)
	}
	in := refused(403, usual, head("Server", "evil\x1b[2Jserver/1.0"), challenged(`Bearer realm="`+strings.Repeat("x", 4000)+"\u202e"+`"`), at("https://site.example/\u202ea"))
	in.Title = "\x1b]0;owned\a\u202eWe are readmit"
	for _, a := range audiences {
		text := layout(incidentOf(t, in, diagnosis.History{}), a)
		if strings.ContainsAny(text, "\x1b\a\u202e\r") {
			t.Errorf("%s: %q", a, text)
		}
		for line := range strings.Lines(text) {
			if utf8.RuneCountInString(line) > 300 {
				t.Errorf("%s: a line of %d", a, utf8.RuneCountInString(line))
			}
		}
	}
}
