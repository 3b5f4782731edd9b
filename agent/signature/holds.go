package signature

import (
	"slices"
	"strings"
)

// test is a condition made ready: its texts are ids of what a page is searched
// for once, for all rows. Thousands are held, so that it keeps no more of the
// condition than it needs.
type test struct {
	title, body, markup []uint16
	all, any, not       []test
	rest                *Condition // what it asks besides texts and other conditions; nil for nothing
	pattern             *compiled
	status              status
}

// status is a set of the two statuses; the empty one holds for both.
type status uint8

func statusOf(codes []int) (set status) {
	for _, code := range codes {
		set |= bitOf(code)
	}
	return set
}

// list is what statusOf made the set of.
func (set status) list() (codes []int) {
	for _, code := range []int{401, 403} {
		if set&bitOf(code) != 0 {
			codes = append(codes, code)
		}
	}
	return codes
}

func bitOf(code int) status {
	if code == 401 {
		return 1
	}
	return 2
}

func (t *test) holds(s *seen) bool {
	// Cheap tests stand first: most rows end at the first.
	if t.status != 0 && t.status&bitOf(s.r.Status) == 0 ||
		len(t.title) > 0 && !s.foundAny(t.title) ||
		len(t.body) > 0 && !s.foundAny(t.body) ||
		len(t.markup) > 0 && !s.foundAny(t.markup) ||
		t.rest != nil && !t.rest.factsHold(s) {
		return false
	}
	for i := range t.all {
		if !t.all[i].holds(s) {
			return false
		}
	}
	for i := range t.not {
		if t.not[i].holds(s) {
			return false
		}
	}
	one := len(t.any) == 0
	for i := range t.any {
		if t.any[i].holds(s) {
			one = true
			break
		}
	}
	return one && (t.pattern == nil || t.rest.Pattern.holds(s, t.pattern))
}

// factsHold looks at all but the texts, the pattern and other conditions.
func (c *Condition) factsHold(s *seen) bool {
	return (c.Header == nil || c.Header.holds(s)) &&
		(len(c.Scheme) == 0 || slices.ContainsFunc(c.Scheme, s.hasScheme)) &&
		(len(c.Realm) == 0 || slices.ContainsFunc(c.Realm, s.inRealm)) &&
		(len(c.Error) == 0 || slices.ContainsFunc(c.Error, s.hasError)) &&
		(len(c.Detail) == 0 || slices.ContainsFunc(c.Detail, s.inDetail)) &&
		(len(c.Cookie) == 0 || slices.ContainsFunc(c.Cookie, s.hasCookie)) &&
		(len(c.Held) == 0 || s.holdsCookie(c.Held)) &&
		(len(c.Query) == 0 || slices.ContainsFunc(c.Query, s.hasQuery)) &&
		(len(c.Host) == 0 || slices.ContainsFunc(c.Host, s.underHost)) &&
		(len(c.Path) == 0 || slices.ContainsFunc(c.Path, s.endsPath))
}

func (h *HeaderTest) holds(s *seen) bool {
	for i := range s.headers {
		if s.headers[i].name != h.Name {
			continue
		}
		v := s.headers[i].lowered()
		switch {
		case h.Is != "":
			if v == h.Is {
				return true
			}
		case h.Has != "":
			if strings.Contains(v, h.Has) {
				return true
			}
		case h.Prefix != "":
			if strings.HasPrefix(v, h.Prefix) {
				return true
			}
		default:
			return true
		}
	}
	return false
}
