package support

import "strings"

// alphabet is Crockford's base 32: digits and letters without I, L, O and U,
// so that nothing read aloud over a telephone looks like something else.
// https://www.crockford.com/base32.html
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	letters   = 14
	dataBits  = 56
	checkBits = 14 // dataBits + checkBits = letters * 5
)

// packer gathers the 56 bits of a code, first field highest.
type packer struct{ bits uint64 }

// put appends a value; one that does not fit becomes the largest that does, so
// that it never spills into its neighbours.
func (p *packer) put(v, width int) {
	p.bits = p.bits<<width | uint64(max(0, min(v, 1<<width-1)))
}

// word spells data and checksum in letters, grouped for reading aloud.
func (p *packer) word() string {
	check := uint64(crc14(p.bits))
	var b strings.Builder
	for i := range letters {
		if i == 4 || i == 9 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[fiveBits(p.bits, check, i)])
	}
	return b.String()
}

// fiveBits returns the i-th group of five of the 70 bits data|check.
func fiveBits(data, check uint64, i int) uint64 {
	// 56 data bits fill eleven letters and one bit of the twelfth.
	switch shift := dataBits - 5*(i+1); {
	case shift >= 0:
		return data >> shift & 31
	case i == 11:
		return data<<4&16 | check>>10&15
	default:
		return check >> (5 * (letters - 1 - i)) & 31
	}
}

// unpacker hands the fields back in the order they were put.
type unpacker struct {
	bits uint64
	left int
}

func unpack(s string) (*unpacker, error) {
	var data, check uint64
	n := 0
	for _, r := range s {
		if r == '-' || r == ' ' {
			continue
		}
		v := valueOf(r)
		if v < 0 || n == letters {
			return nil, ErrNotACode
		}
		switch {
		case n < 11:
			data = data<<5 | uint64(v)
		case n == 11:
			data, check = data<<1|uint64(v)>>4, uint64(v)&15
		default:
			check = check<<5 | uint64(v)
		}
		n++
	}
	if n != letters || check != uint64(crc14(data)) {
		return nil, ErrNotACode
	}
	return &unpacker{bits: data, left: dataBits}, nil
}

func (u *unpacker) take(width int) int {
	u.left -= width
	return int(u.bits >> u.left & (1<<width - 1))
}

// valueOf reads one letter, taking the look-alikes for what they stand for.
func valueOf(r rune) int {
	switch r {
	case 'i', 'I', 'l', 'L':
		r = '1'
	case 'o', 'O':
		r = '0'
	}
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	return strings.IndexRune(alphabet, r)
}

// crc14 is CRC-14/DARC over the 56 data bits. As a cyclic code it finds every
// error within 14 neighbouring bits: one wrong letter, two swapped neighbours.
func crc14(data uint64) uint16 {
	const poly = 0x0805
	var reg uint16
	for i := dataBits - 1; i >= 0; i-- {
		in := uint16(data>>i) & 1
		top := reg >> (checkBits - 1) & 1
		reg = reg << 1 & (1<<checkBits - 1)
		if top^in == 1 {
			reg ^= poly
		}
	}
	return reg
}
