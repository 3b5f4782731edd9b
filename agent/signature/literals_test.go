package signature

import (
	"slices"
	"strings"
	"testing"
)

func FuzzLiteralsAreFoundWhereTheyStand(f *testing.F) {
	long := strings.Repeat("the quick brown fox ", 20)
	f.Add(long, "quick brown\nzebra\nfox the quick\nfox ")
	f.Add(long+"zebra", "zebra\nbra\nz\nebra\nthe quick brown fox t")
	f.Add(long, "\nquack")
	f.Add("short", "hor\nshort\nshorts\nort")
	f.Add(strings.Repeat("a", 70), "aaaa\n"+strings.Repeat("a", 69)+"\n"+strings.Repeat("a", 71)+"\nb")
	f.Add(strings.Repeat("x", 300)+"rare", strings.Repeat("x", 300)+"rare")
	f.Fuzz(func(t *testing.T, page, lines string) {
		texts := strings.Split(lines, "\n")
		ids := make([]uint16, len(texts))
		for i := range ids {
			ids[i] = uint16(i)
		}
		var got []uint16
		newLiterals(texts, ids).in([]byte(page), func(id uint16) { got = append(got, id) })
		for i, text := range texts {
			if found, want := slices.Contains(got, uint16(i)), strings.Contains(page, text); found != want {
				t.Errorf("found %v, want %v: %q in %q", found, want, text, page)
			}
		}
	})
}

func FuzzAppendLowerIsToLower(f *testing.F) {
	for _, s := range []string{"", "Just A Moment...", "ÄÖÜ Straße İstanbul K\u212a", "\xff\xc3 A\xc3\xa9", "@AZ[`az{\x00\x7f@AZ[`az{", "日本語 ABC"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.ToLower(s)
		if got := string(appendLower(nil, s)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := string(appendLower(nil, []byte(s))); got != want {
			t.Errorf("of bytes: got %q, want %q", got, want)
		}
	})
}
