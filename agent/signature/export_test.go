package signature

import (
	"slices"

	"github.com/readmit/readmit/agent/refusal"
)

// Without runs f as if there were no row of this id.
func Without(id string, f func()) {
	all := rows
	defer func() { rows = all }()
	rest := slices.DeleteFunc(slices.Clone(all()), func(r Row) bool { return r.ID == id })
	rows = func() []Row { return rest }
	f()
}

// Holds says whether a condition holds for what Match sees of a refusal.
func Holds(c Condition, r *refusal.Refusal) bool { return c.holds(see(r)) }
