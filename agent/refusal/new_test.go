package refusal

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// page is an ordinary refusal to start from.
func page() Refusal {
	return Refusal{
		URL: "https://h.example/a", Method: "GET", Status: 403, ResourceType: "main_frame",
		Time: time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC),
	}
}

func TestNewRedacts(t *testing.T) {
	in := page()
	in.URL = "https://anna:pw@H.example/u/0f8fad5b-d9cb-469f-a165-70867728950e?next=canary&4f3c2b1a0987d6e5c4b3a2918076f5e4=1#canary"
	in.QueryKeys = []string{"id", "next"}
	in.Method = "post"
	in.Title = "Sign in\u202e anna@example.org"
	in.Body = "<p>password=canary</p>"
	in.ResponseHeaders = []Header{
		{"WWW-Authenticate", "Negotiate\nBasic realm=\"a\""},
		{"Server", "nginx"},
		{"X-Secret", "canary"},
		{"Set-Cookie", "sid=canary; Path=/\nlang=canary"},
		{"Location", "/login?token=canary"},
	}
	in.Request = Request{Cookies: KnownYes, Authorization: "Basic QWxhZGRpbjpvcGVu", ReferrerOrigin: "https://r.example/path?q=canary", InitiatorOrigin: "null"}
	in.Redirects = []Hop{{"https://u:p@login.example/x?code=canary", 302}, {"about:blank", 7}}
	in.Cookies = []Cookie{{Name: "sid", Domain: ".H.example", Path: "/a"}}
	in.Probes = []Probe{{Kind: ProbeRoot, Status: 200}}
	got, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	want := page()
	want.URL = "https://h.example/u/{...}"
	want.QueryKeys = []string{"next", "id"}
	want.Method = "POST"
	want.Title = "Sign in {...}@example.org"
	want.Body = "<p>password={...}</p>"
	want.ResponseHeaders = []Header{
		{"www-authenticate", "Negotiate"},
		{"www-authenticate", `Basic realm="a"`},
		{"server", "nginx"},
		{"set-cookie", "sid={...}; path=/"},
		{"set-cookie", "lang={...}"},
		{"location", "/login"},
	}
	want.Request = Request{Cookies: KnownYes, Authorization: "basic", ReferrerOrigin: "https://r.example"}
	want.Redirects = []Hop{{"https://login.example/x", 302}, {"", 0}}
	want.Cookies = []Cookie{{Name: "sid", Domain: "h.example", Path: "/a"}}
	want.Probes = in.Probes
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Negotiate", `Basic realm="a"`}, got.Header("www-authenticate")); diff != "" {
		t.Error(diff)
	}
}

