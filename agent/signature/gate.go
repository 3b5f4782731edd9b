package signature

// kind says what a fact is about.
type kind uint8

const (
	kindText   kind = iota // a place holds this text
	kindError              // a challenge carries this error code
	kindScheme             // a challenge is of this scheme
	kindQuery              // the address had some key
	kindHeader             // a header of this name is there
	kindCookie             // some cookie is held or set
)

// fact is something that is seen of a refusal before any row is looked at.
type fact struct {
	kind kind
	text string // a literal's is that of its place and text
}

// gate returns facts of which at least one is seen whenever the condition
// holds, so that a row costs nothing unless one is. No facts mean that the row
// has to be looked at always.
func (c *Condition) gate() []fact {
	var best []fact
	offer := func(facts []fact) {
		if len(facts) > 0 && (best == nil || dearest(facts) < dearest(best)) {
			best = facts
		}
	}
	for _, place := range places {
		offer(facts(kindText, place.of(c), place.key))
	}
	offer(facts(kindError, c.Error, ""))
	offer(facts(kindScheme, c.Scheme, ""))
	if c.Header != nil {
		offer([]fact{{kindHeader, c.Header.Name}})
	}
	if len(c.Realm) > 0 || len(c.Detail) > 0 {
		offer([]fact{{kindHeader, "www-authenticate"}})
	}
	if len(c.Query) > 0 {
		offer([]fact{{kindQuery, ""}})
	}
	if len(c.Cookie) > 0 || len(c.Held) > 0 {
		offer([]fact{{kindCookie, ""}})
	}
	for i := range c.All {
		offer(c.All[i].gate())
	}
	var either []fact
	for i := range c.Any {
		facts := c.Any[i].gate()
		if facts == nil {
			return best
		}
		either = append(either, facts...)
	}
	offer(either)
	return best
}

func facts(k kind, texts []string, prefix string) []fact {
	fs := make([]fact, 0, len(texts))
	for _, t := range texts {
		fs = append(fs, fact{k, prefix + t})
	}
	return fs
}

// dearest is the kind of the facts that is seen most often.
func dearest(facts []fact) kind {
	var k kind
	for _, f := range facts {
		k = max(k, f.kind)
	}
	return k
}

// place is where a text is looked for.
type place struct {
	key string
	of  func(*Condition) []string
}

// The places, in the order in which a Set keeps their literals.
const (
	inTitle = iota
	inBody
	inMarkup
	inAddress
)

var places = [...]place{
	inTitle:  {"t", func(c *Condition) []string { return c.Title }},
	inBody:   {"b", func(c *Condition) []string { return c.Body }},
	inMarkup: {"m", func(c *Condition) []string { return c.Markup }},
	// A host is part of the address, since refusal.New writes it plainly; it is
	// looked for here only to know whether its rows matter.
	inAddress: {"a", func(c *Condition) []string { return c.Host }},
}
