package challenge

import "strings"

// Format writes challenges as one field value that keeps to the grammar as far
// as they do. Values are quoted, but for those that RFC 7616 3.3 wants bare.
// What no field value can say is left out: a scheme or a name that is no
// token, with what belongs to it, and a token68 that would be read as
// something else.
func Format(challenges ...Challenge) string {
	var b strings.Builder
	for _, c := range challenges {
		if !isToken(c.Scheme) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.Scheme)
		separator := " "
		if c.Token68 != "" && readsAsToken68(strings.ToLower(c.Scheme), c.Token68) {
			b.WriteString(" " + c.Token68)
			separator = ", "
		}
		for _, p := range c.Params {
			if isToken(p.Name) {
				b.WriteString(separator + p.Name + "=")
				writeValue(&b, p)
				separator = ", "
			}
		}
	}
	return b.String()
}

func writeValue(b *strings.Builder, p Param) {
	switch p.Name {
	case "algorithm", "stale", "userhash":
		if isToken(p.Value) && p.Value[0] != '\'' {
			b.WriteString(p.Value)
			return
		}
	}
	b.WriteByte('"')
	for i := 0; i < len(p.Value); i++ {
		c := p.Value[i]
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
		case isControl(c):
			c = ' '
		}
		b.WriteByte(c)
	}
	b.WriteByte('"')
}
