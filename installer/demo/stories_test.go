package demo

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readmit/readmit/installer/samplesite"
)

// A story is what happened to a person, step by step: at the site, in the
// browser and between them and readmit. Its name is the story in one sentence.
type story struct {
	name  string
	steps []step
}

// step is one thing that happens; what should not be fails the test.
type step func(*person)

// siteClock is the time at the sample site; waiting costs a story nothing.
type siteClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *siteClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *siteClock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var families = []struct {
	name    string
	stories []story
}{
	{"signed in, then not", storiesOfSignIns},
	{"the account", storiesOfAccounts},
	{"something in between", storiesOfTheWay},
	{"the address and the site", storiesOfTheSite},
}

// TestStories tells every story to one agent over one native host. Each has a
// host name of its own, so that what readmit remembers of one site is known
// only to the story that happened there.
func TestStories(t *testing.T) {
	clock := &siteClock{now: time.Now()}
	site, err := samplesite.Serve(t.Context(), samplesite.Config{Now: clock.read})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close() })
	s, err := raise(t.Context(), built(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.clear(); err != nil {
			t.Error(err)
		}
	})
	h, err := s.openHost(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)

	told := 0
	for _, family := range families {
		t.Run(family.name, func(t *testing.T) {
			for _, tale := range family.stories {
				told++
				host := fmt.Sprintf("shop.story%d.localhost", told)
				t.Run(tale.name, func(t *testing.T) {
					site.Site.Reset()
					p := newPerson(t, site, h, clock, host)
					for _, happens := range tale.steps {
						happens(p)
						if t.Failed() {
							t.Log(strings.Join(p.view().ForIT, "\n"))
							return
						}
					}
					if !p.told {
						t.Error("the story ends without an explanation")
					}
				})
			}
		})
	}
}

// TestEveryStoryIsTold guards the table itself: a family that is forgotten or
// a name that says nothing would pass unseen.
func TestEveryStoryIsTold(t *testing.T) {
	var names []string
	for _, family := range families {
		for _, tale := range family.stories {
			names = append(names, tale.name)
			if len(tale.steps) < 3 {
				t.Errorf("%q is no sequence", tale.name)
			}
		}
	}
	if len(names) < 42 {
		t.Errorf("%d stories are told, want 42 or more", len(names))
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != len(names) {
		t.Errorf("of %d names %d differ", len(names), n)
	}
}

// signInForm is what the sign-in form of the desk sends.
func signInForm(account, password string) url.Values {
	return url.Values{"account": {account}, "password": {password}}
}
