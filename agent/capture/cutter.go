package capture

import (
	"bytes"
	"io"
)

// maxString is how much of one JSON string is read, in octets as written. The
// longest thing that is kept, 16 KiB of a body, fits even when every letter is
// escaped or when it is base64.
const maxString = 112 << 10

// cutter shortens the long strings of a JSON text, so that a body of 500 MB
// passes in the memory of a short one. What comes out is JSON whenever what
// went in was.
type cutter struct {
	r        io.Reader
	err      error
	buf      []byte // read and not yet handed on
	store    []byte
	inString bool
	kept     int  // octets of the string handed on
	cutting  bool // the rest of the string is dropped
	escape   int  // octets of an escape still to come
}

func newCutter(r io.Reader) *cutter { return &cutter{r: r, store: make([]byte, 64<<10)} }

func (c *cutter) Read(p []byte) (int, error) {
	for {
		if len(c.buf) == 0 {
			if c.err != nil {
				return 0, c.err
			}
			n, err := c.r.Read(c.store)
			c.buf, c.err = c.store[:n], err
			continue
		}
		if n := c.pass(p); n > 0 {
			return n, nil
		}
	}
}

// pass hands on what it can of buf and returns how much; 0 when all of it was
// dropped.
func (c *cutter) pass(p []byte) int {
	n := 0
	for n < len(p) && len(c.buf) > 0 {
		switch {
		case c.cutting:
			c.drop()
		case c.inString:
			n += c.keep(p[n:])
		default:
			m := copy(p[n:], c.buf)
			if i := bytes.IndexByte(c.buf[:m], '"'); i >= 0 {
				m = i + 1
				c.inString, c.kept = true, 0
			}
			n += m
			c.buf = c.buf[m:]
		}
	}
	return n
}

// keep copies a string up to its end or to the limit, which never divides an
// escape.
func (c *cutter) keep(p []byte) int {
	m := min(len(p), len(c.buf))
	for i := range m {
		b := c.buf[i]
		switch {
		case c.escape > 0:
			if c.escape--; c.escape == 0 && b == 'u' {
				c.escape = -4 // four hex digits follow
			}
		case c.escape < 0:
			c.escape++
		case b == '"':
			c.inString = false
			copy(p, c.buf[:i+1])
			c.buf = c.buf[i+1:]
			return i + 1
		case c.kept+i >= maxString:
			c.cutting = true
			copy(p, c.buf[:i])
			c.buf = c.buf[i:]
			return i
		case b == '\\':
			c.escape = 1
		}
	}
	c.kept += m
	copy(p, c.buf[:m])
	c.buf = c.buf[m:]
	return m
}

// drop skips to the quote that ends the string and leaves it to be handed on.
// An escape that a read divides is carried over in escape.
func (c *cutter) drop() {
	for len(c.buf) > 0 {
		if c.escape > 0 {
			c.escape = 0
			c.buf = c.buf[1:]
			continue
		}
		quote := bytes.IndexByte(c.buf, '"')
		part := c.buf
		if quote >= 0 {
			part = c.buf[:quote]
		}
		// A quote, or the end of what was read, after an odd number of
		// backslashes is escaped.
		odd := (len(part)-len(bytes.TrimRight(part, `\`)))%2 == 1
		c.buf = c.buf[len(part):]
		switch {
		case odd:
			c.escape = 1
		case quote >= 0:
			c.cutting = false
			return
		}
	}
}
