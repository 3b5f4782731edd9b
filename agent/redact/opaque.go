package redact

import "strings"

// A run of token characters is opaque when the parts of it that are no words
// are long enough. The lengths keep request ids such as a CF-Ray (16 hex
// digits) and an Akamai reference, which a helpdesk asks for.
const (
	opaquePart = 20 // one part alone
	opaqueSum  = 24 // all such parts of a run together
	opaquePath = 10 // in a path segment or a name, where nobody reads ids aloud
)

// Token reports whether a name or path segment looks machine-made or secret
// rather than like words: a UUID, a long number, a JWT, random letters.
func Token(s string) bool {
	return nonWordy(s) >= opaquePath || Text(s) != s
}

func runByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || separator(c)
}

func separator(c byte) bool { return c == '-' || c == '_' || c == '/' || c == '+' || c == '=' }

// findOpaque looks at every run of base64, base64url and hex characters.
func findOpaque(found []span, s string, from, to int) []span {
	for i := from; i < to; {
		if !runByte(s[i]) {
			i++
			continue
		}
		start := i
		for i < to && runByte(s[i]) {
			i++
		}
		if i-start >= opaquePart && !uuid(s[start:i]) {
			found = opaqueRun(found, s, start, i)
		}
	}
	return found
}

// opaqueRun marks from the first to the last part that is no word.
func opaqueRun(found []span, s string, from, to int) []span {
	first, last, sum, longest := -1, 0, 0, 0
	parts(s[from:to], func(a, b int) {
		if wordy(s[from+a : from+b]) {
			return
		}
		if first < 0 {
			first = from + a
		}
		last = from + b
		sum += b - a
		longest = max(longest, b-a)
	})
	if longest >= opaquePart || sum >= opaqueSum {
		found = append(found, span{first, last})
	}
	if awsSecret(s[from:to]) {
		found = append(found, span{from, to})
	}
	return found
}

// awsSecret reports the form of an AWS secret access key: 40 characters of
// base64, which may by chance read like words between slashes.
func awsSecret(s string) bool {
	return len(s) == 40 && strings.Count(s, "/") < 4 && !strings.ContainsAny(s, "-_=") &&
		strings.ContainsAny(s, "0123456789") && lower(s) != s && strings.ToUpper(s) != s
}

// nonWordy counts the characters of s that belong to no word.
func nonWordy(s string) int {
	sum := 0
	parts(s, func(a, b int) {
		if !wordy(s[a:b]) {
			sum += b - a
		}
	})
	return sum
}

// parts calls f for each stretch of letters and digits.
func parts(s string, f func(from, to int)) {
	for i := 0; i < len(s); {
		if separator(s[i]) || !runByte(s[i]) {
			i++
			continue
		}
		start := i
		for i < len(s) && runByte(s[i]) && !separator(s[i]) {
			i++
		}
		f(start, i)
	}
}

// wordy reports whether a stretch of letters and digits reads like a word, a
// small number, or a word with a number at one end ("v2", "index2", "2fa").
func wordy(s string) bool {
	if len(s) <= 3 {
		return true
	}
	letters, upper, vowels, turns, changes := 0, 0, 0, 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		digit := c >= '0' && c <= '9'
		if !digit {
			letters++
			if c < 'a' {
				upper++
			}
			if strings.IndexByte("aeiouyAEIOUY", c) >= 0 {
				vowels++
			}
		}
		if i > 0 {
			before := s[i-1] >= '0' && s[i-1] <= '9'
			if digit != before {
				changes++
			} else if !digit && s[i-1] >= 'a' && c < 'a' {
				turns++
			}
		}
	}
	digits := len(s) - letters
	switch {
	case letters == 0:
		return digits <= 8
	case changes > 1 || digits > 4:
		return false
	case turns*4 > letters || letters > 40:
		return false
	case letters >= 20 && vowels*4 < letters:
		return false
	}
	return true
}

func uuid(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !hexDigit(s[i]) {
			return false
		}
	}
	return true
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
