package signature

import (
	"strings"
	"testing"
)

func FuzzHaystackFindsWhatIsThere(f *testing.F) {
	long := strings.Repeat("the quick brown fox ", 20)
	f.Add(long, "quick brown")
	f.Add(long+"zebra", "zebra")
	f.Add(long, "quack")
	f.Add(long, "")
	f.Add("short", "hor")
	f.Add(strings.Repeat("a", 70), "aaaa")
	f.Add(long, "fox the quick brown fox")
	f.Fuzz(func(t *testing.T, text, literal string) {
		h := haystack{text: text}
		if got, want := h.holds(literal), strings.Contains(text, literal); got != want {
			t.Fatalf("holds(%q) = %v in %q", literal, got, text)
		}
	})
}
