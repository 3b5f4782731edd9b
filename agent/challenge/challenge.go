// Package challenge reads and writes the challenges of WWW-Authenticate and
// Proxy-Authenticate (RFC 9110 11.3 and 11.6.1): several fields, several
// challenges in one field, token68, auth-params, quoted strings.
//
// It promises bounded time and memory for any input, that schemes and
// parameter names come back in lower case and values unquoted, that an error
// comes with no challenges, and that Parse reads what Format writes as the
// same challenges. The exported names are stable.
//
// Text that breaks the grammar is no error, since servers write so much of
// it: Parse takes what was plainly meant and leaves out the rest, and Read
// also says what was wrong. Whoever lets a secret depend on a challenge asks
// Reading.Certain first. Of a parameter given twice the first counts.
// Character sets are not interpreted: values are the octets that were sent,
// but for control characters, which become blanks (RFC 9110 5.5).
package challenge

import (
	"errors"
	"slices"
)

// Bounds of Parse and Read.
const (
	MaxInput      = 64 << 10 // octets over all field values
	MaxChallenges = 64
	MaxParams     = 64 // per challenge
	MaxOddities   = 64 // more are counted for Reading.Certain and not listed
)

// ErrTooLarge reports input beyond the bounds.
var ErrTooLarge = errors.New("challenge: too large")

// Challenge is one challenge.
type Challenge struct {
	Scheme  string // lower case
	Params  []Param
	Token68 string // such as the server's part of a Negotiate handshake; "" if none
}

// Param is one auth-param.
type Param struct {
	Name  string // lower case
	Value string // unquoted
}

// Get returns the value of a parameter, whose name is in lower case.
func (c Challenge) Get(name string) (value string, ok bool) {
	for _, p := range c.Params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// Map returns the parameters by name, never nil.
func (c Challenge) Map() map[string]string {
	m := make(map[string]string, len(c.Params))
	for _, p := range c.Params {
		m[p.Name] = p.Value
	}
	return m
}

// String is Format without what belongs to a single exchange: nonce, opaque
// and token68 read "...". It is meant for people and logs.
func (c Challenge) String() string {
	c.Params = slices.Clone(c.Params)
	for i, p := range c.Params {
		if p.Name == "nonce" || p.Name == "opaque" {
			c.Params[i].Value = "..."
		}
	}
	if c.Token68 != "" {
		c.Token68 = "..."
	}
	return Format(c)
}
