package machine

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"
)

// errCCache reports a file that is no credential cache.
var errCCache = errors.New("not a Kerberos credential cache of version 3 or 4")

// ticketEnd reads a credential cache
// (https://web.mit.edu/kerberos/krb5-latest/doc/formats/ccache_file_format.html)
// and returns when its ticket-granting ticket ends: zero when it holds none.
// Keys and tickets are passed over and never copied. A library was tried: it
// panics on a file that ends early and allocates what a damaged one asks for.
func ticketEnd(data []byte) (time.Time, error) {
	r := &ccache{rest: data}
	version := r.uint16()
	switch version {
	case 0x0504:
		r.skip(int(r.uint16())) // the header's fields
	case 0x0503:
	default:
		return time.Time{}, errCCache
	}
	r.principal()
	var end time.Time
	for len(r.rest) > 0 && !r.failed {
		r.principal()
		server := r.principal()
		r.skip(2)
		if version == 0x0503 {
			r.skip(2)
		}
		r.data() // the session key
		r.skip(8)
		until := time.Unix(int64(r.uint32()), 0).UTC()
		r.skip(4 + 1 + 4) // renewal, is_skey, flags
		for range 2 {     // addresses, then authorization data
			for n := r.uint32(); n > 0 && !r.failed; n-- {
				r.skip(2)
				r.data()
			}
		}
		r.data()
		r.data()
		if !r.failed && strings.HasPrefix(server, "krbtgt/") && until.After(end) {
			end = until
		}
	}
	if r.failed {
		return time.Time{}, errCCache
	}
	return end, nil
}

// ccache reads big-endian fields until one is missing.
type ccache struct {
	rest   []byte
	failed bool
}

func (r *ccache) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.failed, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *ccache) skip(n int) { r.take(n) }

func (r *ccache) uint16() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *ccache) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *ccache) data() []byte { return r.take(int(int32(r.uint32()))) }

// principal returns the components of a name, such as "krbtgt/EXAMPLE.ORG".
func (r *ccache) principal() string {
	r.skip(4) // the type of the name
	n := r.uint32()
	r.data() // the realm
	var parts []string
	for ; n > 0 && !r.failed; n-- {
		part := r.data()
		if len(parts) < 2 {
			parts = append(parts, string(part))
		}
	}
	return strings.Join(parts, "/")
}
