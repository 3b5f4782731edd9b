package refusal

import "strings"

// rawText moves to the end of the content of z.raw, which is where its end tag
// begins. Only in a title or textarea are character references read.
func (z *scanner) rawText() {
	raw := z.raw
	z.raw = ""
	z.verbatim = raw != "title" && raw != "textarea"
	switch raw {
	case "plaintext":
		z.pos = len(z.s)
	case "script":
		z.script()
	default:
		for z.toLess() {
			if strings.HasPrefix(z.s[z.pos:], "</") && z.ends(raw) {
				return
			}
			z.pos++
		}
	}
}

// toLess moves to the next "<", or to the end.
func (z *scanner) toLess() bool {
	i := strings.IndexByte(z.s[z.pos:], '<')
	if i < 0 {
		z.pos = len(z.s)
		return false
	}
	z.pos += i
	return true
}

// ends says whether the "</" that stands here begins the end tag of an
// element.
func (z *scanner) ends(element string) bool {
	return z.delimited(z.pos+2, element)
}

// delimited says whether the whole word at a place is this element's name.
func (z *scanner) delimited(at int, element string) bool {
	end := at + len(element)
	return end < len(z.s) && sameName(z.s[at:end], element) && (white(z.s[end]) || z.s[end] == '/' || z.s[end] == '>')
}

// script moves to the end of a script. Within what looks like a comment an
// inner pair of script tags does not end it (HTML 13.2.5.15 to 13.2.5.31).
func (z *scanner) script() {
	const plain, escaped, double = 0, 1, 2
	state, dashes := plain, 0
	for z.pos < len(z.s) {
		if state == plain {
			if !z.toLess() {
				return
			}
		}
		rest := z.s[z.pos:]
		switch c := rest[0]; {
		case c == '-':
			dashes++
			z.pos++
			continue
		case c == '>' && dashes >= 2:
			state = plain
			z.pos++
		case c != '<':
			z.pos++
		case strings.HasPrefix(rest, "</") && z.ends("script"):
			if state != double {
				return
			}
			state = escaped
			z.pos += len("</script>")
		case state == plain && strings.HasPrefix(rest, "<!--"):
			state, dashes = escaped, 2
			z.pos += len("<!--")
			continue
		case state == escaped && z.delimited(z.pos+1, "script"):
			state = double
			z.pos += len("<script>")
		case state == escaped && len(rest) > 1 && rest[1] != '/' && !letter(rest[1]):
			// Here HTML goes on as before, and the tokenizer does not.
			state = plain
			z.pos++
		default:
			z.pos++
		}
		dashes = 0
	}
}
