package refusal

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// scanner cuts markup into the same tokens as html.Tokenizer does, which a
// fuzz test compares. It reads a string that is wholly there and copies
// nothing: the tokenizer took a third of the time of a diagnosis.
//
// Of a tag it keeps only what VisibleText asks for. Comments, doctypes and
// processing instructions are one kind of token, without content.
type scanner struct {
	s        string
	pos      int
	raw      string // the element whose content comes next as raw text
	text     string // of a text token
	verbatim bool   // the text holds no character references
	inside   bool   // the text is the content of a raw element
	tag      atom.Atom
	hidden   bool // the start tag hides its element
}

// next moves to the next token and says what it is.
func (z *scanner) next() html.TokenType {
	start := z.pos
	if z.inside = z.raw != ""; z.inside {
		z.rawText()
		if z.pos > start {
			z.text = z.s[start:z.pos]
			return html.TextToken
		}
	}
	z.verbatim, z.inside = false, false
	for at := start; ; at++ {
		if at < len(z.s) && z.s[at] != '<' {
			if i := strings.IndexByte(z.s[at:], '<'); i >= 0 {
				at += i
			} else {
				at = len(z.s)
			}
		}
		if at+1 >= len(z.s) {
			return z.rest(start)
		}
		c := z.s[at+1]
		if !letter(c) && c != '/' && c != '!' && c != '?' {
			continue
		}
		if at > start {
			z.text, z.pos = z.s[start:at], at
			return html.TextToken
		}
		switch z.pos = at + 2; {
		case letter(c):
			return z.startTag()
		case c == '!' && strings.HasPrefix(z.s[z.pos:], "--"):
			z.pos += 2
			z.comment()
		case c != '/':
			z.pastAngle()
		case z.pos == len(z.s):
			return z.rest(start)
		case letter(z.s[z.pos]):
			z.pos++
			return z.endTag()
		default:
			z.pastAngle()
		}
		return html.CommentToken
	}
}

// rest is what stands between start and the end.
func (z *scanner) rest(start int) html.TokenType {
	z.pos = len(z.s)
	if start == len(z.s) {
		return html.ErrorToken
	}
	z.text = z.s[start:]
	return html.TextToken
}

func (z *scanner) pastAngle() {
	if i := strings.IndexByte(z.s[z.pos:], '>'); i >= 0 {
		z.pos += i + 1
	} else {
		z.pos = len(z.s)
	}
}

// comment skips to behind the end of a comment that has begun (HTML 13.2.5.43
// and what follows).
func (z *scanner) comment() {
	dashes, beginning := 0, true
	for z.pos < len(z.s) {
		c := z.s[z.pos]
		z.pos++
		switch {
		case c == '-':
			dashes++
			continue
		case c == '>' && (dashes >= 2 || beginning):
			return
		case c == '!' && dashes >= 2 && z.pos < len(z.s):
			switch z.s[z.pos] {
			case '>':
				z.pos++
				return
			case '-':
				z.pos++
				dashes, beginning = 1, false
				continue
			}
			z.pos++
		}
		dashes, beginning = 0, false
	}
}

// endTag reads an end tag of whose name the first letter has been read.
func (z *scanner) endTag() html.TokenType {
	z.name()
	for {
		switch z.space(); {
		case z.pos == len(z.s):
			return html.ErrorToken
		case z.s[z.pos] == '>':
			z.pos++
			return html.EndTagToken
		}
		z.attribute()
	}
}

// startTag reads a start tag of whose name the first letter has been read.
func (z *scanner) startTag() html.TokenType {
	z.name()
	attributes := z.pos
	var last attribute // with a name
	var style string
	styled := false
	z.hidden = false
	for z.space(); z.pos < len(z.s) && z.s[z.pos] != '>'; z.space() {
		a := z.attribute()
		if a.key == "" {
			continue
		}
		last = a
		switch {
		case sameName(a.key, "hidden"):
			z.hidden = true
		case !styled && sameName(a.key, "style"):
			style, styled = z.s[a.start:a.end], true
		}
	}
	if z.pos == len(z.s) {
		return html.ErrorToken
	}
	z.pos++
	z.hidden = z.hidden || style != "" && hides(style)
	switch z.tag {
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Plaintext, atom.Script, atom.Style,
		atom.Textarea, atom.Title, atom.Xmp:
		z.raw = z.tag.String()
	}
	// A solidus at the end closes the element unless it is part of a value; a
	// repeated attribute has none.
	if slash := z.pos - 2; z.s[slash] == '/' && (last.end != slash+1 || z.repeated(attributes, last)) {
		return html.SelfClosingTagToken
	}
	return html.StartTagToken
}

// repeated says whether the name of the last attribute stands before in its
// tag, whose attributes begin at start.
func (z *scanner) repeated(start int, last attribute) bool {
	tag := scanner{s: z.s[:last.end], pos: start}
	for {
		tag.space()
		switch a := tag.attribute(); {
		case tag.pos == last.end:
			return false
		case sameName(a.key, last.key):
			return true
		}
	}
}

// name reads the rest of a tag's name.
func (z *scanner) name() {
	start := z.pos - 1
	for z.pos < len(z.s) && !white(z.s[z.pos]) && z.s[z.pos] != '/' && z.s[z.pos] != '>' {
		z.pos++
	}
	var name [maxName]byte
	z.tag = 0
	if n := z.pos - start; n <= maxName {
		for i := range n {
			name[i] = lower(z.s[start+i])
		}
		z.tag = atom.Lookup(name[:n])
	}
}

// maxName is longer than every name that package atom knows.
const maxName = 32

// attribute is the name of one and where its value stands.
type attribute struct {
	key        string
	start, end int
}

// attribute reads one attribute (HTML 13.2.5.32 and what follows). A lone
// solidus is one without a name.
func (z *scanner) attribute() attribute {
	start := z.pos
	for z.pos < len(z.s) {
		c := z.s[z.pos]
		if c == '=' && z.pos > start || white(c) || c == '/' || c == '>' {
			break
		}
		z.pos++
	}
	a := attribute{z.s[start:z.pos], z.pos, z.pos}
	if z.space(); z.pos == len(z.s) {
		return a
	}
	switch z.s[z.pos] {
	case '=':
		z.pos++
	case '/':
		z.pos++
		return a
	default:
		return a
	}
	if z.space(); z.pos == len(z.s) {
		return a
	}
	switch quote := z.s[z.pos]; quote {
	case '>':
	case '"', '\'':
		z.pos++
		if a.start, a.end = z.pos, len(z.s); z.pos < len(z.s) {
			if i := strings.IndexByte(z.s[z.pos:], quote); i >= 0 {
				a.end = z.pos + i
			}
		}
		z.pos = min(a.end+1, len(z.s))
	default:
		a.start = z.pos
		for z.pos < len(z.s) && !white(z.s[z.pos]) && z.s[z.pos] != '>' {
			z.pos++
		}
		a.end = z.pos
	}
	return a
}

func (z *scanner) space() {
	for z.pos < len(z.s) && white(z.s[z.pos]) {
		z.pos++
	}
}

func white(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// sameName compares names of which ASCII letters count alike.
func sameName(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// hides says whether a style makes its element invisible.
func hides(style string) bool {
	if strings.ContainsAny(style, "&\x00") {
		// References in attributes have rules of their own, which are the
		// tokenizer's.
		z := html.NewTokenizer(strings.NewReader(`<p style="` + strings.ReplaceAll(style, `"`, "'") + `">`))
		z.Next()
		_, value, _ := z.TagAttr()
		style = string(value)
	}
	style = strings.ToLower(strings.ReplaceAll(style, " ", ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}
