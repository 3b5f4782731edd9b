package signature_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/signature"
)

var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

const serial = 2099010101

func oneRow(id, when string) string {
	return fmt.Sprintf(`[{"id":%q,"group":"wording","when":%s,"causes":[{"cause":"service_outage","strength":"proves"}]}]`, id, when)
}

func TestASignedFileTakesThePlaceOfTheBuiltInRows(t *testing.T) {
	file := signature.Seal(serial, []byte(oneRow("from_file", `{"body":["the file says so"]}`)), key)
	set, err := signature.Load(file, key.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	if want := (signature.Origin{Rows: 1, Serial: serial, File: true}); set.Origin() != want {
		t.Errorf("origin %+v, want %+v", set.Origin(), want)
	}
	signature.Use(set)
	t.Cleanup(func() { signature.Use(nil) })
	r := seen(t, refusal.Refusal{Body: "The file says so. CSRF verification failed."})
	if hs := signature.Match(r); len(hs) != 1 || hs[0].ID != "from_file" {
		t.Errorf("got %+v", hs)
	}
	signature.Use(nil)
	if hs := signature.Match(r); !hits(hs, "django_csrf") || hits(hs, "from_file") || signature.InForce().Origin().File {
		t.Errorf("without the file: %+v", hs)
	}
}

func TestTheBuiltInRowsPassAsAFile(t *testing.T) {
	rows, err := os.ReadFile("rows.json")
	if err != nil {
		t.Fatal(err)
	}
	built := signature.InForce().Origin()
	set, err := signature.Load(signature.Seal(built.Serial, rows, key), key.Public().(ed25519.PublicKey))
	if err != nil || set.Origin().Rows != built.Rows {
		t.Errorf("%+v, %v", set, err)
	}
}

func TestAFileThatMayNotBeUsedIsRefused(t *testing.T) {
	good := []byte(oneRow("from_file", `{"body":["x"]}`))
	public := key.Public().(ed25519.PublicKey)
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	seal := func(rows string) []byte { return signature.Seal(serial, []byte(rows), key) }
	flip := func(file []byte, at int) []byte {
		file = bytes.Clone(file)
		file[at] ^= 1
		return file
	}
	whole := signature.Seal(serial, good, key)
	first := bytes.IndexByte(whole, '\n')
	many := "[" + strings.TrimSuffix(strings.Repeat(strings.Trim(oneRow("a_row", `{"body":["x"]}`), "[]")+",", 5001), ",") + "]"
	for name, c := range map[string]struct {
		file []byte
		key  ed25519.PublicKey
		want string
	}{
		"empty":                            {nil, public, "no signature"},
		"not signed":                       {whole[first+1:], public, "no signature"},
		"half a signature":                 {append(bytes.Clone(whole[:first-8]), whole[first:]...), public, "no whole signature"},
		"signed by somebody else":          {signature.Seal(serial, good, other), public, "does not fit"},
		"a changed row":                    {flip(whole, len(whole)-10), public, "does not fit"},
		"a line more":                      {append(bytes.Clone(whole), '\n'), public, "does not fit"},
		"cut":                              {whole[:len(whole)-1], public, "does not fit"},
		"too large":                        {append(bytes.Clone(whole), make([]byte, signature.MaxFile)...), public, "more than"},
		"a build without a key":            {whole, nil, "no key"},
		"a key that is too short":          {whole, public[:31], "no key"},
		"older than the built-in rows":     {signature.Seal(2026010101, good, key), public, "older"},
		"no rows":                          {seal("[]"), public, "0 rows"},
		"too many rows":                    {seal(many), public, "5001 rows"},
		"no JSON":                          {seal("[}"), public, "cannot be read"},
		"more behind the rows":             {seal(string(good) + `}{"serial":1`), public, "follows"},
		"a field that nobody knows":        {seal(strings.Replace(string(good), `"when"`, `"shows":"x","when"`, 1)), public, "shows"},
		"a condition that nobody knows":    {seal(oneRow("a_row", `{"body":["x"],"script":["y"]}`)), public, "script"},
		"a cause that is none":             {seal(strings.Replace(string(good), "service_outage", "bad_luck", 1)), public, "bad_luck"},
		"a cause twice":                    {seal(strings.Replace(string(good), `"causes":[`, `"causes":[{"cause":"service_outage","strength":"hint"},`, 1)), public, "twice"},
		"a strength that is none":          {seal(strings.Replace(string(good), "proves", "shouts", 1)), public, "shouts"},
		"a pattern without a literal":      {seal(oneRow("a_row", `{"pattern":{"in":"body","regexp":"x"}}`)), public, "needs a literal"},
		"a condition that always holds":    {seal(oneRow("a_row", `{}`)), public, "non-empty"},
		"an endless text":                  {seal(oneRow("a_row", `{"body":["`+strings.Repeat("x", 201)+`"]}`)), public, "200"},
		"an endless list":                  {seal(oneRow("a_row", `{"body":["x"`+strings.Repeat(`,"x"`, 1000)+`]}`)), public, "too many texts"},
		"conditions within conditions":     {seal(oneRow("a_row", strings.Repeat(`{"all":[`, 8)+`{"body":["x"]}`+strings.Repeat(`]}`, 8))), public, "within"},
		"an id twice":                      {seal(strings.Replace(string(good), "[{", "["+strings.Trim(string(good), "[]")+",{", 1)), public, "twice"},
		"a name that disguises":            {seal(strings.Replace(string(good), `"when"`, `"identifies":"a\u202eb","when"`, 1)), public, "short name"},
		"a row with an id of another kind": {seal(oneRow("Row", `{"body":["x"]}`)), public, "words of a-z"},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := signature.Load(c.file, c.key)
			var refused *signature.FileError
			if set != nil || !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || refused.Hint() == "" {
				t.Errorf("got %v, %v, want an error about %q with a hint", set, err, c.want)
			}
		})
	}
}

