package challenge

import (
	"fmt"
	"slices"
	"strings"
)

// SyntaxError says where a field value stopped making sense.
type SyntaxError struct {
	Field   int // index of the field line, counted over all values
	Offset  int // octets into that line
	Problem string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("challenge: field line %d, offset %d: %s", e.Field+1, e.Offset, e.Problem)
}

// Parse reads all values of the field, in order. A value may hold several
// field lines joined by "\n", as Firefox hands them out; "\n" followed by a
// blank is obs-fold (RFC 9112 5.2). On error there are no challenges:
// ErrTooLarge, or a *SyntaxError.
func Parse(fieldValues ...string) ([]Challenge, error) {
	size := 0
	for _, v := range fieldValues {
		if size += len(v); size > MaxInput {
			return nil, fmt.Errorf("%w: more than %d octets", ErrTooLarge, MaxInput)
		}
	}
	var all []Challenge
	line := 0
	for _, v := range fieldValues {
		for field := range strings.SplitSeq(unfold(v), "\n") {
			p := parser{s: field, line: line}
			line++
			var err error
			if all, err = p.list(all); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

var folds = strings.NewReplacer("\r\n ", "   ", "\r\n\t", "   ", "\n ", "  ", "\n\t", "  ", "\r\n", "\n")

func unfold(s string) string {
	if !strings.Contains(s, "\n") {
		return s
	}
	return folds.Replace(s)
}

type parser struct {
	s    string
	at   int
	line int
}

func (p *parser) fail(problem string) error {
	return &SyntaxError{Field: p.line, Offset: p.at, Problem: problem}
}

// list reads 1#challenge. A list item is a parameter of the challenge before
// it if a "=" follows its first token, else it begins the next challenge.
func (p *parser) list(all []Challenge) ([]Challenge, error) {
	first := len(all)
	for {
		p.skip(" \t,")
		if p.at == len(p.s) {
			return all, nil
		}
		if len(all) > first && p.paramAhead() {
			if err := p.param(&all[len(all)-1]); err != nil {
				return nil, err
			}
			continue
		}
		if p.s[p.at] == '"' && len(all) > first {
			// Words in quotes without a name (once sent by Facebook) say
			// nothing that a parameter could hold.
			p.quoted()
			continue
		}
		scheme := p.token()
		if scheme == "" {
			return nil, p.fail("no scheme or parameter begins here")
		}
		if len(all) == MaxChallenges {
			return nil, fmt.Errorf("%w: more than %d challenges", ErrTooLarge, MaxChallenges)
		}
		if p.at < len(p.s) && strings.IndexByte(" \t,", p.s[p.at]) < 0 {
			return nil, p.fail("a scheme does not end like this")
		}
		all = append(all, Challenge{Scheme: strings.ToLower(scheme)})
		p.skip(" \t")
		all[len(all)-1].Token68 = p.token68()
	}
}

// param reads token BWS "=" BWS ( token / quoted-string ).
func (p *parser) param(c *Challenge) error {
	name := strings.ToLower(p.token())
	p.skip(" \t")
	p.at++ // "="
	p.skip(" \t")
	value := ""
	if p.at < len(p.s) && p.s[p.at] == '"' {
		value = p.quoted()
	} else {
		value = p.bare()
	}
	if i := strings.IndexFunc(value, control); i >= 0 {
		return p.fail("the value before this holds a control character")
	}
	if slices.ContainsFunc(c.Params, func(q Param) bool { return q.Name == name }) {
		return nil
	}
	if len(c.Params) == MaxParams {
		return fmt.Errorf("%w: more than %d parameters", ErrTooLarge, MaxParams)
	}
	c.Params = append(c.Params, Param{Name: name, Value: value})
	return nil
}

// paramAhead reports whether token BWS "=" comes next.
func (p *parser) paramAhead() bool {
	ahead := *p
	if ahead.token() == "" {
		return false
	}
	ahead.skip(" \t")
	return ahead.at < len(ahead.s) && ahead.s[ahead.at] == '='
}

// token68 reads token68 if the whole rest of the list item is one.
func (p *parser) token68() string {
	end := p.at
	for end < len(p.s) && token68Byte(p.s[end]) {
		end++
	}
	if end == p.at {
		return ""
	}
	for end < len(p.s) && p.s[end] == '=' {
		end++
	}
	rest := strings.TrimLeft(p.s[end:], " \t")
	if rest != "" && rest[0] != ',' {
		return ""
	}
	word := p.s[p.at:end]
	p.at = end
	return word
}

// quoted reads a quoted-string (RFC 9110 5.6.4), up to the end of the line if
// it is never closed.
func (p *parser) quoted() string {
	var b strings.Builder
	for p.at++; p.at < len(p.s); p.at++ {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return b.String()
		case c == '\\' && p.at+1 < len(p.s):
			p.at++
			b.WriteByte(p.s[p.at])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// bare reads a value without quotes: a token, or what stands in its place.
func (p *parser) bare() string {
	start := p.at
	for p.at < len(p.s) && strings.IndexByte(" \t,", p.s[p.at]) < 0 {
		p.at++
	}
	return p.s[start:p.at]
}

func (p *parser) token() string {
	start := p.at
	for p.at < len(p.s) && tokenByte(p.s[p.at]) {
		p.at++
	}
	return p.s[start:p.at]
}

func (p *parser) skip(set string) {
	for p.at < len(p.s) && strings.IndexByte(set, p.s[p.at]) >= 0 {
		p.at++
	}
}

func control(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// tokenByte is tchar of RFC 9110 5.6.2.
func tokenByte(c byte) bool {
	return alphanumeric(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if !tokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func token68Byte(c byte) bool { return alphanumeric(c) || strings.IndexByte("-._~+/", c) >= 0 }
