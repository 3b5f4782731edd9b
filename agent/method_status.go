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
		Keyring:     s.keyring(ctx),
		Vault:       s.vaultKind,
		Journal:     string(s.journal.State()),
		Connections: int(s.open.Load()),
	}
	if problem := s.journal.Problem(); problem != nil {
		result.JournalProblem = problem.Error()
	}
	return result, nil
}

// keyring asks for the state of the password store and remembers the answer
// as a fact about this computer.
func (s *server) keyring(ctx context.Context) string {
	state := string(s.vault.State(ctx))
	s.machine.SawKeyring(state, s.now())
	return state
}
