package signature

import "strings"

// haystack is a text that is searched for many literals of which hardly one is
// there. It keeps one bit for each run of four bytes that the text holds, so
// that a literal is looked for only where its own runs are all there.
type haystack struct {
	text string
	runs *[1 << runBits / 64]uint64 // nil until the text is first searched
}

const (
	run     = 4
	runBits = 15 // 4 KiB of bits, for texts of at most 8 KiB
)

// holds says whether the literal, in lower case like the text, stands in it.
func (h *haystack) holds(literal string) bool {
	if len(h.text) < len(literal) {
		return false
	}
	if len(literal) >= run && len(h.text) > 64 {
		if h.runs == nil {
			h.runs = runsOf(h.text)
		}
		// The end of a literal differs more often than its beginning.
		for i := len(literal) - run; i >= 0; i -= run {
			if b := bit(literal[i:]); h.runs[b/64]&(1<<(b%64)) == 0 {
				return false
			}
		}
	}
	return strings.Contains(h.text, literal)
}

func runsOf(text string) *[1 << runBits / 64]uint64 {
	runs := new([1 << runBits / 64]uint64)
	for i := 0; i+run <= len(text); i++ {
		b := bit(text[i:])
		runs[b/64] |= 1 << (b % 64)
	}
	return runs
}

// bit is the place of the first four bytes of s: a multiplicative hash (Knuth,
// The Art of Computer Programming 3, 6.4).
func bit(s string) uint32 {
	_ = s[run-1]
	v := uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
	return v * 2654435761 >> (32 - runBits)
}
