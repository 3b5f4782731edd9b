package refusal

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bits of markup in a random order meet corners that a fuzzer, which changes
// bytes, rarely puts together.
func TestVisibleTextOfAnyMarkupIsTheTokenizers(t *testing.T) {
	bits := []string{
		"<p>", "</p>", "<script>", "</script>", "<script ", "script", "<!--", "-->", "--!>", "-", "<", ">", "/", "</", "!", "<!", "<?", "a", "é", " ", "\n", "\x00",
		"&amp;", "&", "&lt", "&ampx", "&#39;", "&#x41;", "&#128;", "&bogus;", ";", "&nbsp;", "\u00a0", "\xc2", "<noscript>", "</noscript>", "<noscript/>",
		"<title>", "</title>", "<title/>", "<textarea>", "</textarea", "<xmp>", "</xmp>", "<plaintext>", "<svg>", "</svg>", "<select><option>", "</select>", "<iframe>",
		"<STYLE>", "</sTyle >", "<div hidden>", "</div>", "<br hidden/>", " hidden", "=", "'", "\"", "<p style='display:none'>", " style=", "display:none", "visibility : hidden",
		" a=/>", "a=x/ a=y/>", "<a href=x/>", "<foo hidden>", "</foo>", "<![CDATA[", "]]>",
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 50000 {
		var b strings.Builder
		for range 1 + random.IntN(14) {
			b.WriteString(bits[random.IntN(len(bits))])
		}
		naive := naiveFolder{}
		naive.markup(b.String(), false)
		if got, want := VisibleText(b.String()), naive.out.String(); got != want {
			t.Fatalf("of %q\n got %q\nwant %q", b.String(), got, want)
		}
	}
}

// FuzzVisibleTextIsTheTokenizers holds what VisibleText reads against the same
// walk over the tokens of html.Tokenizer.
func FuzzVisibleTextIsTheTokenizers(f *testing.F) {
	for _, s := range []string{
		"<p hidden>a<p>b<noscript><noscript>", "<title/>a&amp;b\x00</title>c", "<xmp>&amp;\x00<b></xmp >d", "<plaintext>a</plaintext>",
		"<script><!--<script></script>--></script>a", "<script/><!-- <script > </script/ --></script>a", "<script><!-- <! <script> </script>a", "<script><!--x--!></script>",
		"<!-->a", "<!--->a", "<!-- --!>a", "<!-- --!-->a", "<!-- --!-a-->b", "<!DOCTYPE html>a", "<!>a", "<!-", "<?xml version='1.0'?>a", "</>a</3>b</p", "a<", "a</",
		"<p a=x/>b", "<p a=x/ A=y/>b", "<p a=x/ b>c", "<p / hidden>a", "<p =hidden>a", "<p style=display:none>a", "<p style='DISPLAY : NONE' style=x>a</p>b",
		"<p style='display&#58;none'>a</p>b", "<p style='display&colonnone'>a</p>b", `<p style="a&quot;;visibility:hidden">a</p>b`,
		"<svg><p>a</p></svg>b<my-tag hidden>c</my-tag>d", "<noscript/>a", "a&nbsp;b&#39;c&lt;&ltd&notin;&#x27;&#128;&bogus;&amp", "\u00a0a\u00a9\u00a0\xc2", "<textarea/>&lt;</textarea>b",
		"<div hidden><div>a</div>b</div>c<br hidden>d", "<a\x00b hidden>c", "<P HIDDEN>a</P>b", "<iframe>a</iframe>b<style>c</styles></style>d",
		"<p a='x>b", "<p a=\"x\"", "<p a = 'x' / >b", strings.Repeat("word &amp; ", 1000) + "<p>x", strings.Repeat("ä", MaxVisible), strings.Repeat("ab<p>", MaxVisible/3) + "ccc",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, markup string) {
		// What is no UTF-8 never comes into a Refusal. Where the text is cut it
		// is dropped from as much as is written at once, which differs.
		if len(markup) > MaxVisible/3 {
			markup = strings.ToValidUTF8(markup, "")
		}
		for _, m := range []string{markup, strings.ToValidUTF8(strings.Repeat(markup, 1+min(40, 12000/(1+len(markup)))), "")} {
			naive := naiveFolder{}
			naive.markup(clip(m, maxMarkup), false)
			if got, want := VisibleText(m), naive.out.String(); got != want {
				t.Fatalf("of %q\n got %q\nwant %q", m, got, want)
			}
		}
	})
}

// naiveFolder collects text with its white space folded.
type naiveFolder struct {
	out   strings.Builder
	blank bool
	full  bool
}

// markup adds the text of s; inside is set within a noscript, where a further
// one is dropped, since nesting would cost a pass for each level.
func (w *naiveFolder) markup(s string, inside bool) {
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
			case naiveUnseen[tag] || attributes && naiveHidden(z):
				if !leaf(tag) {
					skip, depth = tag, 1
				}
			default:
				noscript = tag == atom.Noscript
				w.border(tag)
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
			w.border(tag)
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.border(atom.Lookup(name))
		}
	}
}

var naiveUnseen = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Title: true, atom.Textarea: true,
	atom.Iframe: true, atom.Object: true, atom.Svg: true, atom.Select: true, atom.Datalist: true,
	atom.Noframes: true, atom.Noembed: true,
}

func naiveHidden(z *html.Tokenizer) bool {
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

func (w *naiveFolder) text(s string) {
	for i := 0; i < len(s); {
		if naiveSpace(s[i:]) > 0 {
			w.blank = true
			i += naiveSpace(s[i:])
			continue
		}
		start := i
		for i < len(s) && naiveSpace(s[i:]) == 0 {
			i++
		}
		w.word(s[start:i])
		if w.full {
			return
		}
	}
}

// naiveSpace is the length of the white space that s begins with: that of HTML,
// and the no-break space.
func naiveSpace(s string) int {
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

func (w *naiveFolder) word(s string) {
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

func (w *naiveFolder) border(tag atom.Atom) {
	f := folder{blank: w.blank}
	f.boundary(tag)
	w.blank = f.blank
}
