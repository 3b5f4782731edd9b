package agent

import (
	"context"
	"os"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/agent/signature"
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
	o := signature.InForce().Origin()
	result.Signatures = rpc.SignatureStatus{Rows: o.Rows, Serial: o.Serial, Source: "built_in"}
	if o.File {
		result.Signatures.Source = "file"
	}
	if s.rowsProblem != nil {
		result.Signatures.Problem, result.Signatures.Hint = s.rowsProblem.Error(), hintOf(s.rowsProblem)
	}
	return result, nil
}
