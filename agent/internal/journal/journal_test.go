package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

var start = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := Open(Config{Path: path, Now: func() time.Time { return start }, OnError: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func file(t *testing.T) string { return filepath.Join(t.TempDir(), "journal.db") }

func sample(id, url string, opened time.Time) *incident.Incident {
	return &incident.Incident{
		V: incident.Version, ID: id, Opened: opened,
		Refusal: refusal.Refusal{URL: url, Method: "GET", Status: 403, ResourceType: "main_frame", Time: opened},
	}
}

func TestIncidentsAreFoundAtOnceAndAfterReopening(t *testing.T) {
	path := file(t)
	j := open(t, path)
	want := sample("a", "https://example.org/x", start)
	if err := j.Put(want); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := j.Get("a")
		if err != nil || cmp.Diff(want, got) != "" {
			t.Fatalf("Get: %v\n%s", err, cmp.Diff(want, got))
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		j = open(t, path)
	}
	if _, err := j.Get("b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get of an unknown id: %v", err)
	}
}

func TestPageTextNeverReachesTheDisk(t *testing.T) {
	path := file(t)
	j := open(t, path)
	inc := sample("a", "https://example.org/x", start)
	inc.Refusal.Title, inc.Refusal.Body = "canary-title", "<p>canary-body</p>"
	if err := errors.Join(j.Put(inc), j.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || bytes.Contains(data, []byte("canary")) {
		t.Errorf("page text is on disk (%v)", err)
	}
	if inc.Refusal.Body == "" {
		t.Error("Put changed its caller's incident")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600 (%v)", info.Mode(), err)
	}
}

func TestPagesGoBackInTime(t *testing.T) {
	j := open(t, file(t))
	for i := range 5 {
		if err := j.Put(sample(fmt.Sprintf("id%d", i), "https://example.org/", start)); err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	before := ""
	for range 5 {
		list, next, err := j.Page(before, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, inc := range list {
			seen = append(seen, inc.ID)
		}
		if before = next; next == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"id4", "id3", "id2", "id1", "id0"}, seen); diff != "" {
		t.Error(diff)
	}
	if err := j.Clear(); err != nil {
		t.Fatal(err)
	}
	if list, _, err := j.Page("", 10); err != nil || len(list) != 0 {
		t.Errorf("after Clear: %d incidents, %v", len(list), err)
	}
}

func TestHistoryKnowsWaitingAndWrittenIncidents(t *testing.T) {
	j := open(t, file(t))
	const origin, url = "https://example.org", "https://example.org/x"
	first, second := sample("1", url, start), sample("2", url, start.Add(time.Minute))
	first.Closing, first.Closed = incident.ClosingRecovered, start.Add(time.Second)
	first.Outcomes = []recovery.Outcome{{Action: cause.LoginAgain, Result: recovery.ResultRecovered}}
	other := sample("3", "https://example.org:8443/x", start)
	if err := errors.Join(j.Put(first), j.Put(other), j.Flush(), j.Put(second), j.Put(sample("4", url, start))); err != nil {
		t.Fatal(err)
	}
	j.Success(origin, start.Add(-90*time.Minute))
	key := Key{Origin: origin, Realm: "Staff", Account: "anna"}
	if err := j.Attempt(Attempt{Key: key, Revision: 1, Ending: Refused, Time: start}); err != nil {
		t.Fatal(err)
	}
	want := diagnosis.History{
		LastSuccess: start.Add(-2 * time.Hour), Refusals: 2,
		Since: start, Helped: map[cause.Action]int{cause.LoginAgain: 1},
		LastHelped: cause.LoginAgain, HelpedHere: true, RefusedAccounts: []string{"anna"},
	}
	if got, err := j.History(Query{Origin: origin, URL: origin + "/y"}); err != nil || got.HelpedHere || got.LastHelped != cause.LoginAgain {
		t.Errorf("another page of the site: %+v %v", got, err)
	}
	for _, state := range []string{"waiting", "written"} {
		got, err := j.History(Query{Origin: origin, URL: url, Realm: "Staff", Except: "4"})
		if err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%s: %v\n%s", state, err, cmp.Diff(want, got))
		}
		if err := j.Flush(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAttemptsCountByRevision(t *testing.T) {
	path := file(t)
	j := open(t, path)
	k := Key{Origin: "https://example.org", Realm: strings.Repeat("r", 70_000), Account: "anna"}
	step := func(want Ending, found bool, revision int) {
		t.Helper()
		got, ok, err := j.LastAttempt(k, revision)
		if got != want || ok != found || err != nil {
			t.Errorf("revision %d: %q %v %v, want %q %v", revision, got, ok, err, want, found)
		}
	}
	step("", false, 1)
	if err := j.Attempt(Attempt{Key: k, Revision: 1, Ending: Unseen, Time: start}); err != nil {
		t.Fatal(err)
	}
	step(Unseen, true, 1)
	if err := j.Attempt(Attempt{Key: k, Revision: 1, Ending: Refused, Time: start}); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, path)
	step(Refused, true, 1)
	step("", false, 2)
	other := k
	other.Account = "bert"
	if _, found, _ := j.LastAttempt(other, 1); found {
		t.Error("another account has an attempt")
	}
	if err := j.ForgetAttempts(k); err != nil {
		t.Fatal(err)
	}
	step("", false, 1)
}

func TestStandingIsOnePerAccount(t *testing.T) {
	j := open(t, file(t))
	k := Key{Origin: "https://example.org", Realm: "Staff", Account: "anna"}
	if _, err := j.StandingOf(k); !errors.Is(err, ErrNotFound) {
		t.Errorf("StandingOf: %v", err)
	}
	for _, scheme := range []string{"digest", "basic"} {
		if err := j.PutStanding(Standing{Key: k, Scheme: scheme, Given: start, Used: start}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := j.Standings()
	want := []Standing{{ID: StandingID(k), Key: k, Scheme: "basic", Given: start, Used: start}}
	if err != nil || cmp.Diff(want, list) != "" {
		t.Errorf("%v\n%s", err, cmp.Diff(want, list))
	}
	if err := j.Withdraw(list[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := j.Withdraw(list[0].ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("withdrawing twice: %v", err)
	}
}

func TestPruneKeepsTheLockoutGuard(t *testing.T) {
	j := open(t, file(t))
	old := start.Add(-KeepFor - time.Hour)
	k := Key{Origin: "https://example.org", Account: "anna"}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(j.Put(sample("0old", "https://example.org/", old)))
	must(j.Put(sample("1new", "https://example.org/", start)))
	must(j.Attempt(Attempt{Key: k, Revision: 1, Ending: Refused, Time: old}))
	must(j.Attempt(Attempt{Key: k, Revision: 2, Ending: Accepted, Time: old}))
	must(j.PutStanding(Standing{Key: k, Used: old}))
	must(j.Flush())
	must(j.Prune(start))
	list, _, err := j.Page("", 10)
	if err != nil || len(list) != 1 || list[0].ID != "1new" {
		t.Errorf("incidents after pruning: %v %v", list, err)
	}
	if ending, found, _ := j.LastAttempt(k, 1); !found || ending != Refused {
		t.Error("a refused attempt was forgotten")
	}
	if _, found, _ := j.LastAttempt(k, 2); found {
		t.Error("an old accepted attempt is kept")
	}
	if s, _ := j.Standings(); len(s) != 0 {
		t.Error("an unused consent is kept")
	}
}

func TestPruneKeepsTheNewest(t *testing.T) {
	j := open(t, file(t))
	for i := range KeepIncidents + 3 {
		if err := j.Put(sample(fmt.Sprintf("%05d", i), "https://example.org/", start)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(j.Flush(), j.Prune(start)); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Get("00002"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an incident beyond the limit: %v", err)
	}
	if _, err := j.Get("00003"); err != nil {
		t.Errorf("an incident within the limit: %v", err)
	}
}

func TestDamagedFilesAreSetAsideAndKept(t *testing.T) {
	good := file(t)
	j := open(t, good)
	for i := range 200 {
		if err := j.Put(sample(fmt.Sprintf("%05d", i), "https://example.org/"+strings.Repeat("x", 500), start)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	overwrite := func(from, to int) []byte {
		b := bytes.Clone(whole)
		for i := from; i < min(to, len(b)); i++ {
			b[i] = 0xff
		}
		return b
	}
	for name, data := range map[string][]byte{
		"no journal at all":          []byte("this is a text that somebody put here"),
		"cut short in the middle":    whole[:len(whole)/2],
		"cut short in its header":    whole[:100],
		"both headers overwritten":   overwrite(0, 2*page),
		"all but the headers broken": overwrite(2*page, len(whole)),
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			j := open(t, path)
			if j.State() != SetAside {
				t.Errorf("state %q, want set_aside", j.State())
			}
			aside, err := filepath.Glob(path + ".damaged-*")
			if err != nil || len(aside) != 1 {
				t.Fatalf("set aside: %v %v", aside, err)
			}
			kept, err := os.ReadFile(aside[0])
			if err != nil || len(kept) < len(data) || !bytes.Equal(kept[:32], data[:32]) {
				t.Errorf("the damaged file was not kept as it was (%d of %d bytes, %v)", len(kept), len(data), err)
			}
			if err := j.Attempt(Attempt{Ending: Unseen}); err != nil {
				t.Errorf("the new journal takes no entry: %v", err)
			}
		})
	}
}

func TestDamageFoundLaterIsSetAside(t *testing.T) {
	path := file(t)
	j := open(t, path)
	if err := errors.Join(j.Put(sample("a", "https://example.org/", start)), j.Flush()); err != nil {
		t.Fatal(err)
	}
	err := j.view(func(*bolt.Tx) error { panic("page 7 already freed") })
	if !errors.Is(err, ErrDamaged) || j.State() != SetAside {
		t.Fatalf("%v, state %q", err, j.State())
	}
	if err := errors.Join(j.Put(sample("b", "https://example.org/", start)), j.Flush()); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Get("b"); err != nil {
		t.Error(err)
	}
}

func TestANewerJournalIsReadOnly(t *testing.T) {
	path := file(t)
	j := open(t, path)
	err := errors.Join(j.Put(sample("a", "https://example.org/", start)), j.Flush(), j.update(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketMeta).Put(keyVersion, []byte("2"))
	}), j.Close())
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	j = open(t, path)
	if j.State() != ReadOnly || j.Problem() == nil {
		t.Errorf("state %q, want read_only; problem %v", j.State(), j.Problem())
	}
	if _, err := j.Get("a"); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := j.Attempt(Attempt{Ending: Unseen}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("writing: %v", err)
	}
	if err := errors.Join(j.Put(sample("b", "https://example.org/", start)), j.Prune(start), j.Close()); err != nil {
		t.Error(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a newer journal was changed (%v)", err)
	}
}

func TestNoneKeepsNothing(t *testing.T) {
	why := errors.New("no place")
	j := None(why)
	if err := errors.Join(j.Put(sample("a", "https://example.org/", start)), j.Flush()); err != nil {
		t.Error(err)
	}
	if err := j.Attempt(Attempt{}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("an attempt: %v", err)
	}
	if _, err := j.History(Query{Origin: "https://example.org"}); err != nil {
		t.Errorf("history: %v", err)
	}
	if j.State() != Off || !errors.Is(j.Problem(), why) {
		t.Errorf("state %q, problem %v", j.State(), j.Problem())
	}
}
