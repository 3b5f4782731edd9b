package agent

import (
	"context"
	"encoding/json"

	"github.com/readmit/readmit/agent/rpc"
)

// methods is everything that a caller can ask for, by its name on the wire.
func (s *server) methods() map[string]handler {
	return map[string]handler{
		rpc.MethodInitialize:        method(s.initialize),
		rpc.MethodRefusalReport:     method(s.refusalReport),
		rpc.MethodRefusalAmend:      method(s.refusalAmend),
		rpc.MethodCredentialList:    method(s.credentialList),
		rpc.MethodCredentialAsk:     method(s.credentialAsk),
		rpc.MethodCredentialRelease: method(s.credentialRelease),
		rpc.MethodCredentialFilled:  method(s.credentialFilled),
		rpc.MethodCredentialSave:    method(s.credentialSave),
		rpc.MethodCredentialForget:  method(s.credentialForget),
		rpc.MethodRecoveryOutcome:   method(s.recoveryOutcome),
		rpc.MethodSupportReport:     method(s.supportReport),
		rpc.MethodIncidentList:      method(s.incidentList),
		rpc.MethodIncidentShow:      method(s.incidentShow),
		rpc.MethodIncidentClear:     method(s.incidentClear),
		rpc.MethodStatus:            method(s.status),
		rpc.MethodAgentStop:         method(s.agentStop),
		rpc.MethodAccountList:       method(s.accountList),
		rpc.MethodAccountStore:      method(s.accountStore),
		rpc.MethodAccountRemove:     method(s.accountRemove),
		rpc.MethodStoreChoose:       method(s.storeChoose),
	}
}

// nothing is the parameters, or the result, of a method that has none.
type nothing struct{}

// handler answers one method.
type handler func(ctx context.Context, c *conn, params json.RawMessage) (any, error)

// method makes a handler of a function with typed parameters. Unknown members
// are left alone: the other side may be newer.
func method[P, R any](fn func(context.Context, *conn, *P) (R, error)) handler {
	return func(ctx context.Context, c *conn, params json.RawMessage) (any, error) {
		p := new(P)
		if len(params) > 0 {
			if err := json.Unmarshal(params, p); err != nil {
				return nil, badParams(err)
			}
		}
		return fn(ctx, c, p)
	}
}
