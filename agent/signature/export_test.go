package signature

import (
	"slices"
	"sync"

	"github.com/readmit/readmit/agent/refusal"
)

// BuiltIn is the built-in rows.
var BuiltIn = sync.OnceValue(func() []Row {
	rows, err := decode(builtInRows)
	if err != nil {
		panic(err)
	}
	return rows
})

// LoadBuiltIn makes the built-in rows ready, as happens once in a program.
func LoadBuiltIn() (*Set, error) { return loadBuiltIn() }

// Without runs f as if there were no row of this id.
func Without(id string, f func()) {
	set := InForce()
	i := slices.IndexFunc(set.rows, func(r known) bool { return r.ID == id })
	row := set.rows[i]
	defer func() { set.rows[i] = row }()
	set.rows[i] = known{} // a hit that nobody knows and that says nothing
	f()
}

// With runs f with rows in force that nobody checked.
func With(rows []Row, f func()) {
	set, err := newSet(rows, Origin{})
	if err != nil {
		panic(err)
	}
	before := inForce.Swap(set)
	defer inForce.Store(before)
	f()
}

// Holds says whether a condition holds for what Match sees of a refusal.
func Holds(c Condition, r *refusal.Refusal) (holds bool) {
	With([]Row{{ID: "a_row", When: c}}, func() { holds = len(Match(r)) > 0 })
	return holds
}
