package signature

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Pattern is a regular expression (RE2, as package regexp reads it) over a
// part of the page in lower case. It is for what literals cannot say, such as
// a number between two words, and may only stand beside a literal of the same
// condition: then it is looked at on the few pages that hold the literal.
type Pattern struct {
	In     string `yaml:"in"` // "title" | "body" | "markup" | "header"
	Header string `yaml:"header,omitempty"`
	Regexp string `yaml:"regexp"`
}

// maxPattern bounds an expression, in bytes.
const maxPattern = 200

// The parts of a page that a pattern can look at.
const (
	patternTitle  = "title"
	patternBody   = "body"
	patternMarkup = "markup"
	patternHeader = "header"
)

// check says what is wrong with a pattern that stands in a condition.
func (p *Pattern) check(beside *Condition) error {
	switch p.In {
	case patternTitle, patternBody, patternMarkup:
		if p.Header != "" {
			return fmt.Errorf("pattern in %s names a header", p.In)
		}
	case patternHeader:
		if p.Header == "" {
			return errors.New("pattern in header names none")
		}
	default:
		return fmt.Errorf("pattern in %q: only title, body, markup and header are known", p.In)
	}
	literal := len(beside.Title)+len(beside.Body)+len(beside.Markup) > 0
	if h := beside.Header; h != nil && p.In == patternHeader && h.Name == p.Header {
		literal = literal || h.Has != "" || h.Is != "" || h.Prefix != ""
	}
	if !literal {
		return errors.New("a pattern needs a literal beside it that says when to look")
	}
	return checkRegexp(p.Regexp)
}

func checkRegexp(expression string) error {
	switch {
	case expression == "":
		return errors.New("an empty regexp")
	case len(expression) > maxPattern:
		return fmt.Errorf("a regexp has more than %d characters", maxPattern)
	}
	if plain := escape.ReplaceAllString(expression, ""); plain != strings.ToLower(plain) {
		return fmt.Errorf("the regexp %s must be in lower case, like what it is compared with", expression)
	}
	if _, err := regexp.Compile(expression); err != nil {
		return fmt.Errorf("regexp: %w", err)
	}
	return nil
}

// escape is a class or boundary whose letter is no text.
var escape = regexp.MustCompile(`\\[ABDSWz]`)

// compiled is an expression that is compiled when a page first asks for it:
// most never are.
type compiled struct {
	once       sync.Once
	expression string
	regexp     *regexp.Regexp
}

func (c *compiled) get() *regexp.Regexp {
	c.once.Do(func() { c.regexp = regexp.MustCompile(c.expression) }) // Check compiled it before
	return c.regexp
}

// holds says whether the expression matches in what the pattern looks at,
// which is never longer than refusal.New lets it be.
func (p *Pattern) holds(s *seen, c *compiled) bool {
	switch p.In {
	case patternTitle:
		return c.get().Match(s.lower[inTitle])
	case patternBody:
		return c.get().Match(s.lower[inBody])
	case patternMarkup:
		return c.get().Match(s.lower[inMarkup])
	}
	for i := range s.headers {
		if s.headers[i].name == p.Header && c.get().MatchString(s.headers[i].lowered()) {
			return true
		}
	}
	return false
}
