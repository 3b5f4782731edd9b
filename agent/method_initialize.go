package agent

import (
	"context"
	"fmt"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/rpc"
)

const maxLanguage = 35 // characters; RFC 5646, 4.4.1 has no longer tag in practice

// initialize agrees on the protocol and learns the person's language.
func (s *server) initialize(_ context.Context, c *conn, p *rpc.InitializeParams) (*rpc.InitializeResult, error) {
	switch {
	case p.Protocol < about.MinProtocol:
		return nil, &rpc.Error{
			Code:    rpc.CodeProtocolTooOld,
			Message: fmt.Sprintf("the extension speaks protocol %d, this agent %d to %d", p.Protocol, about.MinProtocol, about.Protocol),
			Hint:    "update the extension",
		}
	case p.Protocol > about.Protocol:
		return nil, &rpc.Error{
			Code:    rpc.CodeProtocolTooNew,
			Message: fmt.Sprintf("the extension speaks protocol %d, this agent %d to %d", p.Protocol, about.MinProtocol, about.Protocol),
			Hint:    "update readmit on this computer",
		}
	}
	if len(p.Language) <= maxLanguage {
		c.lang.Store(p.Language)
	}
	return &rpc.InitializeResult{Version: about.Version, Protocol: about.Protocol}, nil
}
