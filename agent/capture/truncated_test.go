package capture

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"regexp"
	"strings"
	"testing"
)

var every = flag.Bool("every", false, "cut the fixtures at every octet, not only here and there")

// A file may end anywhere. What stands before is found, and that something is
// missing is said: always of JSON, and of a transcript that ends in a header.
func TestEveryPartOfEveryFixtureIsRead(t *testing.T) {
	for name, data := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole, wholeSummary, err := all(bytes.NewReader(data), Options{})
			if err != nil {
				t.Fatal(err)
			}
			step := 1
			if !*every {
				step = len(data)/60 | 1
			}
			before := 0
			for n := 0; n < len(data); n += step {
				list, summary, err := all(bytes.NewReader(data[:n]), Options{})
				if err != nil && !errors.Is(err, ErrUnrecognised) && (n > 0 || !errors.Is(err, ErrEmpty)) {
					t.Fatalf("%d octets: %v", n, err)
				}
				if len(list) < before || len(list) > len(whole) {
					t.Fatalf("%d octets: %d refusals, %d in fewer", n, len(list), before)
				}
				before = len(list)
				for i := range list {
					if list[i].Source != whole[i].Source || list[i].Refusal.URL != whole[i].Refusal.URL && !strings.HasPrefix(name, "raw/session") {
						t.Fatalf("%d octets: %s", n, tell(list[i]))
					}
				}
				lost := summary.Exchanges < wholeSummary.Exchanges
				if summary.Kind == Transcript {
					lost = inHeader.Match(data[:n])
				}
				if lost && err == nil && summary.Broken == nil {
					t.Errorf("%d octets, up to %q: nothing is said of the rest", n, data[max(0, n-30):n])
				}
			}
		})
	}
}

// inHeader is a text that ends within the line after a header line.
var inHeader = regexp.MustCompile(`(?:^|[\r\n])(?:[<>] )?(?:HTTP/\S+ \d\d\d[^\r\n]*|(?i:content-type|server|date|host|accept): [^\r\n]*)\r?[\r\n](?:[<>] )?[A-Za-z-]+$`)

func TestADamagedArchiveIsReadUpToTheDamage(t *testing.T) {
	var entries []string
	for range 4000 {
		entries = append(entries, refusedEntry("https://h.example/a"))
	}
	packed := zipped(t, harOf(entries...))
	packed[len(packed)*3/4] ^= 0x55
	list, summary, err := all(bytes.NewReader(packed), Options{})
	if err != nil || summary.Broken == nil || len(list) == 0 || len(list) >= 4000 {
		t.Errorf("%d refusals, %+v, %v", len(list), summary.Broken, err)
	}
	packed[len(packed)*3/4] ^= 0x55
	packed[len(packed)-6] ^= 0x55 // the checksum
	list, summary, err = all(bytes.NewReader(packed), Options{})
	if err != nil || len(list) != 4000 || summary.Broken == nil || summary.Broken.Problem != "the compressed file is damaged" {
		t.Errorf("%d refusals, %+v, %v", len(list), summary.Broken, err)
	}
}

func TestABombIsReadUpToTheBound(t *testing.T) {
	bomb := zipped(t, strings.TrimSuffix(harOf(refusedEntry("https://h.example/a")), "]}}")+`,{"a":"`+strings.Repeat("0", 12<<20)+`"}]}}`)
	for name, packed := range map[string][]byte{"HAR": bomb, "transcript": zipped(t, "HTTP/1.1 403 No\r\nServer: x\r\n\r\n"+strings.Repeat("0", 12<<20))} {
		var list []Refused
		summary, err := read(bytes.NewReader(packed), Options{}, 8<<20, func(r Refused) error {
			list = append(list, r)
			return nil
		})
		if err != nil || len(list) != 1 || summary.Broken == nil || summary.Broken.Problem != "the compressed file expands to more than is read" {
			t.Errorf("%s: %d refusals, %+v, %v", name, len(list), summary.Broken, err)
		}
	}
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
