package machine

import (
	"time"

	"github.com/readmit/readmit/agent/diagnosis"
)

// maxCCache bounds a credential cache: a few tickets of some KiB each.
const maxCCache = 1 << 20

// ticketOf turns the end of a ticket into what a diagnosis asks for.
func ticketOf(end, now time.Time) diagnosis.Ticket {
	switch {
	case end.IsZero():
		return diagnosis.Ticket{State: diagnosis.TicketNone}
	case end.After(now):
		return diagnosis.Ticket{State: diagnosis.TicketValid, Ends: end}
	}
	return diagnosis.Ticket{State: diagnosis.TicketExpired, Ends: end}
}
