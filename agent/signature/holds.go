package signature

import (
	"slices"
	"strings"
)

// test is a condition made ready: its texts are ids of what a page is searched
// for once, for all rows.
type test struct {
	*Condition
	title, body, markup []uint16
	all, any, not       []test
	pattern             *compiled
}

func (t *test) holds(s *seen) bool {
	c := t.Condition
	// Cheap tests stand first: most rows end at the first.
	if len(c.Status) > 0 && !slices.Contains(c.Status, s.r.Status) ||
		len(t.title) > 0 && !s.foundAny(t.title) ||
		len(t.body) > 0 && !s.foundAny(t.body) ||
		len(t.markup) > 0 && !s.foundAny(t.markup) ||
		c.Header != nil && !c.Header.holds(s) {
		return false
	}
	if len(c.Scheme) > 0 && !slices.ContainsFunc(c.Scheme, s.hasScheme) ||
		len(c.Realm) > 0 && !slices.ContainsFunc(c.Realm, s.inRealm) ||
		len(c.Error) > 0 && !slices.ContainsFunc(c.Error, s.hasError) ||
		len(c.Detail) > 0 && !slices.ContainsFunc(c.Detail, s.inDetail) ||
		len(c.Cookie) > 0 && !slices.ContainsFunc(c.Cookie, s.hasCookie) ||
		len(c.Held) > 0 && !s.holdsCookie(c.Held) ||
		len(c.Query) > 0 && !slices.ContainsFunc(c.Query, s.hasQuery) ||
		len(c.Host) > 0 && !slices.ContainsFunc(c.Host, s.underHost) ||
		len(c.Path) > 0 && !slices.ContainsFunc(c.Path, s.endsPath) {
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
	return one && (t.pattern == nil || c.Pattern.holds(s, t.pattern))
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
