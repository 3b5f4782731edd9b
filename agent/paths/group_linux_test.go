package paths

import (
	"strings"
	"testing"
)

func TestAGroupIsHarmlessOnlyWithoutStrangers(t *testing.T) {
	const passwd = "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\nben:x:1001:50::/home/ben:/bin/sh\n"
	for _, test := range []struct {
		name, group string
		want        bool
	}{
		{"the user's own group", "anna:x:1000:", true},
		{"one that names the user", "anna:x:1000:anna", true},
		{"one with root", "anna:x:1000:anna,root", true},
		{"one with somebody else", "anna:x:1000:anna,ben", false},
		{"one that is somebody's first group", "staff:x:50:", false},
		{"one nobody is in", "local:x:70:", true},
		{"one that is not listed", "anna:x:999:", false},
		{"a damaged line", "anna:x:1000", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			gid := strings.Split(test.group, ":")[2]
			if test.name == "one that is not listed" {
				gid = "1000"
			}
			got := aloneInGroup(strings.NewReader("root:x:0:\n"+test.group+"\n"), strings.NewReader(passwd), "1000", gid)
			if got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
