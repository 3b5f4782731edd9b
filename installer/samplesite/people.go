package samplesite

import (
	"cmp"
	"slices"
)

// The second account of the site, for whoever has two.
const (
	SecondAccount  = "ben"
	secondPassword = "battery staple"
)

// Right is something that an account of the desk has or lacks.
type Right string

// The rights that the desk asks for.
const (
	RightPayroll Right = "payroll" // a role
	RightReports Right = "reports" // a licence
)

// maxTries is how many wrong passwords lock an account of the desk.
const maxTries = 5

// person is what the desk knows of one account.
type person struct {
	rights   []Right
	password string // empty: the site's own
	tries    int    // wrong passwords since the last right one
	locked   bool
	stale    bool // the password has run out
}

// newPeople is the two accounts in their first state. There are never others.
func newPeople(first string) map[string]*person {
	return map[string]*person{
		first:         {rights: []Right{RightPayroll, RightReports}},
		SecondAccount: {rights: []Right{RightReports}, password: secondPassword},
	}
}

// change does something to an account that there is.
func (s *Site) change(account string, do func(*person)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.desk.people[account]; p != nil {
		do(p)
	}
}

// Grant gives an account a right on the desk.
func (s *Site) Grant(account string, right Right) {
	s.change(account, func(p *person) {
		if !slices.Contains(p.rights, right) {
			p.rights = append(p.rights, right)
		}
	})
}

// Revoke takes a right from an account; its sessions go on.
func (s *Site) Revoke(account string, right Right) {
	s.change(account, func(p *person) {
		p.rights = slices.DeleteFunc(p.rights, func(r Right) bool { return r == right })
	})
}

// Unlock opens an account that too many wrong passwords had locked.
func (s *Site) Unlock(account string) {
	s.change(account, func(p *person) { p.locked, p.tries = false, 0 })
}

// LetPasswordRunOut has the desk ask for a new password of an account before
// anything else.
func (s *Site) LetPasswordRunOut(account string) {
	s.change(account, func(p *person) { p.stale = true })
}

// PasswordOf is the password that an account of the desk has now.
func (s *Site) PasswordOf(account string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.desk.people[account]; p != nil {
		return cmp.Or(p.password, s.password)
	}
	return ""
}
