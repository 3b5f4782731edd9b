package signature

import (
	"errors"
	"slices"
)

// Encode writes rows as the programs carry them and as a signed file holds
// them: numbers in seven bits a byte, the lowest first, texts behind their
// length, of a condition only what is set. Read from JSON the rows took longer
// than all else that happens at start.
func Encode(rows []Row) []byte {
	var w wire
	w.rows(&rows)
	return w.out
}

// decode reads what Encode wrote. Texts are parts of data and stay with it.
func decode(data string) ([]Row, error) {
	var rows []Row
	w := wire{in: data, reading: true}
	if w.rows(&rows); w.err == nil && w.in != "" {
		w.err = errMore
	}
	if w.err != nil {
		return nil, w.err
	}
	return rows, nil
}

// wire writes or reads: one description of the rows serves both ways. After an
// error it reads nothing more.
type wire struct {
	out     []byte
	in      string
	reading bool
	err     error
}

var (
	errCut   = errors.New("the rows end early")
	errMore  = errors.New("something follows the rows")
	errDeep  = errors.New("conditions within conditions, too many of them")
	errField = errors.New("a row asks for what this readmit does not know")
)

func (w *wire) fail(err error) {
	if w.err == nil {
		w.err, w.in = err, ""
	}
}

func (w *wire) number(n *int) {
	if !w.reading {
		v := *n
		for ; v >= 0x80; v >>= 7 {
			w.out = append(w.out, byte(v)|0x80)
		}
		w.out = append(w.out, byte(v))
		return
	}
	*n = 0
	for i := range min(5, len(w.in)) {
		*n |= int(w.in[i]&0x7f) << (7 * i)
		if w.in[i] < 0x80 {
			w.in = w.in[i+1:]
			return
		}
	}
	w.fail(errCut)
	*n = 0
}

// count is the length of a list, each of whose elements takes a byte or more.
func (w *wire) count(n, most int) int {
	switch w.number(&n); {
	case !w.reading:
		return n
	case n > most:
		w.fail(errors.New("too many in a list"))
		return 0
	case n > len(w.in):
		w.fail(errCut)
		return 0
	}
	return n
}

func (w *wire) text(s *string) {
	n := w.count(len(*s), len(w.in))
	if !w.reading {
		w.out = append(w.out, *s...)
		return
	}
	*s, w.in = w.in[:n], w.in[n:]
}

func (w *wire) texts(ts *[]string) {
	n := w.count(len(*ts), maxTexts)
	if w.reading {
		*ts = make([]string, n)
	}
	for i := range n {
		w.text(&(*ts)[i])
	}
}

// known is a number below a limit: what lies beyond it is known to a newer
// readmit alone.
func (w *wire) known(n *int, limit int) {
	if w.number(n); *n >= limit {
		w.fail(errField)
		*n = 0
	}
}

func (w *wire) rows(rows *[]Row) {
	n := w.count(len(*rows), maxRows)
	if w.reading {
		*rows = make([]Row, n)
	}
	for i := range n {
		w.row(&(*rows)[i])
	}
}

func (w *wire) row(r *Row) {
	w.text(&r.ID)
	oneOf(w, &r.Group, groups)
	w.text(&r.Identifies)
	w.condition(&r.When, 0)
	n := w.count(len(r.Causes), maxCauses)
	if w.reading {
		r.Causes = make([]Weighted, n)
	}
	for i := range n {
		c := &r.Causes[i]
		w.text((*string)(&c.Cause))
		oneOf(w, &c.Strength, strengths)
		w.bool(&c.Against)
	}
	if optional(w, &r.Quote) {
		for _, s := range []*string{&r.Quote.Label, &r.Quote.Header, &r.Quote.After, &r.Quote.Regexp} {
			w.text(s)
		}
	}
}

func (w *wire) bool(b *bool) {
	n := 0
	if *b {
		n = 1
	}
	w.known(&n, 2)
	*b = n == 1
}

// oneOf is a word of a closed list, to which words are only added.
func oneOf[T comparable](w *wire, v *T, list []T) {
	n := slices.Index(list, *v)
	w.known(&n, len(list))
	*v = list[n]
}

// optional says whether there is something to write or to read.
func optional[T any](w *wire, p **T) bool {
	there := *p != nil
	w.bool(&there)
	if there && w.reading {
		*p = new(T)
	}
	return there
}

// fields are the lists of texts of a condition, to which some may be added.
func (c *Condition) fields() [12]*[]string {
	return [...]*[]string{&c.Cookie, &c.Held, &c.Query, &c.Scheme, &c.Realm, &c.Error, &c.Detail, &c.Host, &c.Path, &c.Title, &c.Body, &c.Markup}
}

func (w *wire) condition(c *Condition, depth int) {
	if depth > maxDepth {
		w.fail(errDeep)
		return
	}
	fields := c.fields()
	set := 0
	for i, ts := range fields {
		if len(*ts) > 0 {
			set |= 1 << i
		}
	}
	w.known(&set, 1<<len(fields))
	for i, ts := range fields {
		if set&(1<<i) != 0 {
			w.texts(ts)
		}
	}
	codes := int(statusOf(c.Status))
	if w.known(&codes, 1<<2); w.reading {
		c.Status = status(codes).list()
	}
	if optional(w, &c.Header) {
		for _, s := range []*string{&c.Header.Name, &c.Header.Is, &c.Header.Has, &c.Header.Prefix} {
			w.text(s)
		}
	}
	if optional(w, &c.Pattern) {
		for _, s := range []*string{&c.Pattern.In, &c.Pattern.Header, &c.Pattern.Regexp} {
			w.text(s)
		}
	}
	for _, within := range []*[]Condition{&c.All, &c.Any, &c.Not} {
		n := w.count(len(*within), maxTexts)
		if w.reading && n > 0 {
			*within = make([]Condition, n)
		}
		for i := range n {
			w.condition(&(*within)[i], depth+1)
		}
	}
}
