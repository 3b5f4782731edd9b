package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// exercise is the life of a few secrets, the same in every store.
func exercise(t *testing.T, v *Vault) {
	t.Helper()
	ctx := t.Context()
	k := Key{Origin: "https://h.example:8443", Realm: "Staff \"area\" ä", Account: "anna@example.org"}
	other := Key{k.Origin, k.Realm, "anna"}
	elsewhere := Key{k.Origin, "another realm", k.Account}

	if _, _, err := v.Get(ctx, k); !errors.Is(err, ErrNotFound) {
		t.Fatalf("before anything was stored: %v", err)
	}
	if err := v.Delete(ctx, k); !errors.Is(err, ErrNotFound) {
		t.Fatalf("deleting nothing: %v", err)
	}
	set := func(k Key, value string) int {
		t.Helper()
		revision, err := v.Set(ctx, k, NewSecret(value))
		if err != nil {
			t.Fatal(err)
		}
		s, r, err := v.Get(ctx, k)
		if err != nil || s.Reveal() != value || r != revision {
			t.Fatalf("stored at revision %d, got another secret or revision %d, %v", revision, r, err)
		}
		return revision
	}
	one := set(k, "pässword\nwith \"quotes\"")
	if again := set(k, "pässword\nwith \"quotes\""); again != one {
		t.Errorf("the same secret went from revision %d to %d", one, again)
	}
	two := set(k, "")
	if two <= one {
		t.Errorf("a new secret went from revision %d to %d", one, two)
	}
	set(k, strings.Repeat("x", MaxSecret))
	if _, err := v.Set(ctx, k, NewSecret(strings.Repeat("x", MaxSecret+1))); !errors.Is(err, ErrTooBig) {
		t.Errorf("one byte too many: %v", err)
	}
	revision := set(other, "b")
	set(elsewhere, "c")
	if err := v.Worked(other, noon); err != nil {
		t.Fatal(err)
	}
	want := []Entry{{Account: "anna", Revision: revision, Worked: noon, Turn: revision + 2}, {Account: k.Account, Revision: revision - 1}}
	if diff := cmp.Diff(want, v.Accounts(k.Origin, k.Realm)); diff != "" {
		t.Error(diff)
	}
	if err := v.Delete(ctx, other); err != nil {
		t.Fatal(err)
	}
	if _, _, err := v.Get(ctx, other); !errors.Is(err, ErrNotFound) {
		t.Errorf("after it was deleted: %v", err)
	}
	if diff := cmp.Diff(want[1:], v.Accounts(k.Origin, k.Realm)); diff != "" {
		t.Error(diff)
	}
	if later := set(other, "b"); later <= revision {
		t.Errorf("revision %d was used before it was deleted, now %d", revision, later)
	}
}

func TestSecretSaysNothingHoweverItIsPrinted(t *testing.T) {
	s := NewSecret("canary")
	inJSON, err := json.Marshal(map[string]any{"a": s, "b": &s, "c": []Secret{s}})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := s.MarshalText()
	printed := s.String() + string(inJSON) + string(text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%T"} {
		printed += fmt.Sprintf(verb+verb+verb, s, &s, struct{ S Secret }{s})
	}
	if strings.Contains(printed, "canary") || strings.Contains(printed, "63616e617279") || strings.Contains(printed, "99 97 110") {
		t.Error(printed)
	}
	if s.Reveal() != "canary" {
		t.Error("Reveal does not")
	}
	kept := s
	s.Wipe()
	if kept.Reveal() != "\x00\x00\x00\x00\x00\x00" {
		t.Errorf("a copy still holds %q", kept.Reveal())
	}
	Secret{}.Wipe()
}

