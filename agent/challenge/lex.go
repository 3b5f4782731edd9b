package challenge

import "strings"

// Classes of octets.
const (
	classToken   = 1 << iota // tchar of RFC 9110 5.6.2
	classToken68             // RFC 9110 11.2, without the "=" at the end
	classControl             // not to be kept in a value (RFC 9110 5.5)
	classEnd                 // ends a word outside quotes
	classUpper
)

var classes = func() (table [256]uint8) {
	for c := range table {
		switch {
		case c >= 'A' && c <= 'Z':
			table[c] = classToken | classToken68 | classUpper
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			table[c] = classToken | classToken68
		case c < ' ' && c != '\t' || c == 0x7f:
			table[c] = classControl
		}
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		table[c] |= classToken
	}
	for _, c := range "-._~+/" {
		table[c] |= classToken68
	}
	for _, c := range " \t,;" {
		table[c] |= classEnd
	}
	return table
}()

func is(c byte, class uint8) bool { return classes[c]&class != 0 }

func isControl(c byte) bool { return is(c, classControl) }

// holdsControl looks at eight octets at a time, since it is asked about every
// octet of every value.
func holdsControl(s string) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		del := x ^ ones*0x7f
		if (x-ones*' ')&^x&highs|(del-ones)&^del&highs != 0 {
			break // DEL or something below a blank, which may be a tab
		}
	}
	for ; i < len(s); i++ {
		if isControl(s[i]) {
			return true
		}
	}
	return false
}

func isToken(s string) bool { return s != "" && span(s, 0, classToken) == len(s) }

// span returns where the run of a class that begins at i ends.
func span(s string, i int, class uint8) int {
	for i < len(s) && is(s[i], class) {
		i++
	}
	return i
}

func skipBlanks(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// paramAt reports whether token BWS "=" stands at i.
func paramAt(s string, i int) bool {
	end := span(s, i, classToken)
	if end == i {
		return false
	}
	end = skipBlanks(s, end)
	return end < len(s) && s[end] == '='
}

// token68End returns where token68 that begins at i ends, i if none does.
func token68End(s string, i int) int {
	end := span(s, i, classToken68)
	if end == i {
		return i
	}
	for end < len(s) && s[end] == '=' {
		end++
	}
	return end
}

// readsAsToken68 reports whether a word behind a scheme, both as a whole, is
// token68: neither the next scheme, its comma forgotten, nor a parameter that
// lost its value, which looks like one digit of padding.
func readsAsToken68(scheme, word string) bool {
	if word == "" || token68End(word, 0) != len(word) || carriesScheme(word) {
		return false
	}
	name, ok := strings.CutSuffix(word, "=")
	return !ok || !isToken(name) || !emptyParam(scheme, name)
}

// emptyParam reports whether "name=" behind the scheme is a parameter.
func emptyParam(scheme, name string) bool {
	if info, ok := SchemeOf(scheme); !ok || info.Token68 || !info.Registered {
		return false
	}
	switch lower(name) {
	case "realm", "nonce", "opaque", "qop", "algorithm", "stale", "domain", "charset", "userhash",
		"error", "error_description", "error_uri", "scope", "algs":
		return true
	}
	return false
}

// lower returns s in lower case, without allocating for the schemes that
// servers really send.
func lower(s string) string {
	var found uint8
	for i := 0; i < len(s); i++ {
		found |= classes[s[i]]
	}
	if found&classUpper == 0 {
		return s
	}
	for i := range Schemes {
		if name := Schemes[i].Name; len(name) == len(s) && strings.EqualFold(name, s) {
			return name
		}
	}
	return strings.ToLower(s)
}
