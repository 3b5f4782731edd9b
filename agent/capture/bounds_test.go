package capture

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// entries is a HAR file that is written while it is read.
func entries(n int, entry func(i int) string) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, err := io.WriteString(w, `{"log":{"entries":[`)
		for i := 0; i < n && err == nil; i++ {
			if i > 0 {
				_, err = io.WriteString(w, ",")
			}
			if err == nil {
				_, err = io.WriteString(w, entry(i))
			}
		}
		if err == nil {
			_, err = io.WriteString(w, "]}}")
		}
		_ = w.CloseWithError(err)
	}()
	return r
}

func TestMemoryDoesNotGrowWithTheInput(t *testing.T) {
	page := `,"content":{"mimeType":"text/html","text":` + quoted(strings.Repeat("<p>words of a page</p>", 400)) + `}`
	deep := strings.Repeat("a/", 900)
	for _, tc := range []struct {
		name  string
		n     int
		entry func(i int) string
		want  int // refusals
	}{
		{"ten thousand pages that opened", 10000, func(i int) string { return entryOf(fmt.Sprintf("https://h.example/%d", i), 200, "", "") }, 0},
		{"a thousand refusals of as many origins", 1000, func(i int) string { return entryOf(fmt.Sprintf("https://h%d.example/%d", i, i), 403, "", page) }, 1000},
		{"the same refusal three hundred times", 300, func(int) string { return entryOf("https://h.example/"+deep, 403, "", "") }, 300},
		{"redirects that nobody follows", 3000, func(i int) string {
			return entryOf(fmt.Sprintf("https://h.example/%s%d", deep, i), 302, "", fmt.Sprintf(`,"redirectURL":"/%sb%d"`, deep, i))
		}, 0},
		{"a redirect after the other", 3000, func(i int) string {
			return entryOf(fmt.Sprintf("https://h.example/%s%d", deep, i), 302, "", fmt.Sprintf(`,"redirectURL":"/%s%d"`, deep, i+1))
		}, 0},
		{"addresses and challenges of 100 KiB", 20, func(i int) string {
			long := strings.Repeat("word ", 20<<10)
			return entryOf("https://h.example/"+long, 401, "", `,"headers":[`+strings.Repeat(`{"name":"WWW-Authenticate","value":"Basic `+long+`"},`, 3)+`{}]`)
		}, 20},
	} {
		t.Run(tc.name, func(t *testing.T) {
			runtime.GC()
			var start, now runtime.MemStats
			runtime.ReadMemStats(&start)
			var peak uint64
			refusals := 0
			look := func() {
				runtime.GC()
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc)
			}
			in := entries(tc.n, func(i int) string {
				if i%max(1, tc.n/5) == 0 {
					look()
				}
				return tc.entry(i)
			})
			summary, err := Read(in, Options{}, func(Refused) error {
				refusals++
				return nil
			})
			if err != nil || summary.Broken != nil || summary.Exchanges != tc.n || refusals != tc.want {
				t.Fatalf("%d refusals, %+v, %v", refusals, summary, err)
			}
			if grown := int64(peak) - int64(start.HeapAlloc); grown > 7<<20 {
				t.Errorf("%d KiB are held", grown>>10)
			}
		})
	}
}

// Texts are dropped while they are read, which depends on how far the parser
// runs ahead. What is read does not.
func TestHowAFileArrivesChangesNothing(t *testing.T) {
	long := quoted(strings.Repeat(`<p class="x">wörds</p>`+"\n", 9000))
	opened := func(url string) string {
		return `{"comment":` + long + `,"time":-1,"` + strings.Repeat("n", 9000) + `":7,"cache":{},"request":{"url":` + quoted(url) + `,"postData":{"text":` + long + `}},` +
			`"response":{"bodySize":-1,"status":200,"content":{"size":-1,"text":` + long + `,"compression":-1},"headersSize":-1}}`
	}
	text := harOf(opened("https://h.example/a"), refusedEntry("https://h.example/b"), opened("https://h.example/b"),
		entryOf("https://h.example/c", 403, "", `,"content":{"size":-1,"text":`+long+`}`), opened("https://h.example/d"))
	want, _ := found(t, text)
	if len(want) != 2 || want[0].Story.Later != LaterOpened || len(want[1].Refusal.Body) < 8000 {
		t.Fatalf("got %d refusals", len(want))
	}
	for name, in := range map[string]io.Reader{
		"97 at a time": &chunked{[]byte(text), 97}, "by halves": iotest.HalfReader(strings.NewReader(text)),
		"4,093 at a time": &chunked{[]byte(text), 4093}, "8,191 at a time": &chunked{[]byte(text), 8191}, "100,003 at a time": &chunked{[]byte(text), 100003},
	} {
		got, summary, err := all(in, Options{})
		if err != nil || summary.Broken != nil || summary.Exchanges != 5 {
			t.Errorf("%s: %+v, %v", name, summary, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
