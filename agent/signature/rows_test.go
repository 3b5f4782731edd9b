package signature_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/signature"
	"github.com/readmit/readmit/agent/signature/internal/source"
)

var update = flag.Bool("update", false, "write the rows that are built in")

func readRows(t *testing.T) []source.Row {
	t.Helper()
	rows, err := source.Read(os.DirFS("rows"))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func refused(t *testing.T, e source.Example) refusal.Refusal {
	t.Helper()
	r, err := e.Refusal()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBuiltInRowsAreFresh(t *testing.T) {
	want := source.Compile(readRows(t))
	if *update {
		if err := os.WriteFile("rows.bin", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("rows.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Error("rows.bin is out of date, run go generate ./agent/signature")
	}
}

// The programs know of each row all that stands in the folder.
func TestRowsAreReadAsTheyWereWritten(t *testing.T) {
	rows := readRows(t)
	built := signature.BuiltIn()
	if len(built) != len(rows) {
		t.Fatalf("%d rows of %d", len(built), len(rows))
	}
	for i := range rows {
		r := &rows[i]
		want := signature.Row{ID: r.ID, Group: r.Group, Identifies: r.Identifies, When: r.When, Quote: r.Quote}
		got := built[i]
		for _, c := range got.Causes {
			strength := string(c.Strength)
			if c.Against {
				strength = "against " + strength
			}
			if r.Causes[c.Cause] != strength {
				t.Errorf("%s: %s is %q, want %q", r.ID, c.Cause, strength, r.Causes[c.Cause])
			}
		}
		if len(got.Causes) != len(r.Causes) {
			t.Errorf("%s: causes %v, want %v", r.ID, got.Causes, r.Causes)
		}
		got.Causes = nil
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b int) bool { return a < b })); diff != "" {
			t.Errorf("%s (-written +read):\n%s", r.ID, diff)
		}
	}
}

func TestEveryMatchExampleHitsItsRow(t *testing.T) {
	for _, row := range readRows(t) {
		for _, e := range row.Match {
			r := refused(t, e)
			if !hits(signature.Match(&r), row.ID) {
				t.Errorf("%s does not hit its example %+v", row.ID, e)
			}
		}
		for _, e := range row.Miss {
			r := refused(t, e)
			if hits(signature.Match(&r), row.ID) {
				t.Errorf("%s hits the example that it must miss: %+v", row.ID, e)
			}
		}
	}
}

// Each example is held against some of all rows, read naively.
func TestTheMatcherReadsTheRowsAsTheyAreMeant(t *testing.T) {
	n := 0
	for _, row := range readRows(t) {
		for _, e := range slices.Concat(row.Match, row.Miss) {
			r := refused(t, e)
			hs := signature.Match(&r)
			for id, holds := range signature.Naive(&r, n, 17) {
				if hits(hs, id) != holds {
					t.Errorf("%s holds is %v, naively %v, for %+v", id, !holds, holds, e)
				}
			}
			n++
		}
	}
}

// The strongest cause of a row leads the diagnosis of the row's examples, but
// for rows that say of themselves that they are too weak.
func TestEveryMatchExampleRanksItsRowFirst(t *testing.T) {
	for _, row := range readRows(t) {
		for i, e := range row.Match {
			r := refused(t, e)
			d := diagnosis.Of(&r, nil)
			top, want := d.Ranked[0], strongest(row)
			switch leads := slices.Contains(want, top.Cause) && !d.Unsure; {
			case row.Rank == nil && !leads:
				t.Errorf("%s, example %d: got %s (%.2f, unsure %v), then %s (%.2f), want %v", row.ID, i, top.Cause, top.Probability, d.Unsure, d.Ranked[1].Cause, d.Ranked[1].Probability, want)
			case row.Rank != nil && leads && want[0] != cause.Unknown:
				t.Errorf("%s, example %d: leads with %s, so that rank: false is out of place", row.ID, i, top.Cause)
			}
		}
	}
}

// certain is where one more row cannot change much: sums are capped.
const certain = 0.99

// A row without which nothing changes is a row too many.
func TestWithoutARowItsOwnExampleFalls(t *testing.T) {
	for _, row := range readRows(t) {
		r := refused(t, row.Match[0])
		for _, c := range strongest(row) {
			with := probability(diagnosis.Of(&r, nil), c)
			signature.Without(row.ID, func() {
				if without := probability(diagnosis.Of(&r, nil), c); without >= with && without < certain {
					t.Errorf("%s: %s stays at %.4f without the row (%.4f with it)", row.ID, c, without, with)
				}
			})
		}
	}
}

func probability(d diagnosis.Diagnosis, c cause.ID) float64 {
	i := slices.IndexFunc(d.Ranked, func(r diagnosis.Ranked) bool { return r.Cause == c })
	return d.Ranked[i].Probability
}

func hits(hs []signature.Hit, id string) bool {
	return slices.ContainsFunc(hs, func(h signature.Hit) bool { return h.ID == id })
}

func strongest(row source.Row) []cause.ID {
	order := []string{"hint", "suggests", "points", "says", "proves"}
	best, ids := -1, []cause.ID(nil)
	for c, s := range row.Causes {
		if strings.HasPrefix(s, "against") {
			continue
		}
		switch n := slices.Index(order, s); {
		case n > best:
			best, ids = n, []cause.ID{c}
		case n == best:
			ids = append(ids, c)
		}
	}
	return ids
}
