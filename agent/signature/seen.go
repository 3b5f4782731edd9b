package signature

import (
	"bytes"
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/refusal"
)

// seen is a refusal made ready for comparing: everything in lower case, each
// part prepared once, and what was found in it of a set's literals. It is used
// again and again, since its buffers hold whole pages.
type seen struct {
	set        *Set
	r          *refusal.Refusal
	headers    []header
	challenges []challenge.Challenge
	cookies    []string // names that the browser holds
	lines      []byte   // of the header section
	visible    []byte   // text of the page
	text       []byte   // title and visible text, as they stand there
	lower      [len(places)][]byte
	found      []uint64 // bits of literals
	rows       []uint64 // bits of the rows that may hold
}

type header struct {
	name, value string
	lower       bool
}

// lowered puts the value into lower case when a row first asks.
func (h *header) lowered() string {
	if !h.lower {
		h.value, h.lower = strings.ToLower(h.value), true
	}
	return h.value
}

// see prepares a refusal and looks for the set's literals in it.
func (set *Set) see(r *refusal.Refusal) *seen {
	s, ok := set.work.Get().(*seen)
	if !ok {
		s = &seen{set: set, found: make([]uint64, len(set.gated)/64+1), rows: make([]uint64, len(set.rows)/64+1)}
	}
	s.r = r
	s.wake(set.always)
	for _, h := range r.ResponseHeaders {
		name := strings.ToLower(h.Name)
		s.headers = append(s.headers, header{name: name, value: h.Value})
		s.lines = append(append(append(append(s.lines, name...), ": "...), h.Value...), '\n')
		s.notice(kindHeader, name)
	}
	if lines := r.Header("www-authenticate"); lines != nil {
		// What makes no sense in the field is left out; what was plainly meant counts.
		s.challenges, _ = challenge.Parse(lines...)
	}
	for i := range s.challenges {
		s.notice(kindScheme, s.challenges[i].Scheme)
		if code, ok := s.challenges[i].Get("error"); ok {
			s.notice(kindError, errorCode(code))
		}
	}
	for i := range r.Cookies {
		s.cookies = append(s.cookies, strings.ToLower(r.Cookies[i].Name))
	}
	if len(s.cookies) > 0 || len(r.Header("set-cookie")) > 0 {
		s.notice(kindCookie, "")
	}
	if len(r.QueryKeys) > 0 {
		s.notice(kindQuery, "")
	}
	// Many pages have in their title alone what they have to say.
	s.visible = refusal.AppendVisibleText(s.visible, r.Body)
	s.text = append(append(append(s.text[:0], r.Title...), '\n'), s.visible...)
	s.lower[inTitle] = appendLower(s.lower[inTitle], r.Title)
	s.lower[inBody] = appendLower(s.lower[inBody], s.text)
	s.lower[inMarkup] = appendLower(s.lower[inMarkup], r.Body)
	s.lower[inAddress] = appendLower(s.lower[inAddress], r.URL)
	s.lower[inHeaders] = appendLower(s.lower[inHeaders], s.lines)
	for p := range places {
		set.texts[p].in(s.lower[p], s.note)
	}
	return s
}

// forget keeps the buffers for the next refusal, and nothing of this one that
// would stay reachable.
func (set *Set) forget(s *seen) {
	clear(s.found)
	clear(s.rows)
	clear(s.headers)
	clear(s.cookies)
	*s = seen{set: set, headers: s.headers[:0], cookies: s.cookies[:0], lines: s.lines[:0], visible: s.visible, text: s.text, lower: s.lower, found: s.found, rows: s.rows}
	set.work.Put(s)
}

// note records a literal that was found.
func (s *seen) note(id uint16) {
	if bit := uint64(1) << (id % 64); s.found[id/64]&bit == 0 {
		s.found[id/64] |= bit
		s.wake(s.set.gated[id])
	}
}

// notice records another fact.
func (s *seen) notice(k kind, text string) { s.wake(s.set.facts[fact{k, text}]) }

// wake lets rows be looked at.
func (s *seen) wake(rows []uint16) {
	for _, i := range rows {
		s.rows[i/64] |= 1 << (i % 64)
	}
}

// foundAny says whether one of some literals was found.
func (s *seen) foundAny(ids []uint16) bool {
	for _, id := range ids {
		if bit := uint64(1) << (id % 64); s.found[id/64]&bit != 0 || s.set.briefs[id/64]&bit != 0 && s.holdsBrief(id) {
			return true
		}
	}
	return false
}

// holdsBrief looks for a literal that was not looked for beforehand.
func (s *seen) holdsBrief(id uint16) bool {
	f := s.set.brief[id]
	return bytes.Contains(s.lower[f.kind], []byte(f.text))
}

func (s *seen) endsPath(t string) bool {
	_, path := s.address()
	return endsWith(path, t)
}

func (s *seen) underHost(domain string) bool {
	host, _ := s.address()
	return endsWith(host, domain) && (len(host) == len(domain) || host[len(host)-len(domain)-1] == '.')
}

func endsWith(b []byte, t string) bool { return len(b) >= len(t) && string(b[len(b)-len(t):]) == t }

// address cuts the address into its host and its path, as escaped. refusal.New
// writes neither user nor query.
func (s *seen) address() (host, path []byte) {
	_, rest, _ := bytes.Cut(s.lower[inAddress], []byte("://"))
	host = rest
	if slash := bytes.IndexByte(rest, '/'); slash >= 0 {
		host, path = rest[:slash], rest[slash:]
	}
	if colon := bytes.LastIndexByte(host, ':'); colon > bytes.LastIndexByte(host, ']') {
		host = host[:colon]
	}
	return host, path
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
	if slices.ContainsFunc(s.cookies, func(held string) bool { return isNamed(held, name) }) {
		return true
	}
	for i := range s.headers {
		if s.headers[i].name != "set-cookie" {
			continue
		}
		n, _, _ := strings.Cut(s.headers[i].lowered(), ";")
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
	for _, cookie := range s.cookies {
		held := false
		for _, name := range names {
			other, passed := strings.CutPrefix(name, "!")
			if passed && isNamed(cookie, other) {
				held = false
				break
			}
			held = held || !passed && isNamed(cookie, name)
		}
		if held {
			return true
		}
	}
	return false
}

// isNamed compares a cookie's name, in lower case, with a name of a row.
func isNamed(cookie, name string) bool {
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

func (s *seen) hasError(code string) bool {
	return s.param("error", func(v string) bool { return errorCode(v) == code })
}

// errorCode looks past single quotes, which are part of a value to the grammar
// and part of no error code.
func errorCode(v string) string { return strings.ToLower(strings.Trim(v, "'")) }

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
