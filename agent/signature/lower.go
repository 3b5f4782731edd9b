package signature

import (
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"
)

// appendLower is append(to[:0], strings.ToLower(s)...), eight bytes at a time
// where they are ASCII.
func appendLower[T string | []byte](to []byte, s T) []byte {
	to = slices.Grow(to[:0], len(s)+8)
	to = to[:cap(to)]
	n := 0 // bytes of to that are written
	for i := 0; i < len(s); {
		if i+8 <= len(s) {
			v := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
				uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
			const each, high = 0x0101010101010101, 0x8080808080808080
			if v&high == 0 {
				// The high bit of each byte says: from "A" on, and not behind "Z".
				upper := (v + each*(0x80-'A')) &^ (v + each*(0x80-'Z'-1)) & high
				binary.LittleEndian.PutUint64(to[n:], v+upper>>2) // 'a' - 'A' is 0x80 >> 2
				i += 8
				n += 8
				continue
			}
		}
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			to[n] = c
			i++
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		i += size
		n = len(utf8.AppendRune(to[:n], unicode.ToLower(r)))
		// Some letters have a longer small one.
		if len(to)-n < len(s)-i+8+utf8.UTFMax {
			to = slices.Grow(to[:n], len(s)-i+64)
			to = to[:cap(to)]
		}
	}
	return to[:n]
}
