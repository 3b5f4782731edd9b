// Package signature recognises who answered, and what an answer says, by
// markers in a refused response: rows of conditions over its status, headers,
// cookie names, query keys, challenges, host, path, title and text.
//
// It promises that every row names its source, comes with examples that its
// tests prove, and counts whenever it holds: there is no first hit that hides
// the others. It makes no sentences and judges nothing; a row names causes
// with a strength, package diagnosis weighs them.
//
// The vocabulary is closed (see Condition). A row holds when everything in its
// condition does; of the texts in a list one is enough:
//
//	all any not           conditions: every one, one of them, none of them
//	status                401, 403
//	header                {name}, {name, is}, {name, has}, {name, prefix}
//	cookie held query     names; "x*" for a prefix, see Condition
//	scheme realm          of a challenge: its scheme, part of its realm
//	error detail          of a challenge: its error code, part of its error_description
//	host path             the host or a parent domain, the end of the path
//	title body markup     part of the title, of the visible text, of the markup
//	pattern               {in: title|body|markup, regexp}, {in: header, header, regexp},
//	                      only beside a literal of the title, body, markup or that header
//
// A row's quote is the number that the site's support asks for: {label, header},
// {label, after} or {label, regexp} with one group.
//
// Limits: everything is compared in lower case, in the title and in the first
// 8 KiB of the page. The rows are written in YAML, one file per family, under
// rows; `go generate` turns them into the JSON that is built in, without
// sources and examples. A signed file of the same rows can take their place
// without a new program, see Load and internal/cmd/sign.
package signature

//go:generate go test -run TestBuiltInRowsAreFresh -update .

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/readmit/readmit/agent/cause"
)

// Strength says how much a row speaks for a cause. Package diagnosis knows
// what each step weighs.
type Strength string

// The five strengths, weakest first. "against " in front turns one round.
const (
	Hint     Strength = "hint"
	Suggests Strength = "suggests"
	Points   Strength = "points"
	Says     Strength = "says"
	Proves   Strength = "proves"
)

// Group keeps evidence of one kind from counting twice: for each cause only
// the strongest of a group counts.
type Group string

// The groups that rows may name.
const (
	GroupBanner    Group = "banner"    // the mark of a product
	GroupWording   Group = "wording"   // what the page says in words
	GroupChallenge Group = "challenge" // what WWW-Authenticate says
	GroupCookie    Group = "cookie"    // names of cookies
	GroupCode      Group = "code"      // a machine-readable reason
)

// Weighted is one cause and what a row says of it.
type Weighted struct {
	Cause    cause.ID
	Strength Strength
	Against  bool
}

// Row is one signature.
type Row struct {
	ID         string
	Group      Group
	Identifies string // the product, as people know it; empty when it names none
	When       Condition
	Causes     []Weighted
	Quote      *Quote
}

// Hit is a row that holds for a refusal.
type Hit struct {
	ID         string
	Group      Group
	Identifies string
	Causes     []Weighted
	Quote      string // such as "Ray ID: 8f2a..."; what to tell the site's support, empty when there is none
}

// builtInSerial numbers the built-in rows: the day and a number. A release
// that changes rows raises it, so that a file made before is not used.
const builtInSerial = 2026112401

// Origin says where rows come from.
type Origin struct {
	Rows   int  // how many there are
	Serial int  // the larger, the newer
	File   bool // from a file, not built in
}

//go:embed rows.bin
var builtInRows string

var builtIn = sync.OnceValue(func() *Set {
	set, err := loadBuiltIn()
	if err != nil {
		panic(fmt.Sprintf("the built-in signatures are damaged: %v", err)) // the build's own data: a test reads it
	}
	return set
})

func loadBuiltIn() (*Set, error) {
	rows, err := decode(builtInRows)
	if err != nil {
		return nil, err
	}
	return newSet(rows, Origin{Serial: builtInSerial})
}