func TestNamesDifferAndFitEverySystem(t *testing.T) {
	long := strings.Repeat("r", MaxRealm)
	seen := map[string]Key{}
	for _, k := range []Key{
		{"https://h.example", "r", "a"}, {"https://h.example", "r", "a in b"}, {"https://h.example", "r in b", "a"},
		{"https://h.example", "", "a"}, {"https://h.example", "", ""}, {"https://h.example:8443", "r", "a"},
		{"https://h.example", long, "a"}, {"https://h.example", long, "b"}, {"https://h.example", "r\n", "a"},
	} {
		name := k.name()
		if other, ok := seen[name]; ok {
			t.Errorf("%v and %v are both %q", k, other, name)
		}
		seen[name] = k
		if len(name) > longestName || strings.ContainsAny(name, "\n\x00\"'") {
			t.Errorf("%q is no name", name)
		}
	}
	if got, want := (Key{"https://h.example", "Staff", "anna@example.org"}).name(), "anna%40example.org at https%3A%2F%2Fh.example in Staff"; got != want {
		t.Errorf("the name changed to %q: stored passwords would be lost", got)
	}
}

func TestKeysAreBounded(t *testing.T) {
	v := &Vault{gate: newGate(0)}
	for name, tc := range map[string]struct {
		key  Key
		want error
	}{
		"no origin":              {Key{Realm: "r"}, ErrBroken},
		"an origin too long":     {Key{Origin: strings.Repeat("x", MaxOrigin+1)}, ErrTooBig},
		"a realm too long":       {Key{Origin: "o", Realm: strings.Repeat("x", MaxRealm+1)}, ErrTooBig},
		"an account that's long": {Key{Origin: "o", Account: strings.Repeat("x", MaxAccount+1)}, ErrTooBig},
	} {
		_, _, get := v.Get(t.Context(), tc.key)
		_, set := v.Set(t.Context(), tc.key, Secret{})
		if del := v.Delete(t.Context(), tc.key); !errors.Is(get, tc.want) || !errors.Is(set, tc.want) || !errors.Is(del, tc.want) {
			t.Errorf("%s: %v, %v, %v", name, get, set, del)
		}
	}
}

func TestTheIndexSurvivesAndHoldsNoSecret(t *testing.T) {
	dir := t.TempDir()
	v := openFileVault(t, dir, "passphrase")
	k := Key{"https://h.example", "r", "anna"}
	revision, err := v.Set(t.Context(), k, NewSecret("canary"))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Worked(k, noon); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index-file.json", "vault.age"} {
		path := filepath.Join(dir, name)
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
		if data, _ := os.ReadFile(path); strings.Contains(string(data), "canary") {
			t.Errorf("%s holds the secret", name)
		}
	}
	again := openFileVault(t, dir, "passphrase")
	if diff := cmp.Diff([]Entry{{"anna", revision, noon, revision + 1}}, again.Accounts(k.Origin, k.Realm)); diff != "" {
		t.Error(diff)
	}
	if s, r, err := again.Get(t.Context(), k); err != nil || s.Reveal() != "canary" || r != revision {
		t.Errorf("revision %d, %v", r, err)
	}
}

func TestADamagedIndexIsSetAside(t *testing.T) {
	for name, content := range map[string]string{"half a file": `{"v":1,"next":3,"ent`, "another version": `{"v":2,"next":3}`, "nothing": ""} {
		dir := t.TempDir()
		path := filepath.Join(dir, "index.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := Open(Config{Dir: dir})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if kept, err := os.ReadFile(path + ".damaged"); err != nil || string(kept) != content {
			t.Errorf("%s: kept %q, %v", name, kept, err)
		}
		if len(v.Accounts("https://h.example", "r")) != 0 {
			t.Errorf("%s: accounts out of nothing", name)
		}
	}
}

func TestTheIndexIsBounded(t *testing.T) {
	x := &index{path: filepath.Join(t.TempDir(), "index.json"), data: indexFile{V: 1, Next: 1}}
	for i := range MaxEntries {
		x.data.Entries = append(x.data.Entries, record{Origin: "o", Account: fmt.Sprint(i)})
	}
	if err := x.room(Key{"o", "", "new"}); !errors.Is(err, ErrTooBig) {
		t.Errorf("one more: %v", err)
	}
	if err := x.room(Key{"o", "", "7"}); err != nil {
		t.Errorf("a known one: %v", err)
	}
}

