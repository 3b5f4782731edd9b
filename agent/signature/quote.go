package signature

import (
	"bytes"
	"strings"

	"github.com/readmit/readmit/agent/redact"
)

// Quote finds the number that the site's own support asks for, in one of
// three ways.
type Quote struct {
	Label  string `yaml:"label"`            // such as "Ray ID"
	Header string `yaml:"header,omitempty"` // taken from this header
	After  string `yaml:"after,omitempty"`  // or the word that follows this text on the page
	Regexp string `yaml:"regexp,omitempty"` // or the one group of this, in the visible text
}

// maxQuote is longer than every reference that a vendor documents.
const maxQuote = 80

// find returns what to quote, or nothing; c is the quote's expression, if it
// has one. The site wrote the text: it is cut, and freed of characters that
// could disguise it.
func (q *Quote) find(s *seen, c *compiled) string {
	if q == nil {
		return ""
	}
	value := ""
	if q.Header != "" {
		if vs := s.r.Header(q.Header); len(vs) > 0 {
			value = vs[0]
		}
	} else if body := s.lower[inBody]; len(body) == len(s.text) {
		// Lower case can change the length of some letters; then places do
		// not fit and there is no quote.
		if c != nil {
			if at := c.get().FindSubmatchIndex(body); at != nil && at[2] >= 0 {
				value = string(s.text[at[2]:at[3]])
			}
		} else if i := bytes.Index(body, []byte(q.After)); i >= 0 {
			value = firstWord(s.text[i+len(q.After):])
		}
	}
	if value = redact.Line(value, maxQuote); value == "" {
		return ""
	}
	return q.Label + ": " + value
}

func firstWord(s []byte) string {
	s = bytes.TrimLeft(s, " :#")
	end := bytes.IndexFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && r != '_' && r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end >= 0 {
		s = s[:end]
	}
	return strings.TrimRight(string(s), ".:-_")
}
