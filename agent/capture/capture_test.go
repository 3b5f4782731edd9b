package capture

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is read of the fixtures into testdata/want.txt")

// all reads an input to its end.
func all(in io.Reader, opt Options) ([]Refused, Summary, error) {
	var list []Refused
	summary, err := Read(in, opt, func(r Refused) error {
		list = append(list, r)
		return nil
	})
	return list, summary, err
}

// found is all for an input that must be readable.
func found(t *testing.T, input string) ([]Refused, Summary) {
	t.Helper()
	list, summary, err := all(strings.NewReader(input), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return list, summary
}

// tell puts what matters of a refusal on one line.
func tell(r Refused) string {
	x := &r.Refusal
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s %d %s", r.Source, x.Method, x.URL, x.Status, x.ResourceType)
	for _, part := range []struct{ name, value string }{
		{"authorization", x.Request.Authorization}, {"cookies", string(x.Request.Cookies)}, {"cached", string(x.Request.FromCache)},
		{"later", string(r.Story.Later)}, {"title", x.Title},
	} {
		if part.value != "" {
			fmt.Fprintf(&b, " %s=%s", part.name, part.value)
		}
	}
	if !x.Time.IsZero() {
		fmt.Fprintf(&b, " at=%s", x.Time.Format(time.TimeOnly))
	}
	if !r.Story.LastSuccess.IsZero() {
		fmt.Fprintf(&b, " opened=%s", r.Story.LastSuccess.Format(time.TimeOnly))
	}
	if r.Story.Refusals > 0 {
		fmt.Fprintf(&b, " before=%d", r.Story.Refusals)
	}
	fmt.Fprintf(&b, " headers=%d body=%d", len(x.ResponseHeaders), len(x.Body))
	for _, hop := range x.Redirects {
		fmt.Fprintf(&b, " from=%s", hop.URL)
	}
	return b.String()
}

// fixtures are what writers of each kind write, by file name.
func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, pattern := range []string{"testdata/har/*", "testdata/curl/*", "testdata/raw/*"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no fixtures in %s: %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.ToSlash(strings.TrimPrefix(name, "testdata/"))] = data
		}
	}
	return files
}

func TestWhatEachWriterWritesIsRead(t *testing.T) {
	var got strings.Builder
	files := fixtures(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list, summary, err := all(bytes.NewReader(files[name]), Options{})
		fmt.Fprintf(&got, "%s: %s of %d exchanges\n", name, summary.Kind, summary.Exchanges)
		if err != nil || summary.Broken != nil || summary.Refusals != len(list) {
			t.Errorf("%s: %d refusals, %+v, %v", name, len(list), summary, err)
		}
		for _, r := range list {
			fmt.Fprintf(&got, "  %s\n", tell(r))
		}
	}
	const golden = "testdata/want.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoCaptureIsSaidSo(t *testing.T) {
	for name, input := range map[string]string{
		"an empty file":               "",
		"blanks":                      " \r\n\t\n",
		"a page that shows a request": "<!doctype html><pre>\nGET / HTTP/1.1\n\nHTTP/1.1 403 Forbidden\n</pre>",
		"prose":                       "The server answered 403.\nWhat now?\n",
		"octets":                      "\x00\x01\xff\xfe\x7fELF",
		"a picture":                   "\x89PNG\r\n\x1a\n\x00\x00",
		"half of a gzip header":       "\x1f\x8b\x08",
		"other JSON":                  `{"name":"left-pad","version":"1.3.0"}`,
		"a JSON list":                 `[1,2,3]`,
		"a JSON string":               `["log"]`,
		"a text with a brace":         "{ this is a poem }",
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := all(strings.NewReader(input), Options{}); !errors.Is(err, ErrUnrecognised) && !errors.Is(err, ErrEmpty) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnErrorOfTheReaderComesBackAndNothingIsLost(t *testing.T) {
	full := `{"log":{"entries":[` + refusedEntry("https://h.example/a") + `,` + strings.Repeat(" ", peeked)
	broken := errors.New("the disk is gone")
	list, summary, err := all(io.MultiReader(strings.NewReader(full), failing{broken}), Options{})
	if !errors.Is(err, broken) || len(list) != 1 || summary.Refusals != 1 {
		t.Errorf("%d refusals, %v", len(list), err)
	}
	for _, whole := range []string{full + "]}}", "HTTP/1.1 403 Forbidden\r\nServer: x\r\n\r\n" + strings.Repeat("HTTP/1.1 403 No\nA: b\n\n", 4000), `{"url":"https://h.example/","status":403}`} {
		stop := errors.New("enough")
		calls := 0
		_, err := Read(strings.NewReader(whole), Options{}, func(Refused) error {
			calls++
			return stop
		})
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("called %d times, %v", calls, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
