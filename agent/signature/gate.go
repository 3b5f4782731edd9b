package signature

import "slices"

// kind says what a fact is about.
type kind uint8

const (
	// The first kinds are the places: the title, the visible text, the markup
	// or the address holds this text.
	kindError  = kind(iota + len(places)) // a challenge carries this error code
	kindScheme                            // a challenge is of this scheme
	kindQuery                             // the address had some key
	kindHeader                            // a header of this name is there
	kindCookie                            // some cookie is held or set
)

// fact is something that is seen of a refusal before any row is looked at.
type fact struct {
	kind kind
	text string
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
	for p, texts := range places {
		// Short texts stand on every page and are not looked for beforehand.
		if ts := texts(c); !slices.ContainsFunc(ts, isBrief) {
			offer(facts(kind(p), ts))
		}
	}
	offer(facts(kindError, c.Error))
	offer(facts(kindScheme, c.Scheme))
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

func facts(k kind, texts []string) []fact {
	fs := make([]fact, 0, len(texts))
	for _, t := range texts {
		fs = append(fs, fact{k, t})
	}
	return fs
}

// dearest is the kind of the facts that is seen most often. Texts of all
// places count alike.
func dearest(facts []fact) kind {
	var k kind
	for _, f := range facts {
		if f.kind >= kindError {
			k = max(k, f.kind)
		}
	}
	return k
}

// The places where texts are looked for.
const (
	inTitle = iota
	inBody
	inMarkup
	inAddress
	inHeaders
)

// places says what a condition looks for in each place.
var places = [...]func(*Condition) []string{
	inTitle:  func(c *Condition) []string { return c.Title },
	inBody:   func(c *Condition) []string { return c.Body },
	inMarkup: func(c *Condition) []string { return c.Markup },
	// A host is part of the address, since refusal.New writes it plainly; it is
	// looked for here only to know whether its rows matter.
	inAddress: func(c *Condition) []string { return c.Host },
	// The lines of the header section are searched for the same reason.
	inHeaders: func(c *Condition) []string { return c.Header.lines() },
}

// lines is what stands in the lines of a header section, each of which is
// "name: value" and ends with a newline, whenever the test holds.
func (h *HeaderTest) lines() []string {
	switch {
	case h == nil:
	case h.Is != "":
		return []string{h.Name + ": " + h.Is + "\n"}
	case h.Has != "":
		return []string{h.Has}
	case h.Prefix != "":
		return []string{h.Name + ": " + h.Prefix}
	}
	return nil
}