func TestNewRefusesWhatNobodyCanHaveMeant(t *testing.T) {
	for _, tc := range []struct {
		name, field string
		change      func(*Refusal)
	}{
		{"no address", "url", func(r *Refusal) { r.URL = "" }},
		{"an address of another scheme", "url", func(r *Refusal) { r.URL = "ftp://h.example/" }},
		{"a script as an address", "url", func(r *Refusal) { r.URL = "javascript:alert(1)" }},
		{"an address without a host", "url", func(r *Refusal) { r.URL = "https:///a" }},
		{"a status that refuses nobody", "status", func(r *Refusal) { r.Status = 200 }},
		{"a status next to it", "status", func(r *Refusal) { r.Status = 402 }},
		{"a year that JSON cannot hold", "time", func(r *Refusal) { r.Time = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) }},
		{"a method with a blank", "method", func(r *Refusal) { r.Method = "GET /" }},
		{"an endless method", "method", func(r *Refusal) { r.Method = strings.Repeat("G", 33) }},
		{"a resource type with a dash", "resourceType", func(r *Refusal) { r.ResourceType = "main-frame" }},
		{"a made-up answer about cookies", "request.cookies", func(r *Refusal) { r.Request.Cookies = "maybe" }},
		{"a made-up answer about the cache", "request.fromCache", func(r *Refusal) { r.Request.FromCache = "maybe" }},
		{"a made-up answer about the page", "request.emptyPage", func(r *Refusal) { r.Request.EmptyPage = "maybe" }},
		{"a made-up probe", "probes.kind", func(r *Refusal) { r.Probes = []Probe{{Kind: "post"}} }},
		{"a probe with no status that exists", "probes.status", func(r *Refusal) { r.Probes = []Probe{{Kind: ProbeRoot, Status: 42}} }},
		{"a probe with its own words", "probes.error", func(r *Refusal) { r.Probes = []Probe{{Kind: ProbeRoot, Error: "canary"}} }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := page()
			tc.change(&in)
			got, err := New(in)
			var input *InputError
			if !errors.As(err, &input) || input.Field != tc.field {
				t.Errorf("got %v, want an error about %s", err, tc.field)
			}
			if diff := cmp.Diff(Refusal{}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNewBounds(t *testing.T) {
	in := page()
	in.URL += strings.Repeat("/word", MaxURL) + "?" + strings.Repeat("x", 100)
	in.Title = strings.Repeat("ä", MaxTitle)
	in.Body = strings.Repeat("<p>words</p>", MaxBody)
	for i := range 100 {
		word := strings.Repeat(string(rune('a'+i%26)), i/26+1)
		in.QueryKeys = append(in.QueryKeys, word, strings.Repeat("k ", MaxQueryKey))
		in.ResponseHeaders = append(in.ResponseHeaders, Header{"Server", strings.Repeat("word ", MaxHeader)}, Header{"WWW-Authenticate", "Basic realm=\"" + strings.Repeat("word ", MaxChallenge) + `"`})
		in.Redirects = append(in.Redirects, Hop{fmt.Sprintf("https://h.example/%d", i), 302})
		in.Cookies = append(in.Cookies, Cookie{Name: strings.Repeat("word-", MaxCookie), Path: strings.Repeat("/word", MaxCookie)})
		in.Probes = append(in.Probes, Probe{Kind: ProbeRoot})
	}
	got, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string][2]int{
		"url": {len(got.URL), MaxURL}, "query keys": {len(got.QueryKeys), MaxQueryKeys}, "title": {len(got.Title), MaxTitle},
		"body": {len(got.Body), MaxBody}, "headers": {len(got.ResponseHeaders), MaxHeaders}, "hops": {len(got.Redirects), MaxHops},
		"cookies": {len(got.Cookies), MaxCookies}, "probes": {len(got.Probes), MaxProbes},
		"header": {len(got.ResponseHeaders[0].Value), MaxHeader}, "challenge": {len(got.ResponseHeaders[1].Value), MaxChallenge},
		"cookie name": {len(got.Cookies[0].Name), MaxCookie}, "cookie path": {len(got.Cookies[0].Path), MaxCookie},
	} {
		if size[0] > size[1] || size[0] < size[1]*9/10 {
			t.Errorf("%s: %d, want %d or a little less", name, size[0], size[1])
		}
	}
	if !got.BodyTruncated {
		t.Error("a body that was cut does not say so")
	}
	if last := got.Redirects[MaxHops-1].URL; last != "https://h.example/99" {
		t.Errorf("the last hop is %s: the hops next to the refusal must stay", last)
	}
}

func TestNewReadsTheTitleFromTheBody(t *testing.T) {
	in := page()
	in.Body = "<html><head><title>Access\n Denied</title></head>"
	got, err := New(in)
	if err != nil || got.Title != "Access Denied" {
		t.Errorf("title %q, %v", got.Title, err)
	}
}

func TestOrigin(t *testing.T) {
	for in, want := range map[string]string{
		"https://u:p@H.example:443/a?b": "https://h.example", "http://h.example:8080/": "http://h.example:8080",
		"null": "", "": "", "file:///etc/passwd": "", "ws://h.example/": "", "https://[::1]:8443/": "https://[::1]:8443",
	} {
		if got := Origin(in); got != want {
			t.Errorf("Origin(%q) = %q, want %q", in, got, want)
		}
	}
}

// plants holds the canary in one shape for each place of a Refusal.
func plants(around string) Refusal {
	const canary = "c4n4ryc4n4ryc4n4ryc4n4ry"
	in := page()
	in.URL = "https://h.example/" + strings.ReplaceAll(around, "/", "") + canary + "?a=" + canary + "&" + canary + "#" + canary
	in.QueryKeys = []string{canary, "password=" + canary}
	in.Title = around + " password: " + canary
	in.Body = around + "\n<input value='" + canary + "'> Bearer " + canary
	for _, name := range []string{"server", "location", "set-cookie", "x-request-id", "x-powered-by", "www-authenticate", "authorization", "cookie", "x-anything"} {
		value := around + " token=" + canary
		if name == "set-cookie" || name == "location" {
			value = "x?=" + canary
		}
		in.ResponseHeaders = append(in.ResponseHeaders, Header{name, value})
	}
	in.Request.Authorization = "Bearer " + canary
	in.Request.ReferrerOrigin = "https://r.example/" + canary
	in.Redirects = []Hop{{"https://l.example/?code=" + canary, 302}}
	in.Cookies = []Cookie{{Name: "sid_" + canary, Domain: "h.example", Path: "/" + canary}}
	return in
}

func FuzzNew(f *testing.F) {
	f.Add("", "")
	f.Add("x", `{"url":"https://h.example/","status":401,"title":"password=","body":"<title>x"}`)
	f.Fuzz(func(t *testing.T, around, wire string) {
		var in Refusal
		if json.Unmarshal([]byte(wire), &in) != nil {
			in = Refusal{}
		}
		for _, r := range []Refusal{plants(around), in} {
			got, err := New(r)
			if err != nil {
				if diff := cmp.Diff(Refusal{}, got); diff != "" {
					t.Fatal(diff)
				}
				continue
			}
			again, err := New(got)
			if err != nil {
				t.Fatalf("the result is no input: %v", err)
			}
			if diff := cmp.Diff(got, again); diff != "" {
				t.Fatalf("not idempotent: %s", diff)
			}
			kept, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(around, "c4n4ry") && strings.Contains(string(kept), "c4n4ryc4n4ry") && !strings.Contains(wire, "c4n4ry") {
				t.Fatalf("the canary survived: %s", kept)
			}
		}
	})
}

func BenchmarkNew(b *testing.B) {
	in := page()
	in.Body = strings.Repeat("<p class=\"note\"><a href=\"https://h.example/help\">Ordinary words of a page</a> that refuses.</p>\n", 50)
	in.ResponseHeaders = []Header{{"Server", "nginx"}, {"Content-Type", "text/html"}, {"Date", "Thu, 15 Jan 2026 10:00:00 GMT"}}
	for b.Loop() {
		if _, err := New(in); err != nil {
			b.Fatal(err)
		}
	}
}
