// Package redact turns what a browser, a server or a page said into what may
// be kept: in a journal, a log, a report, on the wire.
//
// It promises that user information, query values, fragments, cookie values,
// Authorization values and everything of the shapes in this package's table do
// not survive, and that redacting twice changes nothing more. It holds the
// only list of secret shapes; other packages ask here.
//
// Limits: a secret without a shape (a password standing alone in a sentence)
// is not recognised. Identifiers that a helpdesk asks for, such as UUIDs and
// short request ids in text, are kept; in a path they are not. The markers are
// literal, so a secret that a page spells in character references passes.
//
// What was removed reads Mark. The package is pure and safe for concurrent use.
package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Mark stands where something was removed.
const Mark = "{...}"

// passes bounds the search for a fixed point. One pass finds everything; a
// further one only matters where a removal brought two halves together.
const passes = 6

// Text removes everything secret-shaped from running text or markup.
func Text(s string) string { return settle(s, inText) }

// Bounded is Text for a value that must also fit max bytes: it cuts at a rune
// and never leaves half of a recognised shape or half a Mark at the end.
func Bounded(s string, max int) string { return bounded(s, max, inText) }

// lookahead is how far past a cut a shape may still be completed.
const lookahead = 512

func bounded(s string, max int, where context) string {
	s = settle(cut(s, max+lookahead), where)
	for limit := max; len(s) > max; limit -= len(Mark) {
		if limit <= 0 {
			return ""
		}
		s = settle(cut(s, limit), where)
	}
	return s
}

// cut shortens s to at most max bytes, at a rune and not inside a Mark.
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	s = s[:max]
	for n := len(Mark) - 1; n > 0; n-- {
		if strings.HasSuffix(s, Mark[:n]) {
			return s[:len(s)-n]
		}
	}
	return s
}

// context says where a text stands, which decides what counts as a shape.
type context uint8

const (
	inText       context = iota
	inIdentifier         // the value of a header that carries a request id
	inChallenge          // a WWW-Authenticate value: realm and nonce are the site's own public words
)

type span struct{ from, to int }

func settle(s string, where context) string {
	for range passes {
		next := strike(s, find(s, where))
		if next == s {
			break
		}
		s = next
	}
	return s
}

// find lists everything secret-shaped in s. Every shape sees the same text, so
// no removal can hide the rest of another secret.
func find(s string, where context) []span {
	low := lower(s)
	found := findShapes(nil, s, low, where)
	found = findURL(found, s)
	if where != inChallenge {
		found = findMail(found, s)
	}
	switch where {
	case inText:
		found = findOpaque(found, s, 0, len(s))
	case inChallenge:
		found = findOpaqueParams(found, s, low)
	}
	return found
}

// strike puts one Mark in place of each run of touching spans.
func strike(s string, found []span) string {
	if len(found) == 0 {
		return s
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var out strings.Builder
	done := 0
	for i := 0; i < len(found); {
		from, to := found[i].from, found[i].to
		for i++; i < len(found) && found[i].from <= to; i++ {
			to = max(to, found[i].to)
		}
		out.WriteString(s[done:from])
		out.WriteString(Mark)
		done = to
	}
	out.WriteString(s[done:])
	return out.String()
}

// lower folds ASCII only: offsets into it are offsets into s.
func lower(s string) string {
	i := 0
	for i < len(s) && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	b := []byte(s)
	for ; i < len(b); i++ {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}
