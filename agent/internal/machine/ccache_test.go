package machine

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"
)

// ccacheFile writes a credential cache of version 4 as MIT Kerberos does: a
// header with the offset of the KDC's clock, the principal, a configuration
// entry, then the tickets.
func ccacheFile(tickets ...ticket) []byte {
	b := []byte{5, 4, 0, 12, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0}
	b = appendPrincipal(b, "EXAMPLE.ORG", "anna")
	for _, t := range append([]ticket{{server: []string{"krb5_ccache_conf_data", "pa_type"}}}, tickets...) {
		b = appendPrincipal(b, "EXAMPLE.ORG", "anna")
		b = appendPrincipal(b, "EXAMPLE.ORG", t.server...)
		b = append(b, 0, 18) // aes256-cts
		b = appendData(b, "a session key of 32 bytes ......")
		for _, at := range []time.Time{t.end.Add(-10 * time.Hour), t.end.Add(-10 * time.Hour), t.end, t.end.Add(7 * 24 * time.Hour)} {
			b = binary.BigEndian.AppendUint32(b, uint32(max(at.Unix(), 0)))
		}
		b = append(b, 0, 0x50, 0xe1, 0, 0)
		b = append(b, 0, 0, 0, 1, 0, 2)
		b = appendData(b, "\x7f\x00\x00\x01")
		b = append(b, 0, 0, 0, 0)
		b = appendData(b, "the ticket itself")
		b = appendData(b, "")
	}
	return b
}

type ticket struct {
	server []string
	end    time.Time
}

func appendData(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

func appendPrincipal(b []byte, realm string, parts ...string) []byte {
	b = append(b, 0, 0, 0, 1)
	b = binary.BigEndian.AppendUint32(b, uint32(len(parts)))
	b = appendData(b, realm)
	for _, p := range parts {
		b = appendData(b, p)
	}
	return b
}

var granting = []string{"krbtgt", "EXAMPLE.ORG"}

func TestWhenATicketEnds(t *testing.T) {
	later := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		data []byte
		want time.Time
		err  error
	}{
		"a ticket-granting ticket":      {ccacheFile(ticket{granting, later}), later, nil},
		"the later of two":              {ccacheFile(ticket{granting, noon}, ticket{granting, later}), later, nil},
		"a service's ticket alone":      {ccacheFile(ticket{[]string{"HTTP", "intranet.example.org"}, later}), time.Time{}, nil},
		"an empty cache":                {ccacheFile(), time.Time{}, nil},
		"nothing":                       {nil, time.Time{}, errCCache},
		"a version that is no longer":   {[]byte{5, 1, 0}, time.Time{}, errCCache},
		"another file":                  {[]byte("# krb5.conf"), time.Time{}, errCCache},
		"a count beyond what is there":  {append([]byte{5, 4, 0, 0, 0, 0, 0, 1}, 0x7f, 0xff, 0xff, 0xff), time.Time{}, errCCache},
		"a length that is negative":     {append([]byte{5, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1}, 0xff, 0xff, 0xff, 0xff), time.Time{}, errCCache},
		"an end inside of the last one": {ccacheFile(ticket{granting, later})[:200], time.Time{}, errCCache},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ticketEnd(c.data)
			if !got.Equal(c.want) || !errors.Is(err, c.err) {
				t.Errorf("%v, %v, want %v, %v", got, err, c.want, c.err)
			}
		})
	}
}

func FuzzTicketEnd(f *testing.F) {
	f.Add(ccacheFile(ticket{granting, noon}))
	f.Add([]byte{5, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		if end, err := ticketEnd(data); err != nil && !end.IsZero() {
			t.Errorf("an error with a time: %v, %v", end, err)
		}
	})
}
