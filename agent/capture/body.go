package capture

import (
	"fmt"
	"strconv"
	"strings"
)

// bodyLine adds to the body, unless the next request or response begins here.
func (t *transcript) bodyLine(line, end string) error {
	bare := strings.TrimRight(line, " ")
	empty := t.body.Len() == 0
	if t.verbose {
		if n := gluedNote.FindStringIndex(line); n != nil {
			t.addBody(line[:n[0]])
			t.note(line[n[0]:])
			return nil
		}
	}
	switch {
	case empty && statusLine.MatchString(bare):
		if t.echo(bare) {
			return nil
		}
		return t.begin(bare)
	case strings.Contains(line, "curl") && command.MatchString(line):
		if err := t.finish(); err != nil {
			return err
		}
		t.asks(line)
	case strings.Contains(line, "HTTP/") && (glued.MatchString(bare) || requestLine.MatchString(bare)):
		t.ahead, t.aheadBy = bare, end // the next line decides
	case line != "" || !empty:
		t.addBody(line)
		t.addBody(end)
	}
	return nil
}

// settleAhead decides whether what looks like a first line is one: then a
// header line follows it.
func (t *transcript) settleAhead(next string) error {
	ahead := t.ahead
	t.ahead = ""
	switch {
	case ahead == "":
		return nil
	case !fieldLine.MatchString(next):
		t.addBody(ahead)
		t.addBody(t.aheadBy)
		return nil
	case requestLine.MatchString(ahead):
		return t.begin(ahead)
	}
	i := glued.FindStringIndex(ahead)[0]
	t.addBody(ahead[:i])
	return t.begin(ahead[i:])
}

func (t *transcript) addBody(s string) {
	if room := maxBody - t.body.Len(); len(s) > room {
		s, _ = clip(s, max(0, room))
		if t.x != nil {
			t.x.cut = true
		}
	}
	t.body.WriteString(s)
}

// finish hands on the response that was being read.
func (t *transcript) finish() error {
	x, body := t.x, t.body.String()
	t.x, t.state = nil, outside
	t.body.Reset()
	if x == nil {
		return nil
	}
	// A proxy's word that the tunnel stands has no length and no body (RFC 9110
	// 9.3.6).
	tunnel := x.method == "CONNECT" ||
		x.method == "" && body == "" && x.response.get("content-type") == "" && x.response.get("content-length") == ""
	if x.status < 200 || x.status < 300 && tunnel {
		return nil // 100 Continue and the like (RFC 9110 15.2), and a proxy's tunnel
	}
	t.n++
	x.source = fmt.Sprintf("response %d", t.n)
	if strings.EqualFold(x.response.get("transfer-encoding"), "chunked") {
		body = dechunked(body)
	}
	x.body = inUnicode(strings.TrimRight(body, "\r\n"), x.response.get("content-type"))
	t.next = exchange{}
	if to := x.target(); to != "" {
		t.url = to
	}
	return t.c.add(x)
}

// locate makes the target of a request an absolute address (RFC 9112 3.2).
func (t *transcript) locate() {
	target := t.next.url
	host := t.next.request.get("host")
	if host == "" {
		host = t.next.request.get(":authority")
	}
	switch {
	case strings.HasPrefix(target, "http://"), strings.HasPrefix(target, "https://"):
		t.url = target
	case t.next.method == "CONNECT":
		t.secure = true
		t.url = "https://" + target
	case host != "" && strings.HasPrefix(target, "/"):
		t.url = t.scheme(host) + "://" + host + target
	}
}

// scheme says how a host was asked. Raw HTTP does not tell; there what else is
// known of the host decides.
func (t *transcript) scheme(host string) string {
	for _, known := range []string{t.url, t.next.request.get("origin"), t.next.request.get("referer")} {
		if scheme, rest, ok := strings.Cut(known, "://"); ok && strings.HasPrefix(rest, host) {
			return strings.ToLower(scheme)
		}
	}
	if t.secure || !t.verbose && !strings.HasSuffix(host, ":80") {
		return "https"
	}
	return "http"
}

// dechunked takes the chunk sizes (RFC 9112 7.1) out of a body that shows
// them, as raw HTTP does and curl does not.
func dechunked(body string) string {
	var out strings.Builder
	for rest := body; ; {
		line, after, whole := strings.Cut(rest, "\n")
		line, _, _ = strings.Cut(line, ";")
		size, err := strconv.ParseUint(strings.TrimSpace(line), 16, 31)
		switch {
		case err == nil && size == 0 && out.Len() > 0:
			return out.String()
		case err != nil || !whole || size == 0:
			if out.Len() == 0 {
				return body
			}
			return out.String() + rest
		case int(size) >= len(after): // the last one that was recorded
			if out.Len() == 0 && len(body) < maxBody && !strings.HasPrefix(after, "<") && !strings.HasPrefix(after, "{") {
				return body
			}
			return out.String() + after
		}
		next := strings.TrimPrefix(after[size:], "\r")
		if !strings.HasPrefix(next, "\n") {
			return out.String() + after // line breaks were changed, so that no count holds
		}
		out.WriteString(after[:size])
		rest = next[1:]
	}
}
