package signature

import (
	"net/url"
	"strings"

	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/refusal"
)

// seen is a refusal made ready for comparing: everything in lower case, each
// part prepared once.
type seen struct {
	r          *refusal.Refusal
	status     int
	headers    []header
	challenges []challenge.Challenge
	host, path string
	title      string
	text       string   // visible, as it stands on the page
	body       haystack // text in lower case
	markup     haystack // filled when a row first asks
}

type header struct{ name, value string }

func see(r *refusal.Refusal) *seen {
	text := refusal.VisibleText(r.Body)
	s := &seen{r: r, status: r.Status, title: strings.ToLower(r.Title), text: text, body: haystack{text: strings.ToLower(text)}}
	s.headers = make([]header, 0, len(r.ResponseHeaders))
	for _, h := range r.ResponseHeaders {
		s.headers = append(s.headers, header{strings.ToLower(h.Name), strings.ToLower(h.Value)})
	}
	// What makes no sense in the field is left out; what was plainly meant counts.
	s.challenges, _ = challenge.Parse(r.Header("www-authenticate")...)
	if u, err := url.Parse(r.URL); err == nil {
		s.host, s.path = strings.ToLower(u.Hostname()), strings.ToLower(u.Path)
	}
	return s
}

func (s *seen) inTitle(t string) bool  { return strings.Contains(s.title, t) }
func (s *seen) inBody(t string) bool   { return s.body.holds(t) }
func (s *seen) endsPath(t string) bool { return strings.HasSuffix(s.path, t) }

func (s *seen) inMarkup(t string) bool {
	if s.markup.text == "" {
		s.markup.text = strings.ToLower(s.r.Body)
	}
	return s.markup.holds(t)
}

func (s *seen) underHost(domain string) bool {
	return s.host == domain || strings.HasSuffix(s.host, "."+domain)
}

func (s *seen) hasQuery(key string) bool {
	for _, k := range s.r.QueryKeys {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// hasCookie looks at the cookies that the browser holds and at the names that
// the answer sets.
func (s *seen) hasCookie(name string) bool {
	for i := range s.r.Cookies {
		if isNamed(s.r.Cookies[i].Name, name) {
			return true
		}
	}
	for _, h := range s.headers {
		if h.name != "set-cookie" {
			continue
		}
		n, _, _ := strings.Cut(h.value, ";")
		n, _, _ = strings.Cut(n, "=")
		if isNamed(strings.TrimSpace(n), name) {
			return true
		}
	}
	return false
}

// holdsCookie looks at the cookies that the browser holds alone: what an answer
// sets, a visitor who never came before gets too.
func (s *seen) holdsCookie(names []string) bool {
	for i := range s.r.Cookies {
		held := false
		for _, name := range names {
			other, passed := strings.CutPrefix(name, "!")
			if passed && isNamed(s.r.Cookies[i].Name, other) {
				held = false
				break
			}
			held = held || !passed && isNamed(s.r.Cookies[i].Name, name)
		}
		if held {
			return true
		}
	}
	return false
}

// isNamed compares a cookie's name with a name of a row.
func isNamed(cookie, name string) bool {
	cookie = strings.ToLower(cookie)
	if prefix, ok := strings.CutSuffix(name, "*"); ok {
		return strings.HasPrefix(cookie, prefix)
	}
	if ending, ok := strings.CutPrefix(name, "*"); ok {
		return strings.HasSuffix(cookie, ending)
	}
	return cookie == name
}

func (s *seen) hasScheme(scheme string) bool {
	for i := range s.challenges {
		if s.challenges[i].Scheme == scheme {
			return true
		}
	}
	return false
}

// hasError looks past single quotes, which are part of a value to the grammar
// and part of no error code.
func (s *seen) hasError(code string) bool {
	return s.param("error", func(v string) bool { return strings.Trim(v, "'") == code })
}

func (s *seen) inDetail(t string) bool {
	return s.param("error_description", func(v string) bool { return strings.Contains(v, t) })
}

func (s *seen) inRealm(t string) bool {
	return s.param("realm", func(v string) bool { return strings.Contains(v, t) })
}

func (s *seen) param(name string, test func(string) bool) bool {
	for i := range s.challenges {
		if v, ok := s.challenges[i].Get(name); ok && test(strings.ToLower(v)) {
			return true
		}
	}
	return false
}

// maxQuote is longer than every reference that a vendor documents.
const maxQuote = 80

// find returns what to quote, or nothing. The site wrote it: it is cut, and
// freed of characters that could disguise it.
func (q *Quote) find(s *seen) string {
	if q == nil {
		return ""
	}
	value := ""
	if q.Header != "" {
		if vs := s.r.Header(q.Header); len(vs) > 0 {
			value = vs[0]
		}
	} else if i := strings.Index(s.body.text, q.After); i >= 0 && len(s.body.text) == len(s.text) {
		// Lower case can change the length of some letters; then offsets do
		// not fit and there is no quote.
		value = firstWord(s.text[i+len(q.After):])
	}
	if value = redact.Line(value, maxQuote); value == "" {
		return ""
	}
	return q.Label + ": " + value
}

func firstWord(s string) string {
	s = strings.TrimLeft(s, " :#")
	end := strings.IndexFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && r != '_' && r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end >= 0 {
		s = s[:end]
	}
	return strings.TrimRight(s, ".:-_")
}
