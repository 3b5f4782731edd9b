// Package challenge parses and formats the challenges of WWW-Authenticate and
// Proxy-Authenticate (RFC 9110 11.3 and 11.6.1): several fields, several
// challenges in one field, token68, auth-params, quoted strings.
//
// It promises bounded time and memory for any input, that schemes and
// parameter names come back in lower case and values unquoted, that an error
// comes with no challenges, and that Parse reads what Format writes as the
// same challenges. The exported names are stable.
//
// It is lenient where the intent is plain, since servers are not: a missing
// comma between parameters, an unquoted value with characters that no token
// has, a quote that is never closed, an empty value. Of a parameter given
// twice the first counts. Character sets are not interpreted: values are the
// octets that were sent.
package challenge

import (
	"errors"
	"slices"
	"strings"
)

// Bounds of Parse.
const (
	MaxInput      = 64 << 10 // octets over all field values
	MaxChallenges = 64
	MaxParams     = 64 // per challenge
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

// Format writes challenges as one field value. Values are quoted, but for
// those that RFC 7616 3.3 wants bare.
func Format(challenges ...Challenge) string {
	var b strings.Builder
	for i, c := range challenges {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.Scheme)
		separator := " "
		if c.Token68 != "" {
			b.WriteString(" " + c.Token68)
			separator = ", "
		}
		for _, p := range c.Params {
			b.WriteString(separator + p.Name + "=")
			writeValue(&b, p)
			separator = ", "
		}
	}
	return b.String()
}

func writeValue(b *strings.Builder, p Param) {
	switch p.Name {
	case "algorithm", "stale", "userhash":
		if isToken(p.Value) {
			b.WriteString(p.Value)
			return
		}
	}
	b.WriteByte('"')
	for i := 0; i < len(p.Value); i++ {
		if p.Value[i] == '"' || p.Value[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(p.Value[i])
	}
	b.WriteByte('"')
}
