package capture

import (
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/refusal"
)

func TestTranscriptsAreReadHoweverTheyWereKept(t *testing.T) {
	const page = "<h1>403</h1>\n<p>No.</p>"
	answer := "HTTP/1.1 403 Forbidden\nServer: nginx\nContent-Type: text/html\n\n" + page
	for _, tc := range []struct {
		name, input string
		url, body   string // of the last refusal
		refusals    int
	}{
		{"line feeds", answer, refusal.UnknownURL, page, 1},
		{"CRLF", strings.ReplaceAll(answer, "\n", "\r\n"), refusal.UnknownURL, strings.ReplaceAll(page, "\n", "\r\n"), 1},
		{"CR", strings.ReplaceAll(answer, "\n", "\r"), refusal.UnknownURL, strings.ReplaceAll(page, "\n", "\r"), 1},
		{"CRLF doubled by a terminal", strings.ReplaceAll(answer, "\n", "\r\r\n"), refusal.UnknownURL, strings.ReplaceAll(page, "\n", "\r\n"), 1},
		{"a BOM", "\ufeff" + answer, refusal.UnknownURL, page, 1},
		{"blank lines before", "\n\n" + answer, refusal.UnknownURL, page, 1},
		{"bold names", strings.Replace(answer, "Server", "\x1b[1mServer\x1b[0m", 1), refusal.UnknownURL, page, 1},
		{"HTTP/2", "HTTP/2 403 \nserver: nginx\n\n" + page, refusal.UnknownURL, page, 1},
		{"HTTP/3", "HTTP/3 403\nserver: nginx\n\n" + page, refusal.UnknownURL, page, 1},
		{"a prompt before", "anna@pc:~$ curl -i https://h.example/a\n" + answer, "https://h.example/a", page, 1},
		{"a prompt of Windows", "C:\\Users\\anna> curl.exe -i \"https://h.example/a\"\n" + answer, "https://h.example/a", page, 1},
		{"sh -x", "+ curl -i https://h.example/a\n" + answer, "https://h.example/a", page, 1},
		{"other addresses in the command", "$ curl -x http://proxy.example:3128 -H 'Origin: https://o.example' -e https://r.example -i 'https://h.example/a'\n" + answer, "https://h.example/a", page, 1},
		{"a prompt after", answer + "\n$ curl -i https://h.example/b\n" + answer, "https://h.example/b", page, 2},
		{"a body without a line break before the next", answer + answer, refusal.UnknownURL, page, 2},
		{"a header over several lines", "HTTP/1.1 403 Forbidden\nServer: nginx\n and more\n\tand more\n\n" + page, refusal.UnknownURL, page, 1},
		{"a page that shows a status line", answer + "\nHTTP/1.1 401 Unauthorized\nis what the server said", refusal.UnknownURL, page + "\nHTTP/1.1 401 Unauthorized\nis what the server said", 1},
		{"a page with marks of its own", answer + "\n>\n<\n> quoted\n< more\n* item", refusal.UnknownURL, page + "\n>\n<\n> quoted\n< more\n* item", 1},
		{"a list before it", "Here is what I see:\n* the page\n* and this\n\n" + answer, refusal.UnknownURL, page, 1},
		{"no header at all", "HTTP/1.1 403 Forbidden\n\n" + page, refusal.UnknownURL, page, 1},
		{"the wire", "GET /a?b=c HTTP/1.1\nHost: h.example\n\n" + answer, "https://h.example/a", page, 1},
		{"the wire, on a port of its own", "GET /a HTTP/1.1\nHost: h.example:80\n\n" + answer, "http://h.example/a", page, 1},
		{"the wire, with an origin", "POST /a HTTP/1.1\nHost: h.example:8080\nOrigin: http://h.example:8080\n\n" + answer, "http://h.example:8080/a", page, 1},
		{"the wire, to a proxy", "GET http://h.example/a HTTP/1.1\nHost: h.example\n\n" + answer, "http://h.example/a", page, 1},
		{"a form glued to the answer", "POST /a HTTP/1.1\nHost: h.example\n\nuser=x&password=y" + answer, "https://h.example/a", page, 1},
		{"marks without notes", "> GET /a HTTP/1.1\n> Host: h.example\n>\n< HTTP/1.1 403 Forbidden\n< Server: nginx\n<\n" + page, "http://h.example/a", page, 1},
		{"a note glued to the body", "* Connected to h.example (192.0.2.1) port 443\n> GET /a HTTP/1.1\n> Host: h.example\n>\n< HTTP/1.1 403 Forbidden\n<\n" + page + "* Connection #0 to host h.example left intact\n", "https://h.example/a", page, 1},
		{"http after https", "* SSL connection using TLSv1.3\n> GET /a HTTP/1.1\n> Host: h.example\n>\n< HTTP/1.1 302 Found\n< Location: http://i.example/b\n<\n* Issue another request to this URL: 'http://i.example/b'\n* Connected to i.example (192.0.2.1) port 80\n> GET /b HTTP/1.1\n> Host: i.example\n>\n< HTTP/1.1 403 Forbidden\n<\n" + page, "http://i.example/b", page, 1},
		{"trailers of curl -v", "> GET /a HTTP/1.1\n> Host: h.example\n>\n< HTTP/1.1 403 Forbidden\n<\n" + page + "\n< Server-Timing: x\n", "http://h.example/a", page + "\n< Server-Timing: x", 1},
		{"early hints", "HTTP/2 103\nlink: </a.css>\n\nHTTP/2 403\nserver: nginx\n\n" + page, refusal.UnknownURL, page, 1},
		{"the size of a chunk in the page", "HTTP/1.1 403 Forbidden\nTransfer-Encoding: chunked\n\n404\nNot what you think", refusal.UnknownURL, "404\nNot what you think", 1},
		{"chunks", "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n<h1>\r\n8\r\nNo</h1>\n\r\n0\r\n\r\n", refusal.UnknownURL, "<h1>No</h1>", 1},
		{"chunks whose line breaks were changed", "HTTP/1.1 403 Forbidden\nTransfer-Encoding: chunked\n\n7\n<h1>\nNo</h1>\n0\n\n", refusal.UnknownURL, "<h1>\nNo</h1>\n0", 1},
		{"another charset", "HTTP/1.1 403 Forbidden\nContent-Type: text/html; charset=koi8-r\n\n\xe4\xcf\xd3\xd4\xd5\xd0", refusal.UnknownURL, "Доступ", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			list, summary := found(t, tc.input)
			if len(list) != tc.refusals || summary.Broken != nil {
				t.Fatalf("%d refusals, %+v", len(list), summary.Broken)
			}
			r := list[len(list)-1].Refusal
			if r.URL != tc.url || r.Body != tc.body {
				t.Errorf("%s\ngot  %q\nwant %q", r.URL, r.Body, tc.body)
			}
		})
	}
}