func TestWhatWorkedLastComesFirstWhateverTheClockSaid(t *testing.T) {
	dir := t.TempDir()
	space := func(account string) Key { return Key{"https://h.example", "r", account} }
	// Written by an earlier version, which had the time alone.
	old := `{"v":1,"next":4,"entries":[` +
		`{"origin":"https://h.example","realm":"r","account":"anna","revision":1,"worked":"2031-01-01T00:00:00Z"},` +
		`{"origin":"https://h.example","realm":"r","account":"bert","revision":2,"worked":"2026-01-01T00:00:00Z"},` +
		`{"origin":"https://h.example","realm":"r","account":"carl","revision":3}]}`
	must(t, os.WriteFile(filepath.Join(dir, "index-file.json"), []byte(old), 0o600))
	v := openFileVault(t, dir, "passphrase")
	order := func() (names string) {
		for _, e := range v.Accounts("https://h.example", "r") {
			names += e.Account + " "
		}
		return names
	}
	for _, step := range []struct{ worked, want string }{
		{"", "anna bert carl "}, {"carl", "carl anna bert "}, {"bert", "bert carl anna "}, {"carl", "carl bert anna "},
	} {
		if step.worked != "" {
			must(t, v.Worked(space(step.worked), noon)) // the clock stands still, years behind
		}
		if got := order(); got != step.want {
			t.Errorf("after %q worked: %s, want %s", step.worked, got, step.want)
		}
	}
}

// A keyring that is reached over a slow desktop, or asks somebody first.
func TestAKeyringThatAnswersAfterHalfAMinuteHoldsNobodyAndIsFoundAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowStore{wait: 30 * time.Second, secrets: map[string]string{}}
		v := &Vault{store: slow, gate: newGate(1500 * time.Millisecond), index: &index{path: filepath.Join(t.TempDir(), "index.json"), data: indexFile{V: 1, Next: 1}}}
		k := Key{"https://h.example", "r", "anna"}
		start := time.Now()
		if _, err := v.Set(t.Context(), k, NewSecret("s")); !errors.Is(err, ErrTimeout) || time.Since(start) != 1500*time.Millisecond {
			t.Errorf("the first: %v after %v", err, time.Since(start))
		}
		start = time.Now()
		if _, _, err := v.Get(t.Context(), k); !errors.Is(err, ErrTimeout) || time.Since(start) != 0 {
			t.Errorf("while it is awaited: %v after %v", err, time.Since(start))
		}
		time.Sleep(2 * slow.wait) // its answers to get and to set
		synctest.Wait()
		slow.wait = time.Second
		if s, revision, err := v.Get(t.Context(), k); err != nil || s.Reveal() != "s" || revision != 1 {
			t.Errorf("once it answers: revision %d, %v", revision, err)
		}
	})
}

// slowStore answers each question after its time.
type slowStore struct {
	wait    time.Duration
	secrets map[string]string
}

func (s *slowStore) check(context.Context) error { time.Sleep(s.wait); return nil }

func (s *slowStore) get(_ context.Context, name string) (Secret, error) {
	time.Sleep(s.wait)
	if value, ok := s.secrets[name]; ok {
		return NewSecret(value), nil
	}
	return Secret{}, &Error{ErrNotFound, nil, ""}
}

func (s *slowStore) set(_ context.Context, name string, secret Secret) error {
	time.Sleep(s.wait)
	s.secrets[name] = secret.Reveal()
	return nil
}

func (s *slowStore) remove(context.Context, string) error { time.Sleep(s.wait); return nil }

