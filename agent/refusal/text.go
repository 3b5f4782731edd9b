package refusal

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/readmit/readmit/agent/redact"
)

// MaxVisible bounds the result of VisibleText, in bytes.
const MaxVisible = 8 << 10

// maxMarkup bounds what VisibleText looks at; a Refusal's body is shorter.
const maxMarkup = 64 << 10

// VisibleText returns what a person would read on a page: text without
// scripts, styles, templates, the title and hidden elements, white space
// folded to one blank, at most MaxVisible bytes, cut at a rune. What stands in
// noscript is kept, since a page seen without its scripts shows it. Text that
// is no markup comes back as it is, folded.
func VisibleText(markup string) string { return string(AppendVisibleText(nil, markup)) }

// AppendVisibleText is VisibleText for whoever keeps a buffer: it returns to,
// emptied, with the text in it.
func AppendVisibleText(to []byte, markup string) []byte {
	w := folder{out: to[:0]}
	w.markup(clip(markup, maxMarkup), false)
	return w.out
}

// folder collects text with its white space folded.
type folder struct {
	out   []byte
	blank bool
	full  bool
}

// markup adds the text of s; inside is set within a noscript, where a further
// one is dropped, since nesting would cost a pass for each level.
func (w *folder) markup(s string, inside bool) {
	z := scanner{s: s}
	var skip atom.Atom // the unseen element that we are in
	depth := 0         // how many of its name are open
	noscript := false
	for !w.full {
		switch z.next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			switch {
			case skip != 0, noscript && inside:
			case noscript:
				// The scanner reads noscript as raw text, as a browser with
				// scripts does.
				w.markup(z.text, true)
			default:
				w.token(&z)
			}
		case html.StartTagToken:
			switch {
			case skip != 0:
				if z.tag == skip && !leaf(z.tag) {
					depth++
				}
			case unseen(z.tag) || z.hidden:
				if !leaf(z.tag) {
					skip, depth = z.tag, 1
				}
			default:
				noscript = z.tag == atom.Noscript
				w.boundary(z.tag)
			}
		case html.EndTagToken:
			if skip != 0 {
				if z.tag == skip {
					if depth--; depth == 0 {
						skip = 0
					}
				}
				continue
			}
			noscript = false
			w.boundary(z.tag)
		case html.SelfClosingTagToken:
			w.boundary(z.tag)
		}
	}
}

// unseen reports elements whose content is not on the page.
func unseen(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Title, atom.Textarea, atom.Iframe, atom.Object, atom.Svg,
		atom.Select, atom.Datalist, atom.Noframes, atom.Noembed:
		return true
	}
	return false
}

// leaf reports elements without content (HTML 13.1.2), which hide nothing.
func leaf(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// boundary separates words where a browser begins a new line or cell.
func (w *folder) boundary(tag atom.Atom) {
	switch tag {
	case atom.A, atom.Abbr, atom.B, atom.Code, atom.Em, atom.Font, atom.I, atom.Mark, atom.Small, atom.Span, atom.Strong,
		atom.Sub, atom.Sup, atom.U, atom.Wbr, atom.Tt, atom.Kbd:
	default:
		w.blank = true
	}
}

// token adds a text token (HTML 13.2.5.1 to 13.2.5.5 for what becomes of NUL).
func (w *folder) token(z *scanner) {
	text := z.text
	if z.inside {
		text = strings.ReplaceAll(text, "\x00", "\ufffd")
	}
	for text != "" && !w.full {
		text = text[w.text(text, z.verbatim):]
		if text == "" || w.full {
			return
		}
		meant, length := reference(text)
		w.text(meant, true)
		text = text[length:]
	}
}

// reference reads what s begins with, which is "&", and says how much of s it
// read. The common references are known here, since html.UnescapeString copies
// its text twice; what it makes of all others is taken from it.
func reference(s string) (meant string, length int) {
	if end := strings.IndexByte(s[:min(len(s), maxReference)], ';'); end > 0 {
		if meant = references[s[1:end]]; meant != "" {
			return meant, end + 1
		}
	}
	return html.UnescapeString(s), len(s)
}

// maxReference is longer than those that references holds.
const maxReference = 8

var references = map[string]string{
	"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "nbsp": "\u00a0", "copy": "©", "reg": "®",
	"mdash": "—", "ndash": "–", "hellip": "…", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•",
	"middot": "·", "raquo": "»", "laquo": "«", "times": "×", "rarr": "→", "larr": "←",
	"auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß",
	"eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "ecirc": "ê", "iacute": "í", "oacute": "ó", "ntilde": "ñ",
	"#34": `"`, "#39": "'", "#039": "'", "#x27": "'", "#x2F": "/", "#160": "\u00a0", "#8217": "’",
}

// text adds s up to its first character reference, unless it is verbatim, and
// returns how much of s that is.
func (w *folder) text(s string, verbatim bool) int {
	i := 0
	for i < len(s) && !w.full {
		if n := space(s[i:]); n > 0 {
			w.blank = true
			i += n
			continue
		}
		// Words with one blank between them are added together.
		start := i
		for i < len(s) {
			if c := s[i]; gap[c] {
				if c == ' ' && i+1 < len(s) && !gap[s[i+1]] {
					i++
				} else if c == '&' && !verbatim || space(s[i:]) > 0 {
					break
				}
			}
			i++
		}
		if i > start {
			w.words(s[start:i])
		}
		if i < len(s) && s[i] == '&' {
			break
		}
	}
	return i
}

// gap holds the bytes that white space or a reference may begin with.
var gap = [256]bool{'&': true, ' ': true, '\t': true, '\n': true, '\r': true, '\f': true, 0xc2: true}

// space is the length of the white space that s begins with: that of HTML,
// and the no-break space.
func space(s string) int {
	switch s[0] {
	case ' ', '\t', '\n', '\r', '\f':
		return 1
	case 0xc2:
		if len(s) > 1 && s[1] == 0xa0 {
			return 2
		}
	}
	return 0
}

func (w *folder) words(s string) {
	if w.blank && len(w.out) > 0 && len(w.out) < MaxVisible {
		w.out = append(w.out, ' ')
	}
	w.blank = false
	if room := MaxVisible - len(w.out); len(s) > room {
		s = strings.ToValidUTF8(s[:room], "")
		w.full = true
	}
	w.out = append(w.out, s...)
}

// title is the text of the first title element.
func title(markup string) string {
	z := html.NewTokenizer(strings.NewReader(markup))
	z.SetMaxBuf(64 << 10)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			name, _ := z.TagName()
			switch tag := atom.Lookup(name); {
			case tag == atom.Body:
				return ""
			case tag == atom.Title && z.Next() == html.TextToken:
				return redact.Line(string(z.Text()), MaxTitle)
			}
		}
	}
}
