package capture

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/refusal"
)

// FuzzRead: whatever the input, what comes out has passed refusal.New, and
// little more memory is used than the input has.
func FuzzRead(f *testing.F) {
	for _, data := range fixtures(f) {
		f.Add(data)
	}
	f.Add([]byte(harOf(refusedEntry("https://h.example/a")) + "{"))
	f.Add([]byte("\xff\xfeH\x00T\x00T\x00P\x00"))
	f.Add([]byte(`{"url":"https://h.example/","status":403}{"refusal":null}[]`))
	f.Add([]byte(`{"log":{"entries":[{"response":{"status":403,"content":{"text":"PGgx","encoding":"base64"}}},{"response":{"status":4e2}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		list, summary, err := all(bytes.NewReader(data), Options{})
		runtime.ReadMemStats(&after)
		// A packed input expands by up to 1,032 to 1 (RFC 1951).
		if used, most := after.TotalAlloc-before.TotalAlloc, uint64(8<<20+256*len(data)); used > most && !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
			t.Errorf("%d octets took %d", len(data), used)
		}
		if err != nil {
			if !errors.Is(err, ErrUnrecognised) && !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			if len(list) > 0 {
				t.Fatalf("%d refusals and %v", len(list), err)
			}
			return
		}
		if summary.Refusals != len(list) || summary.Exchanges < len(list) {
			t.Fatalf("%d refusals, %+v", len(list), summary)
		}
		for _, r := range list {
			again, err := refusal.New(r.Refusal)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.Refusal, again); diff != "" {
				t.Fatalf("not as refusal.New leaves it: %s", diff)
			}
		}
	})
}

// FuzzTranscript: how an input arrives, and how its lines end, changes nothing.
func FuzzTranscript(f *testing.F) {
	for name, data := range fixtures(f) {
		if strings.HasPrefix(name, "curl/") {
			f.Add(string(data))
		}
	}
	f.Add("HTTP/1.1 403 No\nA: b\n\nxHTTP/1.1 401 No\nA: b\n\n")
	f.Add("> GET / HTTP/1.1\n>\n< HTTP/2 401 \n<\nHTTP/2 401\n\nx* Closing connection 0")
	f.Add("GET / HTTP/1.1\n\nHTTP/1.1 403 No\nTransfer-Encoding: chunked\n\n5\nabcde\n0\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		text = "HTTP/1.1 302 Found\nLocation: /\n\n" + strings.ReplaceAll(text, "\r", "")
		outline := func(in io.Reader) (lines []string) {
			list, summary, err := all(in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				lines = append(lines, r.Source+" "+r.Refusal.Method+" "+r.Refusal.URL+" "+r.Refusal.ResourceType)
			}
			if summary.Kind != Transcript {
				t.Fatalf("read as %s", summary.Kind)
			}
			return lines
		}
		want := outline(strings.NewReader(text))
		for name, in := range map[string]io.Reader{
			"octet by octet": iotest.OneByteReader(strings.NewReader(text)),
			"with CRLF":      strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")),
		} {
			if diff := cmp.Diff(want, outline(in)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}