func TestAHeaderOverSeveralLinesIsOne(t *testing.T) {
	list, _ := found(t, "HTTP/1.1 401 No\nWWW-Authenticate: Basic\n  realm=\"a\"\n\n")
	if got := list[0].Refusal.Header("www-authenticate"); len(got) != 1 || got[0] != `Basic realm="a"` {
		t.Errorf("got %q", got)
	}
}

func TestWhatWasSentIsKnownOnlyFromTheRequest(t *testing.T) {
	const answer = "HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\"a\"\n\n"
	for _, tc := range []struct{ name, input, authorization, cookies string }{
		{"an answer alone", answer, "", ""},
		{"a request with nothing", "GET / HTTP/1.1\nHost: h.example\n\n" + answer, "none", "no"},
		{"a request with both", "GET / HTTP/1.1\nHost: h.example\nCookie: a=b\nAuthorization: Bearer x\n\n" + answer, "bearer", "yes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			list, _ := found(t, tc.input)
			if r := list[0].Refusal.Request; r.Authorization != tc.authorization || string(r.Cookies) != tc.cookies {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestATranscriptThatBreaksOffSaysSo(t *testing.T) {
	const whole = "HTTP/1.1 302 Found\nLocation: /a\nContent-Length: 0\n\nHTTP/1.1 403 Forbidden\nServer: nginx\nContent-Length: 10\n\n0123456789"
	for _, tc := range []struct {
		name   string
		cut    int // octets at the end
		broken bool
	}{
		{"whole", 0, false}, {"in the body", 5, true}, {"before the body, which may have gone elsewhere", 10, false},
		{"in the header", 12, true}, {"in the status line", 40, true}, {"in the version", 59, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			input := whole[:len(whole)-tc.cut]
			_, summary := found(t, input)
			if (summary.Broken != nil) != tc.broken {
				t.Errorf("after %q: %+v", input[len(input)-8:], summary.Broken)
			}
			if b := summary.Broken; b != nil && b.Offset != int64(len(input)) {
				t.Errorf("broken at %d of %d", b.Offset, len(input))
			}
		})
	}
}
