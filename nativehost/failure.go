package nativehost

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/launch"
)

// The host's own failures, a part of package rpc's codes.
const (
	agentUnavailable = "agent_unavailable"
	tooLarge         = "too_large"
	badFrame         = "bad_frame"
	callerRefused    = "caller_refused"
	internal         = "internal"
)

// failure is why the host gives up; it becomes the error that the extension
// reads before the port closes.
type failure struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	Hint      string `json:"hint,omitempty"`
	Retryable bool   `json:"retryable,omitempty"`
}

// unavailable says that the agent cannot be reached or is gone.
func unavailable(err error) *failure {
	return &failure{Code: agentUnavailable, Message: err.Error(), Hint: launch.Hint(err), Retryable: true}
}

// unreadable says what is wrong with a frame that sender sent.
func unreadable(sender string, err error) *failure {
	f := &failure{Code: badFrame, Message: "from the " + sender + ": " + err.Error(), Hint: "update readmit and its extension"}
	if errors.Is(err, frame.ErrTooLarge) {
		f.Code = tooLarge
	}
	return f
}

// send writes the failure as a JSON-RPC error that answers no request.
func (f *failure) send(w io.Writer) error {
	type object struct {
		Code    int      `json:"code"`
		Message string   `json:"message"`
		Data    *failure `json:"data"`
	}
	payload, err := json.Marshal(struct {
		JSONRPC string  `json:"jsonrpc"`
		ID      *string `json:"id"`
		Error   object  `json:"error"`
	}{"2.0", nil, object{-32000, f.Message, f}})
	if err != nil {
		return err
	}
	return frame.Write(w, payload)
}
