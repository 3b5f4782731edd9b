package capture

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// reader walks through JSON of which little is wanted.
type reader struct {
	cut *cutter
	d   *jsontext.Decoder
}

func newReader(in io.Reader) *reader {
	c := newCutter(in)
	return &reader{cut: c, d: jsontext.NewDecoder(c, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
}

// maxDepth is far beyond what writers nest, such as the call stacks of
// Chromium's _initiator. A parser holds the names of all levels.
const maxDepth = 128

var errDeep = errors.New("nested too deeply")

// memberNames are the names that are asked for, by their spelling in JSON, so
// that no other name of a large file becomes a string.
var memberNames = func() map[string]string {
	names := map[string]string{}
	for _, name := range []string{
		"log", "entries", "startedDateTime", "time", "request", "response", "_resourceType", "_fromCache", "_fetchType",
		"method", "url", "headers", "cookies", "status", "redirectURL", "content", "text", "mimeType", "encoding",
		"name", "value", "domain", "path", "expires",
	} {
		names[`"`+name+`"`] = name
	}
	return names
}()

// object calls value for each member of an object, which must read its value.
// Names that nobody asks for come as "". Anything but an object is passed over.
func (r *reader) object(value func(name string) error) error {
	if r.d.PeekKind() != '{' {
		return r.skip()
	}
	if _, err := r.d.ReadToken(); err != nil {
		return err
	}
	for r.d.PeekKind() != '}' {
		name, err := r.d.ReadValue()
		if err != nil {
			return err
		}
		if err := value(memberNames[string(name)]); err != nil {
			return err
		}
	}
	_, err := r.d.ReadToken()
	return err
}

// array calls element for each element, which must read it.
func (r *reader) array(element func() error) error {
	if r.d.PeekKind() != '[' {
		return r.skip()
	}
	if _, err := r.d.ReadToken(); err != nil {
		return err
	}
	for r.d.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := r.d.ReadToken()
	return err
}

// text reads a string, a number or a boolean as text, and anything else as "".
func (r *reader) text(to *string) error {
	switch r.d.PeekKind() {
	case '"', '0', 't', 'f':
		token, err := r.d.ReadToken()
		if err == nil {
			*to = token.String()
		}
		return err
	}
	return r.skip()
}

// skip passes over a value. A long string that comes next is dropped while it
// is still being read: most of a large file are the texts of pages that opened.
func (r *reader) skip() error {
	top := r.d.StackDepth()
	for {
		if at := r.d.InputOffset(); r.cut.begin > at && r.d.PeekKind() == '"' {
			if quote := bytes.IndexByte(r.d.UnreadBuffer(), '"'); quote >= 0 {
				r.cut.forget(at + int64(quote) + 1)
			}
		}
		if _, err := r.d.ReadToken(); err != nil {
			return err
		}
		switch depth := r.d.StackDepth(); {
		case depth <= top:
			return nil
		case depth > maxDepth:
			return errDeep
		}
	}
}

// more says whether another value follows.
func (r *reader) more() bool {
	if r.d.PeekKind() != 0 {
		return true
	}
	_, err := r.d.ReadToken()
	return !errors.Is(err, io.EOF)
}

// jsonKind looks at the first names of a JSON text.
func jsonKind(head []byte) (Kind, bool) {
	r := newReader(strings.NewReader(string(head)))
	if r.d.PeekKind() != '{' {
		return JSON, true
	}
	if _, err := r.d.ReadToken(); err != nil {
		return "", false
	}
	for n := 0; ; n++ {
		name, err := r.d.ReadToken()
		switch {
		case err != nil:
			return JSON, n > 0 || ended(err)
		case name.Kind() != '"':
			return JSON, true
		case name.String() == "log":
			return HAR, true
		}
		if r.skip() != nil {
			return JSON, true
		}
	}
}
