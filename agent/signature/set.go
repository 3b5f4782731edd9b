package signature

import (
	"errors"
	"math"
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/readmit/readmit/agent/refusal"
)

// Set is rows made ready for matching. It never changes and may be used by
// many at once.
type Set struct {
	rows  []known
	tests []test      // of the row with the same index
	quote []*compiled // the expression of its quote; nil for most

	texts  [len(places)]*literals
	brief  map[uint16]fact   // literals too short for that, by id: looked for only when a row asks
	briefs []uint64          // their ids, as bits
	gated  [][]uint16        // by literal: the rows that may hold once it is found
	facts  map[fact][]uint16 // the same for all other facts
	always []uint16          // rows that nothing gates

	work   sync.Pool // of *seen
	origin Origin
}

var errTooManyTexts = errors.New("too many rows or texts")

// known is what a hit tells of its row.
type known struct {
	ID         string
	Group      Group
	Identifies string
	Causes     []Weighted
	Quote      *Quote
}

// newSet makes rows ready, whose conditions must have passed Check.
func newSet(rows []Row, origin Origin) (*Set, error) {
	if len(rows) > math.MaxUint16 {
		return nil, errTooManyTexts
	}
	origin.Rows = len(rows)
	set := &Set{rows: make([]known, len(rows)), tests: make([]test, len(rows)), quote: make([]*compiled, len(rows)), facts: map[fact][]uint16{}, brief: map[uint16]fact{}, origin: origin}
	b := builder{brief: set.brief, ids: make(map[fact]uint16, 6*len(rows))}
	for i := range rows {
		r := &rows[i]
		set.rows[i] = known{r.ID, r.Group, r.Identifies, r.Causes, r.Quote}
		set.tests[i] = b.test(&r.When)
		if q := rows[i].Quote; q != nil && q.Regexp != "" {
			set.quote[i] = &compiled{expression: q.Regexp}
		}
	}
	if b.full {
		return nil, errTooManyTexts
	}
	set.gated = make([][]uint16, len(b.ids))
	set.briefs = make([]uint64, len(b.ids)/64+1)
	for id := range set.brief {
		set.briefs[id/64] |= 1 << (id % 64)
	}
	for p := range places {
		set.texts[p] = newLiterals(b.texts[p], b.of[p])
	}
	for i := range rows {
		gate := rows[i].When.gate()
		if gate == nil {
			set.always = append(set.always, uint16(i))
		}
		for _, f := range gate {
			if f.kind < kindError {
				id := b.ids[f]
				set.gated[id] = append(set.gated[id], uint16(i))
			} else {
				set.facts[f] = append(set.facts[f], uint16(i))
			}
		}
	}
	return set, nil
}

// builder numbers the literals of all rows; one that several rows look for in
// the same place is one.
type builder struct {
	ids   map[fact]uint16
	texts [len(places)][]string
	of    [len(places)][]uint16
	brief map[uint16]fact
	full  bool
}

func (b *builder) test(c *Condition) test {
	b.number(inAddress, c.Host)
	b.number(inHeaders, c.Header.lines())
	t := test{
		status: statusOf(c.Status), rest: c.rest(),
		title: b.number(inTitle, c.Title), body: b.number(inBody, c.Body), markup: b.number(inMarkup, c.Markup),
		all: b.tests(c.All), any: b.tests(c.Any), not: b.tests(c.Not),
	}
	if c.Pattern != nil {
		t.pattern = &compiled{expression: c.Pattern.Regexp}
	}
	return t
}

// rest is what a condition asks besides texts and other conditions, nil for
// nothing.
func (c *Condition) rest() *Condition {
	if c.Header == nil && c.Pattern == nil && len(c.Cookie)+len(c.Held)+len(c.Query)+len(c.Scheme)+len(c.Realm)+len(c.Error)+
		len(c.Detail)+len(c.Host)+len(c.Path) == 0 {
		return nil
	}
	return &Condition{Header: c.Header, Pattern: c.Pattern, Cookie: c.Cookie, Held: c.Held, Query: c.Query, Scheme: c.Scheme,
		Realm: c.Realm, Error: c.Error, Detail: c.Detail, Host: c.Host, Path: c.Path}
}

func (b *builder) tests(cs []Condition) []test {
	if len(cs) == 0 {
		return nil
	}
	ts := make([]test, len(cs))
	for i := range cs {
		ts[i] = b.test(&cs[i])
	}
	return ts
}

func (b *builder) number(place int, texts []string) []uint16 {
	if len(texts) == 0 {
		return nil
	}
	ids := make([]uint16, len(texts))
	for i, t := range texts {
		f := fact{kind(place), t}
		id, known := b.ids[f]
		if !known {
			if len(b.ids) == math.MaxUint16 {
				b.full = true
				return nil
			}
			id = uint16(len(b.ids))
			b.ids[f] = id
			if isBrief(t) {
				b.brief[id] = f
			} else {
				b.texts[place] = append(b.texts[place], t)
				b.of[place] = append(b.of[place], id)
			}
		}
		ids[i] = id
	}
	return ids
}

// Match returns every row that holds, in the order of the rows. The refusal
// must come from refusal.New, which bounds it.
func (set *Set) Match(r *refusal.Refusal) []Hit {
	s := set.see(r)
	defer set.forget(s)
	var hits []Hit
	for w, word := range s.rows {
		for ; word != 0; word &= word - 1 {
			i := w*64 + bits.TrailingZeros64(word)
			if set.tests[i].holds(s) {
				hits = append(hits, set.hit(i, s))
			}
		}
	}
	return hits
}

func (set *Set) hit(i int, s *seen) Hit {
	row := &set.rows[i]
	return Hit{ID: row.ID, Group: row.Group, Identifies: row.Identifies, Causes: row.Causes, Quote: row.Quote.find(s, set.quote[i])}
}

// Rows tells of every row what a hit of it tells, without what to quote.
func (set *Set) Rows() []Hit {
	hits := make([]Hit, len(set.rows))
	for i := range set.rows {
		row := &set.rows[i]
		hits[i] = Hit{ID: row.ID, Group: row.Group, Identifies: row.Identifies, Causes: row.Causes}
	}
	return hits
}

// Origin says where the set comes from.
func (set *Set) Origin() Origin { return set.origin }

// inForce is the rows that Match uses; nil are the built-in ones.
var inForce atomic.Pointer[Set]

// InForce returns the rows that Match uses.
func InForce() *Set {
	if set := inForce.Load(); set != nil {
		return set
	}
	return builtIn()
}

// Use puts a set in force for every Match that begins from now on; nil means
// the built-in rows.
func Use(set *Set) { inForce.Store(set) }

// Match returns every row in force that holds, as Set.Match does.
func Match(r *refusal.Refusal) []Hit { return InForce().Match(r) }
