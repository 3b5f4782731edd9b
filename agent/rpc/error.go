package rpc

import "encoding/json"

// Code is a machine-readable reason; codes are only ever appended.
type Code string

// The codes.
const (
	CodeBadFrame         Code = "bad_frame"
	CodeTooLarge         Code = "too_large"
	CodeBadParams        Code = "bad_params"
	CodeUnknownMethod    Code = "unknown_method"
	CodeProtocolTooOld   Code = "protocol_too_old"
	CodeProtocolTooNew   Code = "protocol_too_new"
	CodeCallerRefused    Code = "caller_refused"
	CodeNotFound         Code = "not_found"
	CodeNotAllowed       Code = "not_allowed"
	CodeConsentNeeded    Code = "consent_needed"
	CodeRefusedBefore    Code = "refused_before"
	CodeKeyringLocked    Code = "keyring_locked"
	CodeKeyringAbsent    Code = "keyring_absent"
	CodeKeyringTimeout   Code = "keyring_timeout"
	CodePolicyBroken     Code = "policy_broken"
	CodeJournalDamaged   Code = "journal_damaged"
	CodeAgentUnavailable Code = "agent_unavailable"
	CodeBusy             Code = "busy"
	CodeInternal         Code = "internal"
	// CodeJournalUnavailable: nothing can be noted, so that no password is sent.
	CodeJournalUnavailable Code = "journal_unavailable"
	// CodeKeyringBroken: the password store is there and cannot be read, such
	// as a damaged file or one that its passphrase does not open.
	CodeKeyringBroken Code = "keyring_broken"
)

// Error is what a request ends in when it does not end in a result. Message
// says what and which, Hint what helps; neither holds a secret.
type Error struct {
	Code      Code   `json:"code"`
	Message   string `json:"message"`
	Hint      string `json:"hint,omitempty"`
	Retryable bool   `json:"retryable,omitempty"`
}

// Error implements error.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// The JSON-RPC 2.0 envelope. Its numeric error code is -32000 for every Code
// but those the specification reserves: bad_frame -32700, unknown_method
// -32601, bad_params -32602, internal -32603.
// https://www.jsonrpc.org/specification

// Request is a request, or a notification when ID is absent.
type Request struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params,omitempty"`
}

// Response answers a request. ID is null when the fault concerns no request.
type Response struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *ErrorObject    `json:"error,omitempty"`
}

// ErrorObject is JSON-RPC's error member.
type ErrorObject struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    *Error `json:"data,omitempty"`
}
