//go:build unix

package agent

import (
	"encoding/binary"
	"os"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/cause"
)

// Where tickets are kept in a file.
func TestStoriesOfTickets(t *testing.T) { tell(t, storiesOfTickets) }

var storiesOfTickets = []story{
	{"Anna's company sign-in runs out over night.", []happening{
		ticketUntil(10 * time.Hour),
		later(14 * time.Hour), refused("/wiki", status(401), field("WWW-Authenticate", "Negotiate")),
		because(cause.SSORequired), says("Your company sign-in on this computer ran out at 20:00 on 24 November."),
		ends(cause.SSOLogin, ticketUntil(10*time.Hour)),
	}},
	{"Anna started her computer away from the company and has no sign-in of it.", []happening{
		refused("/wiki", status(401), field("WWW-Authenticate", "Negotiate")),
		because(cause.SSORequired), says("There is no company sign-in on this computer."),
		ends(cause.SSOLogin, ticketUntil(10*time.Hour)),
	}},
}

// ticketUntil signs in at the company for some time.
func ticketUntil(lasts time.Duration) happening {
	return func(w *teller) {
		w.t.Helper()
		if err := os.WriteFile(w.tickets, ticketFile(w.clock.Now().Add(lasts)), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}

// ticketFile is a credential cache of version 4 with one ticket-granting
// ticket, as MIT Kerberos writes it.
// https://web.mit.edu/kerberos/krb5-latest/doc/formats/ccache_file_format.html
func ticketFile(end time.Time) []byte {
	data := func(b []byte, s string) []byte {
		return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	principal := func(b []byte, parts ...string) []byte {
		b = binary.BigEndian.AppendUint32(append(b, 0, 0, 0, 1), uint32(len(parts)))
		for _, p := range append([]string{"EXAMPLE.ORG"}, parts...) {
			b = data(b, p)
		}
		return b
	}
	b := principal([]byte{5, 4, 0, 0}, "anna")
	b = principal(principal(b, "anna"), "krbtgt", "EXAMPLE.ORG")
	b = data(append(b, 0, 18), "a key") // aes256-cts
	for _, at := range []time.Time{end.Add(-10 * time.Hour), end.Add(-10 * time.Hour), end, end} {
		b = binary.BigEndian.AppendUint32(b, uint32(at.Unix()))
	}
	b = append(b, 0, 0x50, 0xe1, 0, 0) // flags
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	return data(data(b, "the ticket"), "")
}
