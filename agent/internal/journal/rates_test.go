package journal

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/recovery"
)

var (
	signInAgain = recovery.Tried{Cause: cause.SessionExpired, Action: cause.LoginAgain}
	reload      = recovery.Tried{Cause: cause.SessionExpired, Action: cause.ReloadPage}
)

func experience(t *testing.T, j *Journal, origin string) recovery.Experience {
	t.Helper()
	x, err := j.Experience(origin)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestRatesAreCountedForASiteAndForAll(t *testing.T) {
	path := file(t)
	j := open(t, path)
	j.Learn("https://a.example", signInAgain, true, start)
	j.Learn("https://a.example", signInAgain, false, start)
	j.Learn("https://a.example:8443", signInAgain, true, start)
	j.Learn("https://b.example", reload, true, start)
	want := recovery.Experience{
		Here:       map[recovery.Tried]recovery.Count{signInAgain: {Helped: 1, Failed: 1}},
		Everywhere: map[recovery.Tried]recovery.Count{signInAgain: {Helped: 2, Failed: 1}, reload: {Helped: 1}},
	}
	for _, when := range []string{"waiting", "written", "after reopening"} {
		if diff := cmp.Diff(want, experience(t, j, "https://a.example")); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
		if when == "waiting" {
			if err := j.Flush(); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		j = open(t, path)
	}
}

func TestAJournalFromBeforeRatesOpensAndLearns(t *testing.T) {
	path := file(t)
	j := open(t, path)
	if err := errors.Join(j.Put(sample("a", "https://a.example/", start)), j.Flush(),
		j.update(func(tx *bolt.Tx) error { return tx.DeleteBucket(bucketRates) }), j.Close()); err != nil {
		t.Fatal(err)
	}
	j = open(t, path)
	j.Learn("https://a.example", reload, true, start)
	if err := j.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := experience(t, j, "https://a.example").Here[reload]; got.Helped != 1 || j.State() != OK {
		t.Errorf("%+v, journal %s", got, j.State())
	}
	if _, err := j.Get("a"); err != nil {
		t.Errorf("what it held: %v", err)
	}
}

func TestAJournalThatTakesNothingLearnsNothing(t *testing.T) {
	j := None(errors.New("no place"))
	j.Learn("https://a.example", reload, true, start)
	if err := j.Flush(); err != nil {
		t.Error(err)
	}
	if _, err := j.Experience("https://a.example"); err != nil {
		t.Error(err)
	}
}

func TestIncidentsGoAfterThirtyDaysAndRatesAfterNinety(t *testing.T) {
	j := open(t, file(t))
	j.Learn("https://a.example", reload, true, start)
	if err := errors.Join(j.Put(sample("a", "https://a.example/", start)), j.Flush()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after          time.Duration
		incident, rate bool
	}{{29 * 24 * time.Hour, true, true}, {31 * 24 * time.Hour, false, true}, {91 * 24 * time.Hour, false, false}} {
		if err := j.Prune(start.Add(c.after)); err != nil {
			t.Fatal(err)
		}
		_, err := j.Get("a")
		_, known := experience(t, j, "https://a.example").Here[reload]
		if (err == nil) != c.incident || known != c.rate {
			t.Errorf("after %s: incident %v, rate known %t", c.after, err, known)
		}
	}
}

func TestClearingASiteOrOneIncidentLeavesTheOthers(t *testing.T) {
	j := open(t, file(t))
	for id, url := range map[string]string{"a": "https://a.example/x", "b": "https://a.example/y", "c": "https://a.example:8443/", "d": "https://b.example/"} {
		if err := j.Put(sample(id, url, start)); err != nil {
			t.Fatal(err)
		}
	}
	j.Learn("https://a.example", reload, true, start)
	j.Learn("https://b.example", reload, true, start)
	held := func() string {
		t.Helper()
		list, _, err := j.Page("", 10)
		if err != nil {
			t.Fatal(err)
		}
		ids := ""
		for _, inc := range list {
			ids += inc.ID
		}
		return ids
	}
	if err := j.ClearIncident("a"); err != nil || held() != "dcb" {
		t.Errorf("one: %v, held %s", err, held())
	}
	if err := j.ClearIncident("a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("one that is gone: %v", err)
	}
	if err := j.ClearSite("https://a.example"); err != nil || held() != "dc" {
		t.Errorf("a site: %v, held %s", err, held())
	}
	if x := experience(t, j, "https://a.example"); len(x.Here) != 0 || x.Everywhere[reload].Helped != 2 {
		t.Errorf("rates after clearing the site: %+v", x)
	}
	if err := j.Clear(); err != nil || held() != "" {
		t.Errorf("all: %v, held %s", err, held())
	}
	if x := experience(t, j, "https://b.example"); len(x.Here)+len(x.Everywhere) != 0 {
		t.Errorf("rates after clearing all: %+v", x)
	}
}

func TestRecentFindsTheIncidentsOfAVisit(t *testing.T) {
	j := open(t, file(t))
	if err := errors.Join(j.Put(sample("1", "https://a.example/", start.Add(-time.Hour))), j.Put(sample("2", "https://a.example/", start)), j.Flush(),
		j.Put(sample("3", "https://a.example/x", start)), j.Put(sample("4", "https://b.example/", start))); err != nil {
		t.Fatal(err)
	}
	got := ""
	list, err := j.Recent("https://a.example", start.Add(-time.Minute), 8)
	for _, inc := range list {
		got += inc.ID
	}
	if err != nil || got != "32" {
		t.Errorf("%q, %v", got, err)
	}
}
