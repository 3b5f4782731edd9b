package challenge

import (
	"fmt"
	"slices"
	"strings"
)

// Parse reads all values of the field, in order. A value may hold several
// field lines joined by "\n", as Firefox hands them out; "\n" followed by a
// blank is obs-fold (RFC 9112 5.2). The only error is ErrTooLarge, and then
// there are no challenges: what makes no sense is left out.
func Parse(fieldValues ...string) ([]Challenge, error) {
	p := parser{}
	if err := p.values(fieldValues); err != nil {
		return nil, err
	}
	return p.all, nil
}

// Read is Parse that also says what was odd.
func Read(fieldValues ...string) (Reading, error) {
	p := parser{report: &report{}}
	if err := p.values(fieldValues); err != nil {
		return Reading{}, err
	}
	for i := range p.all {
		p.checkChallenge(i)
	}
	slices.SortStableFunc(p.report.oddities, compareOddities)
	return Reading{Challenges: p.all, Oddities: p.report.oddities, guessed: p.report.guessed}, nil
}

// parser reads one line after the other.
type parser struct {
	s         string // the line, folds and control characters made blank
	at        int
	lineBegan int         // challenges that the line adds to
	fresh     bool        // nothing followed the last scheme so far
	schemeEnd int         // where that scheme ended
	all       []Challenge // of all lines
	free      []Param     // room for the parameters of all challenges
	report    *report     // nil when nobody asks
}

func (p *parser) values(values []string) error {
	size, params := 0, 0
	for _, v := range values {
		if size += len(v); size > MaxInput {
			return fmt.Errorf("%w: more than %d octets", ErrTooLarge, MaxInput)
		}
		params += strings.Count(v, "=")
	}
	p.free = make([]Param, min(params, MaxParams))
	for i, v := range values {
		if p.report != nil {
			p.report.field = i
		}
		if err := p.lines(v); err != nil {
			return err
		}
	}
	return nil
}

// lines cuts a value where lines end, and makes a fold and what RFC 9110 5.5
// wants gone from a value into as many blanks, so that offsets keep.
func (p *parser) lines(v string) error {
	if !holdsControl(v) {
		return p.line(v, 0)
	}
	b := []byte(v)
	begin := 0
	for i := 0; i < len(b); i++ {
		if !isControl(b[i]) {
			continue
		}
		end := i
		if b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			i++
		}
		folded := b[i] == '\n' && i+1 < len(b) && (b[i+1] == ' ' || b[i+1] == '\t')
		if b[i] == '\n' && !folded {
			if err := p.line(string(b[begin:end]), begin); err != nil {
				return err
			}
			begin = i + 1
			continue
		}
		kind := ControlCharacter
		if folded {
			kind = FoldedLine
		}
		if p.report != nil {
			p.report.add(Oddity{Kind: kind, Field: p.report.field, Offset: end})
		}
		for j := end; j <= i; j++ {
			b[j] = ' '
		}
	}
	return p.line(string(b[begin:]), begin)
}

// line reads 1#challenge (RFC 9110 11.6.1). As in Firefox (ChallengeParser in
// netwerk/protocol/http/nsHttpChannelAuthProvider.cpp) an item is a parameter
// of the challenge before it if a "=" follows its first word, else it begins
// the next challenge.
func (p *parser) line(s string, offset int) error {
	p.s, p.at, p.lineBegan, p.fresh = s, 0, len(p.all), false
	if p.report != nil {
		p.report.offset = offset
	}
	first, due := true, true
	for {
		due = p.separators(first) || due
		if p.at == len(p.s) {
			p.closeChallenge()
			return nil
		}
		if end := fieldNameEnd(p.s, p.at); end > 0 {
			p.note(FieldName, p.at, "")
			p.at, due = end, true
			continue
		}
		if err := p.item(due); err != nil {
			return err
		}
		first, due = false, false
	}
}

// separators skips blanks and commas, and semicolons, which some write in
// place of commas. It reports whether there was more than blanks.
func (p *parser) separators(first bool) (comma bool) {
	commas, last := 0, 0
	for ; p.at < len(p.s) && is(p.s[p.at], classEnd); p.at++ {
		switch p.s[p.at] {
		case ';':
			p.note(Semicolon, p.at, "")
			comma = true
		case ',':
			commas, last = commas+1, p.at
			comma = true
		}
	}
	if commas > 1 || commas == 1 && (first || p.at == len(p.s)) {
		p.note(EmptyElement, last, "")
	}
	return comma
}

// closeChallenge gives the last challenge what it used of p.free for good.
func (p *parser) closeChallenge() {
	if len(p.all) == 0 {
		return
	}
	c := &p.all[len(p.all)-1]
	if n := len(c.Params); n > 0 && len(p.free) > 0 && &c.Params[0] == &p.free[0] {
		c.Params = c.Params[:n:n]
		p.free = p.free[min(n, len(p.free)):]
	}
}
