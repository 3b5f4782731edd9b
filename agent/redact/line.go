package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Line makes foreign text safe to show on one line: terminal sequences,
// control, zero-width and direction characters go, every kind of white space
// is one blank, and what is longer than max runes ends in "…". It does not
// look for secrets; see Text.
func Line(s string, max int) string {
	var out strings.Builder
	n, blank := 0, false
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if skip := sequence(s); skip > 0 {
			s = s[skip:]
			continue
		}
		s = s[size:]
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			blank = true
			continue
		case unicode.IsControl(r):
			blank = true
			continue
		case invisible(r):
			continue
		}
		if blank && n > 0 {
			out.WriteByte(' ')
			n++
		}
		blank = false
		out.WriteRune(r)
		if n++; n > max {
			return shorten(out.String(), max)
		}
	}
	return out.String()
}

func shorten(s string, max int) string {
	if max <= 0 {
		return ""
	}
	runes := []rune(s)
	return strings.TrimRight(string(runes[:max-1]), " ") + "…"
}

// invisible reports format characters (zero width, direction, tags, soft
// hyphen) and letters that show nothing.
func invisible(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return unicode.Is(unicode.Cf, r) || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0000 && r <= 0xe0fff
}

// sequence is the length of the terminal escape sequence that s begins with
// (ECMA-48 5.4 and 8.3.89), 0 if it begins with none.
func sequence(s string) int {
	rest, osc := "", false
	switch {
	case strings.HasPrefix(s, "\x1b["):
		rest = s[2:]
	case strings.HasPrefix(s, "\u009b"):
		rest = s[len("\u009b"):]
	case strings.HasPrefix(s, "\x1b]"):
		rest, osc = s[2:], true
	default:
		return 0
	}
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case osc && c == '\a':
			return len(s) - len(rest) + i + 1
		case osc && c == '\x1b':
			return len(s) - len(rest) + i
		case !osc && c >= 0x40 && c <= 0x7e:
			return len(s) - len(rest) + i + 1
		case !osc && (c < 0x20 || c > 0x7e):
			return len(s) - len(rest) + i
		}
	}
	return len(s)
}

// Host reduces an authority to its host and port in lower case, non-ASCII
// names in punycode (RFC 5891), without user information. What no host name
// can hold yields "".
func Host(h string) string {
	if i := strings.LastIndexByte(h, '@'); i >= 0 {
		h = h[i+1:]
	}
	h = strings.TrimSpace(h)
	if h == "" || len(h) > 1024 {
		return ""
	}
	name, port := h, ""
	if i := strings.LastIndexByte(h, ':'); i >= 0 && !strings.HasSuffix(h, "]") && (h[0] == '[' || strings.Count(h, ":") == 1) {
		name, port = h[:i], h[i+1:]
		for _, c := range []byte(port) {
			if c < '0' || c > '9' {
				return ""
			}
		}
		if len(port) > 5 {
			return ""
		}
	}
	if name = hostName(name); name == "" {
		return ""
	}
	if port != "" {
		return name + ":" + port
	}
	return name
}

func hostName(name string) string {
	if strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]") {
		for _, c := range []byte(name[1 : len(name)-1]) {
			if !hexDigit(c) && c != ':' && c != '.' {
				return ""
			}
		}
		return lower(name)
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		// Names that registries forbid still resolve (underscores, for one).
		if ascii, err = idna.Punycode.ToASCII(name); err != nil {
			return ""
		}
	}
	ascii = lower(ascii)
	for _, c := range []byte(ascii) {
		if c != '.' && c != '-' && c != '_' && (separator(c) || !runByte(c)) {
			return ""
		}
	}
	if len(ascii) > 254 {
		return ""
	}
	return ascii
}
