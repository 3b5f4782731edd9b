package agent

import (
	"context"
	"os"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/rpc"
)

// status says how the agent is. It asks the keyring, within the vault's bound.
func (s *server) status(ctx context.Context, _ *conn, _ *nothing) (*rpc.StatusResult, error) {
	result := &rpc.StatusResult{
		Version:     about.Version,
		Protocol:    about.Protocol,
		PID:         os.Getpid(),
		Started:     s.started.UTC(),
		Keyring:     string(s.vault.State(ctx)),
		Vault:       s.vaultKind,
		Journal:     string(s.journal.State()),
		Connections: int(s.open.Load()),
	}
	if problem := s.journal.Problem(); problem != nil {
		result.JournalProblem = problem.Error()
	}
	return result, nil
}
