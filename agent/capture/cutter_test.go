package capture

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

func TestLongStringsAreShortenedAndNothingElse(t *testing.T) {
	long := strings.Repeat("x", maxString)
	for _, tc := range []struct{ name, in, want string }{
		{"short ones stay", `{"a":["b","\"\\\u0041"],"c":1}`, `{"a":["b","\"\\\u0041"],"c":1}`},
		{"the longest that stays", `"` + long + `"`, `"` + long + `"`},
		{"one more is cut", `"` + long + `y"`, `"` + long + `"`},
		{"what follows stays", `["` + long + `yyy","z"]`, `["` + long + `","z"]`},
		{"an escape at the limit stays whole", `["` + long[1:] + `\u0041\n","z"]`, `["` + long[1:] + `\u0041","z"]`},
		{"an escape behind it goes whole", `["` + long + `\u0041\"\\","z"]`, `["` + long + `","z"]`},
		{"a quote at the limit", `["` + long[1:] + `\"y","z"]`, `["` + long[1:] + `\"","z"]`},
		{"a backslash at the limit", `["` + long[1:] + `\\","z"]`, `["` + long[1:] + `\\","z"]`},
		{"backslashes dropped, even", `["` + long + `\\\\","z"]`, `["` + long + `","z"]`},
		{"backslashes dropped, odd", `["` + long + `\\\"y","z"]`, `["` + long + `","z"]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for name, r := range map[string]io.Reader{
				"at once": strings.NewReader(tc.in), "octet by octet": iotest.OneByteReader(strings.NewReader(tc.in)),
				"with the end": iotest.DataErrReader(strings.NewReader(tc.in)),
			} {
				got, err := io.ReadAll(newCutter(r))
				if err != nil || string(got) != tc.want {
					t.Errorf("%s: %d octets, want %d, %v; ends in %q", name, len(got), len(tc.want), err, got[max(0, len(got)-20):])
				}
			}
		})
	}
}

func TestANumberWithoutEndIsNotHeld(t *testing.T) {
	_, err := io.ReadAll(newCutter(strings.NewReader(`{"a":` + strings.Repeat("1", 1<<20))))
	if !errors.Is(err, errBare) {
		t.Errorf("got %v", err)
	}
	spaces := `{"a":` + strings.Repeat(" ", 1<<20) + strings.Repeat("1, ", 1<<20)
	if got, err := io.ReadAll(newCutter(strings.NewReader(spaces))); err != nil || string(got) != spaces {
		t.Errorf("%d octets, %v", len(got), err)
	}
}

// FuzzCutter: what comes out of JSON is the same JSON with its long strings
// shortened, however it is read.
func FuzzCutter(f *testing.F) {
	f.Add(`{"a":"b\"\\\u00e4","c":[1,true,null,"😀"]}`, uint16(3), uint32(0))
	f.Add(`["\ud83d\ude00"]`, uint16(1), uint32(maxString-7))
	f.Add(`["\\\\\\\"",""]`, uint16(2), uint32(maxString-3))
	f.Fuzz(func(t *testing.T, text string, chunk uint16, pad uint32) {
		// A string is put where the limit is.
		text = strings.Replace(text, `"`, `"`+strings.Repeat("x", int(pad%(maxString+8))), 1)
		out, err := io.ReadAll(newCutter(&chunked{[]byte(text), int(chunk)%4096 + 1}))
		if !json.Valid([]byte(text)) || !utf8.ValidString(text) {
			return
		}
		if err != nil {
			if !errors.Is(err, errBare) {
				t.Fatal(err)
			}
			return
		}
		var before, after any
		if err := json.Unmarshal([]byte(text), &before); err != nil {
			return // too deep
		}
		if err := json.Unmarshal(out, &after); err != nil {
			t.Fatalf("no JSON any more: %v", err)
		}
		if !shortened(before, after) {
			t.Fatalf("%d octets became %d others", len(text), len(out))
		}
	})
}

// shortened says whether b is a with its long strings cut.
func shortened(a, b any) bool {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		// A letter divided at the cut reads as the sign for one.
		return ok && (x == y || len(x) >= maxString/6-1 && strings.HasPrefix(x, strings.TrimRight(y, "\ufffd")))
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !shortened(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			if v, ok := y[k]; ok && !shortened(x[k], v) || !ok && len(k) < maxString/6 {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// chunked hands on a few octets at a time.
type chunked struct {
	rest []byte
	size int
}

func (c *chunked) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.rest[:min(c.size, len(c.rest))])
	c.rest = c.rest[n:]
	return n, nil
}

func BenchmarkCutter(b *testing.B) {
	text := []byte(`{"a":"` + strings.Repeat(`<p class=\"x\">words</p>\n`, 4<<10) + `"}`)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := io.Copy(io.Discard, newCutter(bytes.NewReader(text))); err != nil {
			b.Fatal(err)
		}
	}
}