// The process ends between the store and the index: what was stored is neither
// lost nor there twice once it is stored again.
func TestASecretWithoutItsEntryIsStoredOnce(t *testing.T) {
	for name, known := range map[string]bool{"of a new account": false, "of one that was kept": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			k := Key{"https://h.example", "r", "anna"}
			v := openFileVault(t, dir, "passphrase")
			revision := 0
			if known {
				var err error
				if revision, err = v.Set(t.Context(), k, NewSecret("old")); err != nil {
					t.Fatal(err)
				}
			}
			must(t, v.store.set(t.Context(), k.name(), NewSecret("new"))) // and then the end
			v = openFileVault(t, dir, "passphrase")
			again, err := v.Set(t.Context(), k, NewSecret("new"))
			if err != nil || again < revision {
				t.Fatalf("revision %d after %d, %v", again, revision, err)
			}
			if s, r, err := v.Get(t.Context(), k); err != nil || s.Reveal() != "new" || r != again {
				t.Errorf("revision %d, %v", r, err)
			}
			if list := v.All(); len(list) != 1 {
				t.Errorf("kept as %+v", list)
			}
		})
	}
}

func TestAStuckOperationBlocksNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second)
		release := make(chan struct{})
		hang := func(context.Context) (int, error) { <-release; return 1, nil }
		quick := func(context.Context) (int, error) { return 2, nil }
		start := time.Now()
		if _, err := run(t.Context(), g, hang); !errors.Is(err, ErrTimeout) || time.Since(start) != time.Second {
			t.Errorf("the stuck call: %v after %v", err, time.Since(start))
		}
		start = time.Now()
		if _, err := run(t.Context(), g, quick); !errors.Is(err, ErrTimeout) || time.Since(start) != 0 {
			t.Errorf("the next call: %v after %v", err, time.Since(start))
		}
		close(release)
		synctest.Wait()
		if got, err := run(t.Context(), g, quick); got != 2 || err != nil {
			t.Errorf("after it returned: %d, %v", got, err)
		}
	})
}

func TestASecretThatComesTooLateIsWiped(t *testing.T) {
	for name, patience := range map[string]time.Duration{"for the keyring's bound": time.Minute, "for its caller": time.Second / 2} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				secret := NewSecret("canary")
				if _, err := run(ctx, newGate(time.Second), func(context.Context) (found, error) {
					time.Sleep(2 * time.Second)
					return found{secret, 1}, nil
				}); !errors.Is(err, ErrTimeout) {
					t.Errorf("got %v", err)
				}
				time.Sleep(2 * time.Second)
				synctest.Wait()
				if got := secret.Reveal(); got != strings.Repeat("\x00", len("canary")) {
					t.Errorf("it is still %q", got)
				}
			})
		})
	}
}

func TestOperationsGoOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Minute)
		running, most := 0, 0
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, _ = run(t.Context(), g, func(context.Context) (int, error) {
					mu.Lock()
					running++
					most = max(most, running)
					mu.Unlock()
					time.Sleep(time.Second)
					mu.Lock()
					running--
					mu.Unlock()
					return 0, nil
				})
			})
		}
		all.Wait()
		if most != 1 {
			t.Errorf("%d at once", most)
		}
	})
}

func TestACallerWhoLeavesDoesNotStopTheOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		finished := false
		_, err := run(ctx, g, func(own context.Context) (int, error) {
			time.Sleep(2 * time.Second)
			finished = own.Err() == nil
			return 0, nil
		})
		if !errors.Is(err, ErrTimeout) {
			t.Errorf("the caller: %v", err)
		}
		if got, err := run(t.Context(), g, func(context.Context) (bool, error) { return finished, nil }); !got || err != nil {
			t.Errorf("the next one found it unfinished, %v", err)
		}
	})
}

func TestACallerWhoWentAwayIsNoFaultOfTheKeyring(t *testing.T) {
	g := newGate(time.Minute)
	g.slot <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := run(ctx, g, func(context.Context) (int, error) { return 0, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
