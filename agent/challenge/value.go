package challenge

import "strings"

// form is how a value was written.
type form int

const (
	formBare form = iota
	formQuoted
	formMissing
)

// value reads BWS "=" BWS and what follows, behind a name that ends at end.
func (p *parser) value(name string, end, equals int) (string, form) {
	begin := skipBlanks(p.s, equals+1)
	p.at = begin
	if begin == len(p.s) || p.s[begin] == ',' || p.s[begin] == ';' || begin > equals+1 && paramAt(p.s, begin) {
		p.note(MissingValue, equals, name)
		return "", formMissing
	}
	if equals > end || begin > equals+1 {
		p.note(BlankAroundEquals, end, name)
	}
	if p.s[begin] == '"' {
		return p.quoted(name), formQuoted
	}
	return p.bare(name), formBare
}

// quoted reads a quoted-string (RFC 9110 5.6.4). One that is never closed
// ends with its line, as in Chromium (NameValuePairsIterator in
// net/http/http_util.cc, crbug.com/39836) and Firefox.
func (p *parser) quoted(name string) string {
	begin := p.at + 1
	end := begin
	for {
		n := strings.IndexByte(p.s[end:], '"')
		if n < 0 {
			p.note(UnterminatedQuote, begin-1, name)
			p.at = len(p.s)
			return unescape(strings.TrimRight(p.s[begin:], " \t"))
		}
		end += n
		if !escaped(p.s[begin:end]) {
			break
		}
		end++
	}
	p.at = end + 1
	value := p.s[begin:end]
	if p.report != nil {
		if i := strings.IndexFunc(value, func(r rune) bool { return r >= 0x80 }); i >= 0 {
			p.note(NonASCII, begin+i, name)
		}
	}
	return unescape(value)
}

// escaped reports whether what follows the text is the second half of a
// quoted-pair.
func escaped(s string) bool {
	n := len(s)
	for n > 0 && s[n-1] == '\\' {
		n--
	}
	return (len(s)-n)%2 == 1
}

// unescape resolves quoted-pair.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// bare reads a value without quotes: a token, or what stands in its place. It
// reaches over blanks, as in Chromium, up to what can only be something new.
func (p *parser) bare(name string) string {
	begin := p.at
	kind := Kind("")
	p.at = wordEnd(p.s, begin)
	if p.s[begin] == '\'' {
		// A single quote is tchar: to the grammar it is part of the value.
		p.note(SingleQuotes, begin, name)
		p.at = max(p.at, singleQuoteEnd(p.s, begin))
	}
	end := p.at
	for {
		next := skipBlanks(p.s, p.at)
		if next == len(p.s) {
			break
		}
		if p.s[next] == ',' {
			if next > p.at || !p.continuesList(name, next+1) {
				break
			}
			kind = UnquotedList
			p.at = wordEnd(p.s, skipBlanks(p.s, next+1))
			end = p.at
			continue
		}
		if p.s[next] == ';' {
			after := skipBlanks(p.s, next+1)
			if after == len(p.s) || p.s[after] == ',' || p.s[after] == '"' || paramAt(p.s, after) {
				break
			}
		} else if p.s[next] == '"' || paramAt(p.s, next) || fieldNameEnd(p.s, next) > 0 || p.challengeAt(next) {
			break
		}
		p.at = wordEnd(p.s, next+1)
		end = p.at
	}
	p.at = end
	value := p.s[begin:end]
	switch {
	case kind != "":
		p.note(kind, begin, name)
	case !isToken(value):
		p.note(UnquotedValue, begin, name)
	}
	return value
}

// wordEnd returns where the word that begins at i ends.
func wordEnd(s string, i int) int {
	for i < len(s) && !is(s[i], classEnd) {
		i++
	}
	return i
}

// singleQuoteEnd returns where a value in single quotes ends, 0 if it does not.
func singleQuoteEnd(s string, i int) int {
	n := strings.IndexByte(s[i+1:], '\'')
	end := i + 1 + n + 1
	if n < 0 || end < len(s) && !is(s[end], classEnd) {
		return 0
	}
	return end
}

// continuesList reports whether the word at i goes on a list that should have
// been in quotes: an option of qop (RFC 7616 3.3), or what stands tight behind
// the comma in a scope, such as "pull,push" of container registries.
func (p *parser) continuesList(name string, i int) bool {
	begin := skipBlanks(p.s, i)
	end := wordEnd(p.s, begin)
	word := p.s[begin:end]
	switch name {
	case "qop":
		return strings.EqualFold(word, "auth") || strings.EqualFold(word, "auth-int")
	case "scope":
		return begin == i && word != "" && !paramAt(p.s, i) && !carriesScheme(word) && word[0] != '"' && !paramAt(p.s, skipBlanks(p.s, end))
	}
	return false
}

// challengeAt reports whether a scheme and its first parameter stand at i.
func (p *parser) challengeAt(i int) bool {
	end := span(p.s, i, classToken)
	next := skipBlanks(p.s, end)
	return next > end && carriesScheme(p.s[i:end]) && paramAt(p.s, next)
}
