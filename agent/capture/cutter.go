package capture

import (
	"bytes"
	"errors"
	"io"
)

const (
	// maxString is how much of one JSON string is read, in octets as written.
	// The longest thing that is kept, 16 KiB of a body, fits even when every
	// letter is escaped or when it is base64.
	maxString = 112 << 10
	// maxBare is more than any number or literal has.
	maxBare = 4 << 10
	// ahead is how far a parser is let run ahead of what it is asked for; what
	// it holds of a string that nobody wants was read in vain.
	ahead = 8 << 10
)

// errBare reports what is neither a string nor any JSON that a program writes.
var errBare = errors.New("a number without end")

// cutter shortens the long strings of a JSON text, so that a body of 500 MB
// passes in the memory of a short one. What comes out is JSON whenever what
// went in was. It fails at a number that does not end, which a parser would
// have to hold.
type cutter struct {
	r        io.Reader
	err      error
	buf      []byte // read and not yet handed on
	store    []byte
	inString bool
	kept     int   // octets of the string handed on
	most     int   // octets of the string that may be handed on
	begin    int64 // where the string begins in what was handed on
	handed   int64 // octets handed on so far
	cutting  bool  // the rest of the string is dropped
	escape   int   // 1: the letter of an escape comes; above: hex digits, one more than come
	bare     int   // octets outside of strings without a sign between
	dropped  int64 // octets dropped so far
}

func newCutter(r io.Reader) *cutter { return &cutter{r: r, store: make([]byte, 64<<10)} }

func (c *cutter) Read(p []byte) (int, error) {
	for len(p) > 0 {
		if len(c.buf) == 0 {
			if c.err != nil {
				return 0, c.err
			}
			n, err := c.r.Read(c.store)
			c.buf, c.err = c.store[:n], err
			continue
		}
		n, err := c.pass(p[:min(len(p), ahead)])
		c.handed += int64(n)
		if n > 0 || err != nil {
			return n, err
		}
	}
	return 0, nil
}

// pass hands on what it can of buf and returns how much; 0 when all of it was
// dropped.
func (c *cutter) pass(p []byte) (int, error) {
	n := 0
	for n < len(p) && len(c.buf) > 0 {
		switch {
		case c.cutting:
			c.drop()
		case c.inString:
			n += c.keep(p[n:])
		default:
			m := min(len(p)-n, len(c.buf))
			if i := bytes.IndexByte(c.buf[:m], '"'); i >= 0 {
				m = i + 1
				c.inString, c.kept, c.bare, c.most = true, 0, 0, maxString
				c.begin = c.handed + int64(n+m)
			} else if c.bare += m; bytes.ContainsAny(c.buf[:m], " \t\r\n,:[]{}") {
				c.bare = 0
			} else if c.bare > maxBare {
				return n, errBare
			}
			copy(p[n:], c.buf[:m])
			n += m
			c.buf = c.buf[m:]
		}
	}
	return n, nil
}

// forget drops the rest of the string that begins at an offset of what was
// handed on, if that is the one being read.
func (c *cutter) forget(begin int64) {
	if c.inString && c.begin == begin {
		c.most = 0
	}
}

// keep copies a string up to its end or to the limit, which never divides an
// escape.
func (c *cutter) keep(p []byte) int {
	m := min(len(p), len(c.buf))
	b := c.buf[:m]
	end := min(m, c.most-c.kept) // where the limit is
	i := 0
scan:
	for i < m {
		if c.escape > 0 {
			c.escaped(b[i])
			i++
			continue
		}
		for i < end && b[i] != '"' && b[i] != '\\' {
			i++
		}
		switch {
		case i == m:
			break scan
		case b[i] == '"':
			c.inString = false
			i++
			break scan
		case i >= end:
			c.cutting = true
			break scan
		default:
			c.escape = 1
			i++
		}
	}
	copy(p, b[:i])
	c.kept += i
	c.buf = c.buf[i:]
	return i
}

// escaped follows an escape by one octet (RFC 8259 7).
func (c *cutter) escaped(b byte) {
	switch {
	case c.escape == 1 && b == 'u':
		c.escape = 5
	case c.escape <= 2:
		c.escape = 0
	default:
		c.escape--
	}
}

// drop skips to the quote that ends the string and leaves it to be handed on.
// An escape that a read divides is carried over in escape.
func (c *cutter) drop() {
	for len(c.buf) > 0 {
		if c.escape > 0 {
			c.escape = 0
			c.skip(1)
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
		c.skip(len(part))
		switch {
		case odd:
			c.escape = 1
		case quote >= 0:
			c.cutting = false
			return
		}
	}
}

func (c *cutter) skip(n int) {
	c.dropped += int64(n)
	c.buf = c.buf[n:]
}
