package redact

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// canaries holds one secret of each shape as it stands in text: plant is what
// a page or log says, secret the part that must not survive.
var canaries = []struct{ shape, plant, secret string }{
	{"jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl", "eyJzdWIiOiJjYW5hcnkifQ"},
	{"bearer token", "Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"},
	{"basic credentials", "Basic QWxhZGRpbjpvcGVu", "QWxhZGRpbjpvcGVu"},
	{"authorization", "authorization: Custom canary-canary", "canary-canary"},
	{"cookie pairs", "Cookie: sid=canary1; theme=canary2", "canary2"},
	{"keyed secret", "password=canary", "canary"},
	{"keyed secret", `"client_secret": "canary words"`, "canary words"},
	{"keyed secret", "&access_token=canary", "canary"},
	{"spoken password", "Password: canary", "canary"},
	{"field value", `<input type="hidden" name="state" value="canary">`, "canary"},
	{"page token", `<meta name="csrf-token" content="canary">`, "canary"},
	{"url query", "https://host.example/a?b=canary", "canary"},
	{"url user information", "ftp://canary:canary@host.example/", "canary"},
	{"private key", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----", "canary"},
	{"aws key id", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"},
	{"github token", "ghp_canarycanarycanary", "canarycanarycanary"},
	{"gitlab or npm token", "glpat-canary-canary-canary", "canary-canary-canary"},
	{"slack token", "xoxb-canary-canary", "canary-canary"},
	{"stripe key", "sk_live_canarycanary", "canarycanary"},
	{"google key", "AIzaCanaryCanaryCanaryCanaryCanaryCanary", "CanaryCanaryCanaryCanary"},
	{"sendgrid key", "SG.canarycanarycanary.canarycanarycanary", "canarycanarycanary"},
	{"mail", "canary@host.example", "canary"},
	{"hex", "4f3c2b1a0987d6e5c4b3a2918076f5e4", "4f3c2b1a0987d6e5c4b3a2918076f5e4"},
	{"base64", "dGhpcy1pc/YS1jYW5hcnk0Mg+Qk9z3hYdkpMcQ", "YS1jYW5hcnk0Mg"},
}

func TestEveryShapeIsRemovedFromText(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range canaries {
		seen[c.shape] = true
		t.Run(c.shape, func(t *testing.T) {
			for _, around := range [][2]string{{"", ""}, {"before ", " after"}, {"x", "&y"}, {"<p>", "</p>"}} {
				got := Text(around[0] + c.plant + around[1])
				if strings.Contains(got, c.secret) {
					t.Errorf("%q survived in %q", c.secret, got)
				}
			}
		})
	}
	for _, h := range shapes {
		if !seen[h.name] {
			t.Errorf("shape %q has no canary", h.name)
		}
	}
}

func TestText(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"ordinary words stay", "You don't have permission to access this resource.", "You don't have permission to access this resource."},
		{"talk about authentication is no secret", "Basic authentication and bearer authentication required", "Basic authentication and bearer authentication required"},
		{"an error code is no token", `error="invalid_token", error_description="The access token expired"`, `error="invalid_token", error_description="The access token expired"`},
		{"a vendor's request ids stay", "Ray ID: 7d1f2a3b4c5d6e7f Reference #18.5def2e17.1618968337.589c8e7", "Ray ID: 7d1f2a3b4c5d6e7f Reference #18.5def2e17.1618968337.589c8e7"},
		{"a correlation UUID stays", "Correlation ID: 0f8fad5b-d9cb-469f-a165-70867728950e", "Correlation ID: 0f8fad5b-d9cb-469f-a165-70867728950e"},
		{"a long path of words stays", "/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1", "/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"},
		{"a mail address keeps its domain", "signed in as anna@example.org", "signed in as {...}@example.org"},
		{"a package version is no mail address", "/npm/jquery@3.7.1/dist", "/npm/jquery@3.7.1/dist"},
		{"a quoted value keeps its quotes", `{"password":"a b","user":"x"}`, `{"password":"{...}","user":"x"}`},
		{"a design is no signature", "design=blue", "design=blue"},
		{"an address in a path keeps no user", "https://a.example/https://u:p@b.example/", "https://a.example/https://{...}@b.example/"},
		{"an AWS secret key goes although it reads like words", "key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.", "key {...}."},
		{"overlapping secrets are one mark", "token=eyJhbGciOiJIUzI1NiJ9.e30.c2ln&x", "token={...}&x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Text(tc.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBoundedNeverLeavesHalfASecret(t *testing.T) {
	for _, c := range canaries {
		in := strings.Repeat("word ", 19) + c.plant + " tail"
		for limit := range len(in) + 1 {
			got := Bounded(in, limit)
			if len(got) > limit {
				t.Fatalf("%s: %d bytes, limit %d", c.shape, len(got), limit)
			}
			if strings.Contains(got, c.secret) || Bounded(got, limit) != got {
				t.Fatalf("%s: limit %d leaves %q", c.shape, limit, got)
			}
			if i := strings.LastIndexByte(got, '{'); i >= 0 && strings.HasPrefix(Mark, got[i:]) && got[i:] != Mark {
				t.Fatalf("%s: limit %d leaves half a mark: %q", c.shape, limit, got)
			}
		}
	}
}

func TestToken(t *testing.T) {
	for name, want := range map[string]bool{
		"documents": false, "index2.html": false, "getUserProfileById": false, "2024-11-23": false, "v1.2.3": false,
		"donaudampfschiffahrt": false, "": false,
		"0f8fad5b-d9cb-469f-a165-70867728950e": true, "1234567890": true, "4f3c2b1a09": true,
		"eyJhbGciOiJIUzI1NiJ9.e30.c2ln": true, "xKq7Lm2Pz9Rt": true, "bcdfghjklmnpqrstvwxzbcdf": true,
	} {
		if got := Token(name); got != want {
			t.Errorf("Token(%q) = %v", name, got)
		}
	}
}

func FuzzText(f *testing.F) {
	for i := range canaries {
		f.Add("x", "y", uint8(i))
	}
	f.Add(`password="`, `"`, uint8(0))
	f.Add("https://a?", "#", uint8(4))
	f.Fuzz(func(t *testing.T, before, after string, n uint8) {
		c := canaries[int(n)%len(canaries)]
		if strings.Contains(before, c.secret) || strings.Contains(after, c.secret) {
			return // the surroundings themselves hold the canary's word
		}
		got := Text(before + "\n" + c.plant + "\n" + after)
		if strings.Contains(got, c.secret) {
			t.Errorf("%s survived in %q", c.shape, got)
		}
		if again := Text(got); again != got {
			t.Errorf("second pass changed %q to %q", got, again)
		}
	})
}

func BenchmarkText(b *testing.B) {
	page := strings.Repeat(`<div class="cf-error-details"><a href="https://www.example.org/learn?x=1">Why was I blocked?</a> Sign in to see this page.</div>`+"\n", 40)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		Text(page)
	}
}
