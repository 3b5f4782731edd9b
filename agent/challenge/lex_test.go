package challenge

import (
	"strings"
	"testing"
)

func TestAControlCharacterIsFoundWhereverItStands(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			s := strings.Repeat("\xff", at) + string([]byte{byte(c)}) + strings.Repeat("a\t", 10-at/2)
			if got := holdsControl(s); got != isControl(byte(c)) {
				t.Fatalf("%q: %v", s, got)
			}
		}
	}
}
