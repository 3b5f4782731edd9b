package netrc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told is an entry with its password in the clear, to be compared.
type told struct {
	Line                                     int
	Machine, Port, Protocol, Login, Password string
}

func tell(entries []Entry) (all []told) {
	for _, e := range entries {
		all = append(all, told{e.Line, e.Machine, e.Port, e.Protocol, e.Login, e.Password.Reveal()})
	}
	return all
}

func TestParse(t *testing.T) {
	for name, tc := range map[string]struct {
		file string
		want []told
	}{
		"nothing":        {"", nil},
		"comments alone": {"# machine a\n\n  # login b\n", nil},
		"one line":       {"machine h.example login anna password s3cret", []told{{Line: 1, Machine: "h.example", Login: "anna", Password: "s3cret"}}},
		"many lines, tabs, Windows": {"machine h\r\n\tlogin anna\r\n\tpassword p\r\nmachine i\r\n", []told{
			{Line: 1, Machine: "h", Login: "anna", Password: "p"}, {Line: 4, Machine: "i"},
		}},
		"other names of the same":     {"machine h user anna passwd p", []told{{Line: 1, Machine: "h", Login: "anna", Password: "p"}}},
		"a default":                   {"machine h login a password b\ndefault login anonymous password me@x", []told{{Line: 1, Machine: "h", Login: "a", Password: "b"}, {Line: 2, Login: "anonymous", Password: "me@x"}}},
		"quotes":                      {`machine h login "anna b" password "p \"q\" \\ \t#ü"`, []told{{Line: 1, Machine: "h", Login: "anna b", Password: "p \"q\" \\ \t#ü"}}},
		"an empty password in quotes": {`machine h login a password ""`, []told{{Line: 1, Machine: "h", Login: "a"}}},
		"a quote within a word":       {`machine h login a password p"q`, []told{{Line: 1, Machine: "h", Login: "a", Password: `p"q`}}},
		"a password that begins with a number sign": {"machine h login a password #p\n# end", []told{{Line: 1, Machine: "h", Login: "a", Password: "#p"}}},
		"a comment behind an entry":                 {"machine h login a password p # machine i\nmachine j", []told{{Line: 1, Machine: "h", Login: "a", Password: "p"}, {Line: 2, Machine: "j"}}},
		"a password that is a keyword":              {"machine h login machine password default", []told{{Line: 1, Machine: "h", Login: "machine", Password: "default"}}},
		"the second password of FTP":                {"machine h login a password p account q", []told{{Line: 1, Machine: "h", Login: "a", Password: "p"}}},
		"git's words":                               {"machine h port 8443 protocol https login a password p", []told{{Line: 1, Machine: "h", Port: "8443", Protocol: "https", Login: "a", Password: "p"}}},
		"a macro is passed over":                    {"machine h login a password p\nmacdef init\nmachine trap login x password y\n\nmachine i", []told{{Line: 1, Machine: "h", Login: "a", Password: "p"}, {Line: 5, Machine: "i"}}},
		"a macro of Windows":                        {"macdef init\r\nmachine trap\r\n\r\nmachine i", []told{{Line: 4, Machine: "i"}}},
		"a macro to the end of the file":            {"machine h\nmacdef init\nmachine trap", []told{{Line: 1, Machine: "h"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(strings.NewReader(tc.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, tell(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFileThatCannotBeReadSaysWhereAndQuotesNothing(t *testing.T) {
	for file, want := range map[string]string{
		"machine h\nlogin canary password":       "line 2: the file ends in the middle of an entry",
		"login canary":                           "line 1: an entry begins with machine or default",
		"machine h\n\nlogin a passwort canary":   "line 3: a word that netrc does not know",
		"machine h login a password \"canary\nx": "line 1: a quotation does not end",
		"machine h login a password \"canary\\":  "line 1: a quotation does not end",
		"macdef":                                 "line 1: a macro without a name",
		"machine h password canary\x00":          "this is no text file",
		strings.Repeat("# canary\n", MaxFile/8):  fmt.Sprintf("the file is larger than %d bytes", MaxFile),
	} {
		entries, err := Parse(strings.NewReader(file))
		if err == nil || err.Error() != want || entries != nil {
			t.Errorf("%.40q: %v, want %s", file, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("machine h login \"a\\\"\" password p # c\nmacdef m\nx\n\ndefault")
	f.Fuzz(func(t *testing.T, file string) {
		entries, err := Parse(strings.NewReader(file))
		if err != nil {
			if entries != nil {
				t.Error("an error with entries")
			}
			return
		}
		// What was read is written in quotes, and read again as it was.
		quote := strings.NewReplacer("\\", "\\\\", "\"", "\\\"", "\n", "\\n", "\r", "\\r", "\t", "\\t")
		var again strings.Builder
		for _, e := range tell(entries) {
			head := fmt.Sprintf("machine \"%s\"", quote.Replace(e.Machine))
			_, _ = fmt.Fprintf(&again, "%s login \"%s\" password \"%s\" port \"%s\" protocol \"%s\"\n", head,
				quote.Replace(e.Login), quote.Replace(e.Password), quote.Replace(e.Port), quote.Replace(e.Protocol))
		}
		second, err := Parse(strings.NewReader(again.String()))
		if again.Len() > MaxFile {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range second {
			second[i].Line = entries[i].Line
		}
		if diff := cmp.Diff(tell(entries), tell(second)); diff != "" {
			t.Error(diff)
		}
	})
}
