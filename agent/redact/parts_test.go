package redact

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestURL(t *testing.T) {
	for _, tc := range []struct {
		name, in, want string
		keys           []string
	}{
		{"query values, fragment and user go", "https://anna:pw@Example.org:443/a/b?next=/x&id=7&next=2#frag", "https://example.org/a/b", []string{"next", "id"}},
		{"a bare host gets its root", "http://example.org:8080", "http://example.org:8080/", nil},
		{"machine-made segments go", "https://h.example/u/0f8fad5b-d9cb-469f-a165-70867728950e/edit/1234567890", "https://h.example/u/{...}/edit/{...}", nil},
		{"a session in a path parameter goes", "https://h.example/a;jsessionid=1A2B/b", "https://h.example/a;{...}/b", nil},
		{"an encoded token is seen through", "https://h.example/%65yJhbGciOiJIUzI1NiJ9.e30.c2ln", "https://h.example/{...}", nil},
		{"a mail address in the path goes", "https://h.example/users/anna%40example.org", "https://h.example/users/{...}", nil},
		{"a backslash ends the authority", `https://evil.example\@good.example/`, "https://evil.example/@good.example/"[:21] + "{...}/", nil},
		{"an international name is shown in punycode", "https://аpple.example/", "https://xn--pple-43d.example/", nil},
		{"redacting twice changes nothing", "https://h.example/u/{...}/edit", "https://h.example/u/{...}/edit", nil},
		{"a secret as a key goes", "https://h.example/?4f3c2b1a0987d6e5c4b3a2918076f5e4&a", "https://h.example/", []string{"a"}},
		{"another scheme keeps the host alone", "ftp://u:p@h.example/secret", "h.example", nil},
		{"a script address yields nothing", "javascript:alert(1)", "", nil},
		{"a data address yields nothing", "data:text/html,secret", "", nil},
		{"no address yields nothing", "not an address", "", nil},
		{"a line break cannot pass", "https://h.example/a\r\nSet-Cookie: x", "https://h.example/a%0D%0ASet-Cookie:%20x", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, keys := URL(tc.in)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.keys, keys); diff != "" {
				t.Error(diff)
			}
			if again, _ := URL(got); strings.Contains(got, "://") && again != got {
				t.Errorf("second pass: %q", again)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	for _, tc := range []struct {
		name, header, in, want string
		keep                   bool
	}{
		{"what was sent is never kept", "Authorization", "Basic QWxhZGRpbjpvcGVu", "", false},
		{"cookies sent are never kept", "Cookie", "a=b", "", false},
		{"unknown names are not kept", "X-Anything", "1", "", false},
		{"a vendor's token is not kept for its family", "X-Amz-Security-Token", "1", "", false},
		{"an identity header is not kept for its family", "X-MS-CLIENT-PRINCIPAL-NAME", "anna", "", false},
		{"a request id is kept whole", "X-Amz-Cf-Id", "k3cHdPBMCqkQ4hJ9dYbFMc1mPtBkrmUnmZ1YUZ7Z2YV0C9wNJp4WuQ==", "k3cHdPBMCqkQ4hJ9dYbFMc1mPtBkrmUnmZ1YUZ7Z2YV0C9wNJp4WuQ==", true},
		{"a token in a request id goes", "X-Request-Id", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "{...}", true},
		{"a challenge keeps realm and nonce", "WWW-Authenticate", `Digest realm="api@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", algorithm=SHA-256`, `Digest realm="api@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", algorithm=SHA-256`, true},
		{"a challenge that repeats the token loses it", "www-authenticate", `Bearer error="invalid_token", error_description="eyJhbGciOiJIUzI1NiJ9.e30.c2ln is over"`, `Bearer error="invalid_token", error_description="{...} is over"`, true},
		{"a challenge that repeats an opaque token loses it", "www-authenticate", `Bearer error="invalid_token", error_description="4f3c2b1a0987d6e5c4b3a2918076f5e4 is over"`, `Bearer error="invalid_token", error_description="{...} is over"`, true},
		{"a handshake step stays", "www-authenticate", "NTLM TlRMTVNTUAACAAAADAAMADgAAAAFgomi", "NTLM TlRMTVNTUAACAAAADAAMADgAAAAFgomi", true},
		{"a redirect loses its query", "Location", "https://login.example/authorize?state=1", "https://login.example/authorize", true},
		{"a relative redirect loses its query", "location", "/login?next=%2F", "/login", true},
		{"a redirect without a scheme keeps its form", "location", "//u:p@login.example/x?y", "//login.example/x", true},
		{"a cookie keeps name and attributes", "Set-Cookie", "sid=canary; Path=/a; Domain=Example.org; HttpOnly; Note=canary; Max-Age=0", "sid={...}; path=/a; domain=example.org; httponly; max-age=0", true},
		{"a value stays on one line", "Server", "nginx\r\nX: y\u2028z", "nginx  X: y z", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := Header(tc.header, tc.in)
			if got != tc.want || ok != tc.keep {
				t.Errorf("got %q, %v; want %q, %v", got, ok, tc.want, tc.keep)
			}
			if again, ok := Header(tc.header, got); ok && again != got {
				t.Errorf("second pass: %q", again)
			}
		})
	}
}

func TestLine(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		max      int
		want     string
	}{
		{"plain text stays", "Intranet", 80, "Intranet"},
		{"line breaks become one blank", "a\r\n\r\n b\u2028c\u0085d", 80, "a b c d"},
		{"direction characters go", "abc\u202egnp.exe\u2066\u200f", 80, "abcgnp.exe"},
		{"zero-width and blank letters go", "pay\u200bpal\u3164\u00ad", 80, "paypal"},
		{"terminal colours go", "\x1b[31mred\x1b[0m\x1b]0;title\aend", 80, "redend"},
		{"an unfinished sequence goes", "x\x1b[31", 80, "x"},
		{"an unfinished sequence ends at foreign text", "x\x1b[31\u00e9", 80, "x\u00e9"},
		{"what is too long ends in an ellipsis", "abcdef", 4, "abc…"},
		{"runes are counted, not bytes", "äöüß", 4, "äöüß"},
		{"nothing fits in nothing", "abc", 0, ""},
		{"broken bytes show", "a\xffb", 80, "a\ufffdb"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Line(tc.in, tc.max); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestHost(t *testing.T) {
	for in, want := range map[string]string{
		"Example.ORG": "example.org", "u@h.example:8443": "h.example:8443", "bücher.example": "xn--bcher-kva.example",
		"[::1]:8080": "[::1]:8080", "[FE80::1]": "[fe80::1]", "my_host.local": "my_host.local", "h.example:": "h.example",
		"": "", "a b": "", "h:port": "", "::1": "", "h.example:123456": "", "evil\u202e.example": "xn--evil-yd7a.example",
	} {
		if got := Host(in); got != want {
			t.Errorf("Host(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzURL(f *testing.F) {
	f.Add("https://u:p@h.example/a?b=c#d")
	f.Add("https://h.example/%7B...%7D/{...};x")
	f.Fuzz(func(t *testing.T, raw string) {
		got, _ := URL(raw)
		if strings.ContainsAny(got, "?#\n\r \"<>") {
			t.Errorf("%q is not safe", got)
		}
		if again, _ := URL(got); strings.Contains(got, "://") && again != got {
			t.Errorf("second pass changed %q to %q", got, again)
		}
	})
}

func FuzzHeader(f *testing.F) {
	for _, name := range []string{"location", "set-cookie", "www-authenticate", "server", "x-request-id"} {
		f.Add(name, "a=b; path=/x; domain=h", uint8(0))
	}
	f.Fuzz(func(t *testing.T, name, around string, n uint8) {
		c := canaries[int(n)%13] // the known shapes, which go from every header
		if strings.Contains(around, c.secret) || c.shape == "mail" {
			return
		}
		got, ok := Header(name, around+" "+c.plant)
		if !ok {
			return
		}
		if strings.ContainsAny(got, "\r\n\x00\x1b") {
			t.Errorf("%q is not one line", got)
		}
		if again, _ := Header(name, got); again != got {
			t.Errorf("second pass changed %q to %q", got, again)
		}
	})
}
