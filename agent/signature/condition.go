package signature

import (
	"slices"
	"strings"
)

// Condition is a closed vocabulary. Everything that is set must hold; of a
// list of texts one is enough. Texts are compared in lower case.
type Condition struct {
	All []Condition `json:"all,omitempty" yaml:"all,omitempty"`
	Any []Condition `json:"any,omitempty" yaml:"any,omitempty"`
	Not []Condition `json:"not,omitempty" yaml:"not,omitempty"` // none of these holds

	Status []int       `json:"status,omitempty" yaml:"status,omitempty"`
	Header *HeaderTest `json:"header,omitempty" yaml:"header,omitempty"`
	Cookie []string    `json:"cookie,omitempty" yaml:"cookie,omitempty"` // a name the browser holds or the answer sets; "x*" for a prefix
	Held   []string    `json:"held,omitempty" yaml:"held,omitempty"`     // a name the browser holds; "x*" for a prefix, "*x" for an ending, "!x" for a name that is passed over
	Query  []string    `json:"query,omitempty" yaml:"query,omitempty"`   // a query key
	Scheme []string    `json:"scheme,omitempty" yaml:"scheme,omitempty"` // of a challenge
	Realm  []string    `json:"realm,omitempty" yaml:"realm,omitempty"`   // part of a challenge's realm
	Error  []string    `json:"error,omitempty" yaml:"error,omitempty"`   // a challenge's error code (RFC 6750 3.1)
	Detail []string    `json:"detail,omitempty" yaml:"detail,omitempty"` // part of its error_description
	Host   []string    `json:"host,omitempty" yaml:"host,omitempty"`     // the host or a parent domain of it
	Path   []string    `json:"path,omitempty" yaml:"path,omitempty"`     // how the path ends
	Title  []string    `json:"title,omitempty" yaml:"title,omitempty"`   // part of the title
	Body   []string    `json:"body,omitempty" yaml:"body,omitempty"`     // part of the visible text
	Markup []string    `json:"markup,omitempty" yaml:"markup,omitempty"` // part of the markup itself
}

// HeaderTest looks at one response header. With none of the three it asks only
// whether the header is there.
type HeaderTest struct {
	Name   string `json:"name" yaml:"name"`
	Is     string `json:"is,omitempty" yaml:"is,omitempty"`
	Has    string `json:"has,omitempty" yaml:"has,omitempty"`
	Prefix string `json:"prefix,omitempty" yaml:"prefix,omitempty"`
}

func (c *Condition) holds(s *seen) bool {
	// Cheap tests stand first: most rows end at the first.
	if len(c.Status) > 0 && !slices.Contains(c.Status, s.status) {
		return false
	}
	if c.Header != nil && !c.Header.holds(s) {
		return false
	}
	if len(c.Scheme) > 0 && !anyOf(c.Scheme, s.hasScheme) ||
		len(c.Realm) > 0 && !anyOf(c.Realm, s.inRealm) ||
		len(c.Error) > 0 && !anyOf(c.Error, s.hasError) ||
		len(c.Detail) > 0 && !anyOf(c.Detail, s.inDetail) ||
		len(c.Cookie) > 0 && !anyOf(c.Cookie, s.hasCookie) ||
		len(c.Held) > 0 && !s.holdsCookie(c.Held) ||
		len(c.Query) > 0 && !anyOf(c.Query, s.hasQuery) ||
		len(c.Host) > 0 && !anyOf(c.Host, s.underHost) ||
		len(c.Path) > 0 && !anyOf(c.Path, s.endsPath) {
		return false
	}
	if len(c.Title) > 0 && !anyOf(c.Title, s.inTitle) ||
		len(c.Body) > 0 && !anyOf(c.Body, s.inBody) ||
		len(c.Markup) > 0 && !anyOf(c.Markup, s.inMarkup) {
		return false
	}
	for i := range c.All {
		if !c.All[i].holds(s) {
			return false
		}
	}
	for i := range c.Not {
		if c.Not[i].holds(s) {
			return false
		}
	}
	if len(c.Any) == 0 {
		return true
	}
	for i := range c.Any {
		if c.Any[i].holds(s) {
			return true
		}
	}
	return false
}

func anyOf(texts []string, test func(string) bool) bool {
	return slices.ContainsFunc(texts, test)
}

func (h *HeaderTest) holds(s *seen) bool {
	for i := range s.headers {
		if s.headers[i].name != h.Name {
			continue
		}
		v := s.headers[i].value
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
