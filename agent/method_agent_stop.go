package agent

import (
	"context"
	"time"
)

// agentStop ends the agent once this reply is on its way.
func (s *server) agentStop(context.Context, *conn, *nothing) (*nothing, error) {
	time.AfterFunc(stopDelay, s.stop)
	return &nothing{}, nil
}

// stopDelay lets the reply to agent/stop leave before the connection closes.
const stopDelay = 50 * time.Millisecond
