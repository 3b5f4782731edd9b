package cause_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
)

// The golden file is the promise to journals and support codes already written:
// lines are appended to it, never changed.
func TestNumbersAreAppendOnly(t *testing.T) {
	var b strings.Builder
	for _, e := range cause.All {
		fmt.Fprintf(&b, "cause %d %s\n", e.Number, e.ID)
	}
	for _, e := range cause.Actions {
		fmt.Fprintf(&b, "action %d %s\n", e.Number, e.Action)
	}
	want, err := os.ReadFile("testdata/numbers.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("numbers changed (-golden +now):\n%s", diff)
	}
}

func TestEveryNumberAndIdIsUniqueAndFits(t *testing.T) {
	for _, e := range cause.All {
		if e.Number < 1 || e.Number > 63 {
			t.Errorf("%s has number %d, outside 1 to 63", e.ID, e.Number)
		}
		if got, ok := cause.ByNumber(e.Number); !ok || got != e {
			t.Errorf("ByNumber(%d) = %v, want %v", e.Number, got, e)
		}
		if got, ok := cause.ByID(e.ID); !ok || got != e {
			t.Errorf("ByID(%s) = %v, want %v", e.ID, got, e)
		}
		if e.Family == "" {
			t.Errorf("%s has no family", e.ID)
		}
	}
	for _, e := range cause.Actions {
		if e.Number < 1 || e.Number > 63 {
			t.Errorf("%s has number %d, outside 1 to 63", e.Action, e.Number)
		}
		if got, ok := cause.ActionByNumber(e.Number); !ok || got != e {
			t.Errorf("ActionByNumber(%d) = %v, want %v", e.Number, got, e)
		}
		if got, ok := cause.ActionByID(e.Action); !ok || got != e {
			t.Errorf("ActionByID(%s) = %v, want %v", e.Action, got, e)
		}
	}
}

func TestWhatIsNoEntryIsNotFound(t *testing.T) {
	if _, ok := cause.ByID("nonsense"); ok {
		t.Error("ByID found nonsense")
	}
	if _, ok := cause.ByNumber(0); ok {
		t.Error("ByNumber found 0")
	}
	if _, ok := cause.ActionByID(""); ok {
		t.Error("ActionByID found the empty action")
	}
	if _, ok := cause.ActionByNumber(63); ok {
		t.Error("ActionByNumber found 63")
	}
}
