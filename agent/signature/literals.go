package signature

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// literals finds which of many texts stand in a page, whose bytes it reads
// once. Of each text it knows two runs of four bytes that stand one byte apart,
// the rarest pair among all texts. One of the two begins at an even place of
// the page, so that only every second place is looked at: a table of bits says
// whether some text's run could stand there, and only then are texts compared.
//
// Against the usual automaton (Aho-Corasick) this needs no table of states,
// which for thousands of texts takes megabytes or has to be built while pages
// are read, and no step waits for the one before: the chain of loads of such
// an automaton alone takes five times as long.
type literals struct {
	runs    [1 << runBits / 64]uint64
	buckets []uint32 // where the entries of a bucket begin, and an end
	entries []entry  // by their run's place in runs
	short   []entry  // too short to have two runs
}

// entry is one text and one of its runs.
type entry struct {
	text  string
	run   uint32
	start uint8 // of the run in the text
	id    uint16
}

const (
	run        = 4
	runBits    = 16 // 8 KiB of bits, which stay in the processor's nearest cache
	bucketBits = 12
	commonBits = 14
	// maxStart bounds where in a text its runs may begin.
	maxStart = 250
)

// isBrief says whether a text is too short to have two runs.
func isBrief(text string) bool { return len(text) <= run }

// bit is the place of a run in the table: a multiplicative hash (Knuth, The
// Art of Computer Programming 3, 6.4).
func bit(run uint32) uint32 { return run * 2654435761 >> (32 - runBits) }

// newLiterals makes the table for texts in lower case, each with its id.
func newLiterals(texts []string, ids []uint16) *literals {
	l := &literals{buckets: make([]uint32, 1<<bucketBits+1)}
	common := make([]uint16, 1<<commonBits) // how many texts have a run, about
	for _, t := range texts {
		for i := 0; i+run <= len(t); i++ {
			common[bit(load(t[i:]))>>(runBits-commonBits)]++
		}
	}
	chosen := make([]uint8, len(texts)) // where the first of the two runs begins
	for i, t := range texts {
		if isBrief(t) {
			l.short = append(l.short, entry{text: t, id: ids[i]})
			continue
		}
		rarest, next := math.MaxInt, int(common[bit(load(t))>>(runBits-commonBits)])
		plainness := plainness(t[:run])
		for at := 0; at+run < len(t) && at <= maxStart; at++ {
			this := next
			next = int(common[bit(load(t[at+1:]))>>(runBits-commonBits)])
			plainness += plain[t[at+run]]
			if rarity := 8*(this+next) + plainness; rarity < rarest {
				chosen[i], rarest = uint8(at), rarity
			}
			plainness -= plain[t[at]]
		}
		for at := chosen[i]; at <= chosen[i]+1; at++ {
			b := bit(load(t[at:]))
			l.runs[b/64] |= 1 << (b % 64)
			l.buckets[b>>(runBits-bucketBits)+1]++
		}
	}
	for b := range 1 << bucketBits {
		l.buckets[b+1] += l.buckets[b]
	}
	l.entries = make([]entry, l.buckets[1<<bucketBits])
	end := slices.Clone(l.buckets)
	for i, t := range texts {
		if isBrief(t) {
			continue
		}
		for at := chosen[i]; at <= chosen[i]+1; at++ {
			e := entry{text: t, run: load(t[at:]), start: at, id: ids[i]}
			b := bit(e.run) >> (runBits - bucketBits)
			l.entries[end[b]] = e
			end[b]++
		}
	}
	return l
}

func load(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// plainness counts the bytes that stand everywhere in a text.
func plainness(s string) (n int) {
	for i := range len(s) {
		n += plain[s[i]]
	}
	return n
}

var plain = [256]int{' ': 1, 'e': 1, 't': 1, 'a': 1, 'o': 1, 'i': 1, 'n': 1, 's': 1, 'r': 1}

// in notes every text that stands in a page, which is in lower case.
func (l *literals) in(page []byte, note func(id uint16)) {
	for i := range l.short {
		if bytes.Contains(page, []byte(l.short[i].text)) {
			note(l.short[i].id)
		}
	}
	i := 0
	for ; i+8 <= len(page); i += 6 {
		// Three places stand in eight bytes.
		v := binary.LittleEndian.Uint64(page[i:])
		if b := bit(uint32(v)); l.runs[b/64]&(1<<(b%64)) != 0 {
			l.at(page, i, note)
		}
		if b := bit(uint32(v >> 16)); l.runs[b/64]&(1<<(b%64)) != 0 {
			l.at(page, i+2, note)
		}
		if b := bit(uint32(v >> 32)); l.runs[b/64]&(1<<(b%64)) != 0 {
			l.at(page, i+4, note)
		}
	}
	for ; i+run <= len(page); i += 2 {
		l.at(page, i, note)
	}
}

// at notes the texts whose run stands at a place of the page.
func (l *literals) at(page []byte, i int, note func(id uint16)) {
	v := binary.LittleEndian.Uint32(page[i:])
	bucket := bit(v) >> (runBits - bucketBits)
	entries := l.entries[l.buckets[bucket]:l.buckets[bucket+1]]
	for k := range entries {
		e := &entries[k]
		if e.run != v {
			continue
		}
		start := i - int(e.start)
		if end := start + len(e.text); start >= 0 && end <= len(page) && string(page[start:end]) == e.text {
			note(e.id)
		}
	}
}
