package challenge

import (
	"fmt"
	"strings"
)

// item reads what begins at p.at: a parameter, a scheme, or text that is
// neither. due says that a challenge may begin here.
func (p *parser) item(due bool) error {
	end := span(p.s, p.at, classToken)
	if equals := skipBlanks(p.s, end); end > p.at && equals < len(p.s) && p.s[equals] == '=' {
		return p.param(end, equals, due)
	}
	if p.s[p.at] == '"' {
		// Words in quotes without a name, as Facebook once sent them, say
		// nothing that a parameter could hold.
		p.note(NamelessValue, p.at, "")
		p.quoted("")
		p.fresh = false
		return nil
	}
	word := p.s[p.at:end]
	switch {
	case word == "":
		p.stray()
		return nil
	case end == len(p.s) || is(p.s[end], classEnd):
		if !due && !p.beginsChallenge(word, end) {
			p.stray()
			return nil
		}
		if !due {
			p.note(MissingComma, p.at, "")
		}
		return p.scheme(word)
	case p.s[end] == ':' && due && (end+1 == len(p.s) || is(p.s[end+1], classEnd)):
		p.note(ColonAfterScheme, end, "")
		return p.scheme(word)
	}
	p.stray()
	return nil
}

// beginsChallenge reports whether a word behind which no "=" stands, and
// before which no comma, is a scheme all the same: by its name, or because the
// parameter after it belongs to a challenge of its own.
func (p *parser) beginsChallenge(word string, end int) bool {
	if len(p.all) == p.lineBegan || carriesScheme(word) {
		return true
	}
	next := skipBlanks(p.s, end)
	if !paramAt(p.s, next) {
		return false
	}
	name := lower(p.s[next:span(p.s, next, classToken)])
	_, given := p.all[len(p.all)-1].Get(name)
	return given
}

// fieldNameEnd returns where the field's own name and its colon end that begin
// at i, 0 if they do not.
func fieldNameEnd(s string, i int) int {
	if first := s[i] | 0x20; first != 'w' && first != 'p' {
		return 0
	}
	for _, name := range []string{"www-authenticate:", "proxy-authenticate:"} {
		if end := i + len(name); end <= len(s) && s[end-1] == ':' && strings.EqualFold(s[i:end], name) {
			return end
		}
	}
	return 0
}

// scheme begins a challenge and reads token68 if there is one.
func (p *parser) scheme(word string) error {
	if len(p.all) == MaxChallenges {
		return fmt.Errorf("%w: more than %d challenges", ErrTooLarge, MaxChallenges)
	}
	p.closeChallenge()
	if p.all == nil {
		p.all = make([]Challenge, 0, 4)
	}
	p.all = append(p.all, Challenge{Scheme: lower(word)})
	p.begun(p.at)
	p.at += len(word)
	if p.at < len(p.s) && p.s[p.at] == ':' {
		p.at++
	}
	p.fresh, p.schemeEnd = true, p.at
	p.token68(&p.all[len(p.all)-1])
	return nil
}

// token68 reads token68 if the whole rest of the list item is one, or at
// least the part of it that no parameter could be.
func (p *parser) token68(c *Challenge) {
	begin := skipBlanks(p.s, p.at)
	end := token68End(p.s, begin)
	if begin == p.at || end == begin {
		return
	}
	next := skipBlanks(p.s, end)
	whole := next == len(p.s) || p.s[next] == ',' || p.s[next] == ';'
	if !whole && (next == end || !paramAt(p.s, next)) {
		return
	}
	word := p.s[begin:end]
	info, _ := SchemeOf(c.Scheme)
	if !whole && !info.Token68 && !strings.HasSuffix(word, "==") || !readsAsToken68(c.Scheme, word) {
		return
	}
	if info.Registered && !info.Token68 {
		p.note(UnexpectedToken68, begin, "")
	}
	c.Token68 = word
	p.at, p.fresh = end, false
}

// stray skips text that fits nowhere, up to a separator outside quotes.
func (p *parser) stray() {
	p.note(StrayText, p.at, "")
	for p.at < len(p.s) && !is(p.s[p.at], classEnd) {
		if p.s[p.at] == '"' {
			p.quoted("")
			continue
		}
		p.at++
	}
}

// param reads token BWS "=" BWS ( token / quoted-string ), of which the token
// and the "=" were found.
func (p *parser) param(end, equals int, due bool) error {
	begin := p.at
	name := lower(p.s[begin:end])
	if len(p.all) == 0 {
		p.note(MissingScheme, begin, name)
		p.value(name, end, equals)
		return nil
	}
	c := &p.all[len(p.all)-1]
	switch {
	case len(p.all) == p.lineBegan:
		// Lines joined as RFC 9110 5.3 allows would read like this.
		p.lineBegan--
		p.note(ContinuedLine, begin, name)
	case !due && !p.fresh:
		p.note(MissingComma, begin, name)
	case due && p.fresh && p.schemeEnd < len(p.s) && is(p.s[p.schemeEnd], classEnd):
		// The list may begin with an empty element, but for the blank that
		// has to stand before it.
		switch p.s[p.schemeEnd] {
		case ' ', '\t':
			p.note(EmptyElement, skipBlanks(p.s, p.schemeEnd), "")
		case ',':
			p.note(CommaAfterScheme, p.schemeEnd, "")
		}
	}
	if c.Token68 != "" && len(c.Params) == 0 {
		p.note(Token68AndParameters, begin, name)
	}
	p.fresh = false
	value, form := p.value(name, end, equals)
	if _, given := c.Get(name); given {
		p.note(DuplicateParameter, begin, name)
		return nil
	}
	if len(c.Params) == MaxParams {
		return fmt.Errorf("%w: more than %d parameters", ErrTooLarge, MaxParams)
	}
	if c.Params == nil {
		c.Params = p.free[:0:len(p.free)]
	}
	c.Params = append(c.Params, Param{Name: name, Value: value})
	if p.report != nil && form != formMissing {
		p.checkParam(c.Scheme, name, value, form, begin)
	}
	return nil
}