// Rows change under readers without anybody waiting; the race detector looks on.
func TestRowsAreSwappedWhileOthersMatch(t *testing.T) {
	set, err := signature.Load(signature.Seal(serial, []byte(oneRow("from_file", `{"body":["csrf verification"]}`)), key), key.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { signature.Use(nil) })
	r := seen(t, refusal.Refusal{Body: "CSRF verification failed."})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 500 {
				if hs := signature.Match(r); !hits(hs, "from_file") && !hits(hs, "django_csrf") {
					t.Errorf("got %+v", hs)
					return
				}
			}
		})
	}
	for range 200 {
		signature.Use(set)
		signature.Use(nil)
	}
	readers.Wait()
}

// BenchmarkLoad is the budget of a start: at most 15 ms and 6 MiB for all rows.
func BenchmarkLoad(b *testing.B) {
	rows, err := os.ReadFile("rows.json")
	if err != nil {
		b.Fatal(err)
	}
	file := signature.Seal(serial, rows, key)
	public := key.Public().(ed25519.PublicKey)
	kept := make([]*signature.Set, 0, b.N)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		set, err := signature.Load(file, public)
		if err != nil {
			b.Fatal(err)
		}
		kept = append(kept, set)
	}
	b.StopTimer()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/float64(len(kept)), "kept-B/op")
	runtime.KeepAlive(kept)
}

// No file makes Load panic, whatever it holds behind a good signature.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(oneRow("from_file", `{"body":["x"],"pattern":{"in":"body","regexp":"x+"}}`)))
	f.Fuzz(func(t *testing.T, rows []byte) {
		set, err := signature.Load(signature.Seal(serial, rows, key), key.Public().(ed25519.PublicKey))
		if (set == nil) == (err == nil) {
			t.Fatalf("%v, %v", set, err)
		}
		if set != nil {
			set.Match(seen(t, refusal.Refusal{Title: "x", Body: "<p>x</p>"}))
		}
	})
}
