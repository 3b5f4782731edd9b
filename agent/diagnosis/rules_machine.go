package diagnosis

import (
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/refusal"
)

// readTicket looks at the Kerberos ticket where the page asks for one.
func (s *scene) readTicket() {
	if !s.has("negotiate") {
		return
	}
	t := s.f.Machine.Ticket
	args := map[string]string{}
	if !t.Ends.IsZero() {
		args["ends"] = t.Ends.UTC().Format(time.RFC3339)
	}
	switch t.State {
	case TicketExpired:
		s.add(rule{"ticket_expired", SourceMachine, groupTicket, args}, weights{{cause.SSORequired, proves}, {cause.NoCredentials, -suggests}})
	case TicketNone:
		s.add(rule{"ticket_none", SourceMachine, groupTicket, nil}, weights{{cause.SSORequired, says}, {cause.NoCredentials, hint}})
	case TicketValid:
		// The browser sends a ticket only to sites that it was told to trust
		// (https://www.chromium.org/developers/design-documents/http-authentication/),
		// and a site may know the ticket and still say no.
		s.add(rule{"ticket_valid", SourceMachine, groupTicket, args},
			weights{{cause.SSORequired, -points}, {cause.NoPermission, suggests}, {cause.UnsupportedScheme, suggests}, {cause.WrongAccount, hint}})
	}
}

// readVPN looks at the VPN that the organisation names for this site.
func (s *scene) readVPN() {
	switch s.f.Machine.VPN {
	case refusal.KnownNo:
		s.add(rule{"vpn_down", SourceMachine, groupNetwork, nil}, weights{{cause.VPNOrNetworkRequired, says}, {cause.IPOrGeoBlocked, -hint}})
	case refusal.KnownYes:
		s.add(rule{"vpn_up", SourceMachine, groupNetwork, nil}, weights{{cause.VPNOrNetworkRequired, -says}})
	}
}
