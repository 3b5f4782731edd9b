package signature_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/signature"
)

var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

const serial = 2099010101

func oneRow(id string, when signature.Condition) signature.Row {
	return signature.Row{ID: id, Group: signature.GroupWording, When: when, Causes: []signature.Weighted{{Cause: cause.ServiceOutage, Strength: signature.Proves}}}
}

// seal signs rows as a release does.
func seal(rows ...signature.Row) []byte {
	return signature.Seal(serial, signature.Encode(rows), key)
}

func TestASignedFileTakesThePlaceOfTheBuiltInRows(t *testing.T) {
	file := seal(oneRow("from_file", signature.Condition{Body: []string{"the file says so"}}))
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
	rows, err := os.ReadFile("rows.bin")
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
	x := signature.Condition{Body: []string{"x"}}
	row := oneRow("from_file", x)
	with := func(change func(*signature.Row)) []byte {
		r := oneRow("from_file", x)
		change(&r)
		return seal(r)
	}
	deep := x
	for range 8 {
		deep = signature.Condition{All: []signature.Condition{deep}}
	}
	good := signature.Encode([]signature.Row{row})
	public := key.Public().(ed25519.PublicKey)
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	put := func(data []byte, at int, c byte) []byte {
		data = bytes.Clone(data)
		data[at] = c
		return data
	}
	raw := func(rows []byte) []byte { return signature.Seal(serial, rows, key) }
	whole := raw(good)
	first := bytes.IndexByte(whole, '\n')
	group := 2 + len(row.ID) // behind the number of rows and the id with its length
	for name, c := range map[string]struct {
		file []byte
		key  ed25519.PublicKey
		want string
	}{
		"empty":                            {nil, public, "no signature"},
		"not signed":                       {whole[first+1:], public, "no signature"},
		"half a signature":                 {append(bytes.Clone(whole[:first-8]), whole[first:]...), public, "no whole signature"},
		"signed by somebody else":          {signature.Seal(serial, good, other), public, "does not fit"},
		"a changed row":                    {put(whole, len(whole)-10, '!'), public, "does not fit"},
		"a line more":                      {append(bytes.Clone(whole), '\n'), public, "does not fit"},
		"cut":                              {whole[:len(whole)-1], public, "does not fit"},
		"too large":                        {append(bytes.Clone(whole), make([]byte, signature.MaxFile)...), public, "more than"},
		"a build without a key":            {whole, nil, "no key"},
		"a key that is too short":          {whole, public[:31], "no key"},
		"older than the built-in rows":     {signature.Seal(2026010101, good, key), public, "older"},
		"nothing behind the serial":        {raw(nil), public, "end early"},
		"no rows":                          {seal(), public, "0 rows"},
		"too many rows":                    {seal(slices.Repeat([]signature.Row{row}, 5001)...), public, "too many"},
		"no rows at all":                   {raw([]byte("[{}]")), public, "cannot be read"},
		"rows that end early":              {raw(good[:len(good)-3]), public, "end early"},
		"more behind the rows":             {raw(append(bytes.Clone(good), 1)), public, "follows"},
		"a group that nobody knows":        {raw(put(good, group, 9)), public, "does not know"},
		"a condition that nobody knows":    {raw(put(good, group+3, 0x7f)), public, "does not know"},
		"a cause that is none":             {with(func(r *signature.Row) { r.Causes[0].Cause = "bad_luck" }), public, "bad_luck"},
		"a cause twice":                    {with(func(r *signature.Row) { r.Causes = append(r.Causes, r.Causes[0]) }), public, "twice"},
		"a pattern without a literal":      {seal(oneRow("a_row", signature.Condition{Pattern: &signature.Pattern{In: "body", Regexp: "x"}})), public, "needs a literal"},
		"a condition that always holds":    {seal(oneRow("a_row", signature.Condition{})), public, "non-empty"},
		"an endless text":                  {seal(oneRow("a_row", signature.Condition{Body: []string{strings.Repeat("x", 201)}})), public, "200"},
		"an endless list":                  {seal(oneRow("a_row", signature.Condition{Body: slices.Repeat(x.Body, 1001)})), public, "too many"},
		"conditions within conditions":     {seal(oneRow("a_row", deep)), public, "within"},
		"an id twice":                      {seal(row, row), public, "twice"},
		"a name that disguises":            {with(func(r *signature.Row) { r.Identifies = "a\u202eb" }), public, "short name"},
		"a row with an id of another kind": {seal(oneRow("Row", x)), public, "words of a-z"},
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
	set, err := signature.Load(seal(oneRow("from_file", signature.Condition{Body: []string{"csrf verification"}})), key.Public().(ed25519.PublicKey))
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

// BenchmarkLoad is the budget of a start: at most 15 ms and 6 MiB for all
// rows, built in or from a signed file.
func BenchmarkLoad(b *testing.B) {
	rows, err := os.ReadFile("rows.bin")
	if err != nil {
		b.Fatal(err)
	}
	file := signature.Seal(serial, rows, key)
	public := key.Public().(ed25519.PublicKey)
	for name, load := range map[string]func() (*signature.Set, error){
		"BuiltIn": signature.LoadBuiltIn,
		"File":    func() (*signature.Set, error) { return signature.Load(file, public) },
	} {
		b.Run(name, func(b *testing.B) {
			var set *signature.Set
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			b.ReportAllocs()
			for b.Loop() {
				if set, err = load(); err != nil {
					b.Fatal(err)
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.HeapAlloc)-float64(before.HeapAlloc), "kept-B")
			runtime.KeepAlive(set)
		})
	}
}

// No file makes Load panic, whatever it holds behind a good signature.
func FuzzLoad(f *testing.F) {
	f.Add(signature.Encode([]signature.Row{oneRow("from_file", signature.Condition{Body: []string{"x"}, Pattern: &signature.Pattern{In: "body", Regexp: "x+"}})}))
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
