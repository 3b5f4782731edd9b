package signature

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendLower is append(to[:0], strings.ToLower(s)...), eight bytes at a time
// where they are ASCII.
func appendLower[T string | []byte](to []byte, s T) []byte {
	to = append(to[:0], s...)
	for i := 0; i < len(to); {
		if i+8 <= len(to) {
			v := binary.LittleEndian.Uint64(to[i:])
			const each, high = 0x0101010101010101, 0x8080808080808080
			if v&high == 0 {
				// The high bit of each byte says: from "A" on, and not behind "Z".
				upper := (v + each*(0x80-'A')) &^ (v + each*(0x80-'Z'-1)) & high
				binary.LittleEndian.PutUint64(to[i:], v+upper>>2) // 'a' - 'A' is 0x80 >> 2
				i += 8
				continue
			}
		}
		if c := to[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				to[i] += 'a' - 'A'
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(to[i:])
		small := unicode.ToLower(r)
		if utf8.RuneLen(small) != size {
			// Some letters have a longer or shorter small one, and what is no
			// UTF-8 a replacement.
			return append(to[:i], strings.ToLower(string(s[i:]))...)
		}
		if small != r {
			utf8.EncodeRune(to[i:], small)
		}
		i += size
	}
	return to
}
