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
func VisibleText(markup string) string {
	w := &folder{}
	w.markup(clip(markup, maxMarkup), false)
	return w.out.String()
}

// folder collects text with its white space folded.
type folder struct {
	out   strings.Builder
	blank bool
	full  bool
}

// markup adds the text of s; inside is set within a noscript, where a further
// one is dropped, since nesting would cost a pass for each level.
func (w *folder) markup(s string, inside bool) {
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(64 << 10)
	var skip atom.Atom // the unseen element that we are in
	depth := 0         // how many of its name are open
	noscript := false
	for !w.full {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			switch {
			case skip != 0, noscript && inside:
			case noscript:
				// The tokenizer reads noscript as raw text, as a browser with
				// scripts does.
				w.markup(string(z.Raw()), true)
			default:
				w.text(string(z.Text()))
			}
		case html.StartTagToken:
			name, attributes := z.TagName()
			tag := atom.Lookup(name)
			switch {
			case skip != 0:
				if tag == skip && !leaf(tag) {
					depth++
				}
			case unseen[tag] || attributes && hidden(z):
				if !leaf(tag) {
					skip, depth = tag, 1
				}
			default:
				noscript = tag == atom.Noscript
				w.boundary(tag)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if skip != 0 {
				if tag == skip {
					if depth--; depth == 0 {
						skip = 0
					}
				}
				continue
			}
			noscript = false
			w.boundary(tag)
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.boundary(atom.Lookup(name))
		}
	}
}

var unseen = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Title: true, atom.Textarea: true,
	atom.Iframe: true, atom.Object: true, atom.Svg: true, atom.Select: true, atom.Datalist: true,
	atom.Noframes: true, atom.Noembed: true,
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

func hidden(z *html.Tokenizer) bool {
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "hidden":
			return true
		case "style":
			style := strings.ToLower(strings.ReplaceAll(string(value), " ", ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
		if !more {
			return false
		}
	}
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

func (w *folder) text(s string) {
	for i := 0; i < len(s); {
		if isSpace(s[i:]) > 0 {
			w.blank = true
			i += isSpace(s[i:])
			continue
		}
		start := i
		for i < len(s) && isSpace(s[i:]) == 0 {
			i++
		}
		w.word(s[start:i])
		if w.full {
			return
		}
	}
}

// isSpace is the length of the white space that s begins with: that of HTML,
// and the no-break space.
func isSpace(s string) int {
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

func (w *folder) word(s string) {
	if w.blank && w.out.Len() > 0 {
		s = " " + s
	}
	w.blank = false
	if room := MaxVisible - w.out.Len(); len(s) > room {
		s = strings.ToValidUTF8(s[:room], "")
		w.full = true
	}
	w.out.WriteString(s)
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
