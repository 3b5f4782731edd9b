package agent

import (
	"context"

	"github.com/readmit/readmit/agent/rpc"
)

// credentialAsk grants readmit's window to one incident at a time, over all
// browsers of this person. A challenge that is not granted it belongs to its
// browser's own prompt: nothing waits in line, since the page would.
func (s *server) credentialAsk(_ context.Context, c *conn, p *rpc.AskParams) (*nothing, error) {
	if p.Over {
		s.book.asked(c, p.IncidentID)
		return &nothing{}, nil
	}
	return &nothing{}, s.book.ask(c, p.IncidentID, s.now())
}
