package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/readmit/readmit/agent/rpc"
)

// The shape of a message: beyond these it is refused before it is decoded, so
// that a few bytes on the wire cannot become many in memory.
const (
	maxDepth  = 32
	maxValues = 20_000
	maxID     = 64 // bytes of a request's id
)

// dispatch runs the handler of a request. A panic in it is an internal error:
// its stack goes to the log, without values, and nothing of it to the wire.
func (s *server) dispatch(ctx context.Context, c *conn, req *rpc.Request) (result any, fault *rpc.Error) {
	defer func() {
		if r := recover(); r != nil {
			what := fmt.Sprintf("%T", r)
			if e, ok := r.(runtime.Error); ok {
				what = e.Error()
			}
			s.log.Error().Str("part", "hub").Uint64("conn", c.id).Str("method", s.known(req.Method)).
				Str("panic", what).Bytes("stack", debug.Stack()).Msg("handler failed")
			result, fault = nil, &rpc.Error{Code: rpc.CodeInternal, Message: "readmit has a fault", Hint: "see the agent's log"}
		}
	}()
	s.calls.Add(1)
	h, ok := s.handlers[req.Method]
	if !ok {
		return nil, &rpc.Error{Code: rpc.CodeUnknownMethod, Message: "unknown method"}
	}
	if !allowed(c.caller.Engine, req.Method) {
		return nil, &rpc.Error{Code: rpc.CodeNotAllowed, Message: "this caller may not use " + req.Method}
	}
	result, err := h(ctx, c, req.Params)
	if err == nil {
		return result, nil
	}
	if errors.As(err, &fault) {
		return nil, fault
	}
	s.log.Error().Err(err).Str("part", "hub").Uint64("conn", c.id).Str("method", s.known(req.Method)).Msg("request failed")
	return nil, &rpc.Error{Code: rpc.CodeInternal, Message: "readmit has a fault", Hint: "see the agent's log"}
}

// known keeps what a caller made up out of the log.
func (s *server) known(name string) string {
	if _, ok := s.handlers[name]; ok {
		return name
	}
	return "unknown"
}

// parse reads the envelope of a request.
func parse(payload []byte) (*rpc.Request, *rpc.Error) {
	bad := func(message string) (*rpc.Request, *rpc.Error) {
		return nil, &rpc.Error{Code: rpc.CodeBadFrame, Message: message}
	}
	if !modest(payload) {
		return bad("the message nests too deep or holds too many values")
	}
	req := new(rpc.Request)
	// The decoder's own words may quote the message.
	if err := json.Unmarshal(payload, req); err != nil {
		return bad("the message is not a JSON-RPC request")
	}
	if req.JSONRPC != "2.0" || req.Method == "" {
		return bad("the message is not a JSON-RPC 2.0 request")
	}
	if len(req.ID) > maxID || (len(req.ID) > 0 && (req.ID[0] == '{' || req.ID[0] == '[')) {
		return bad("the id is neither a short text nor a number")
	}
	if string(req.ID) == "null" {
		req.ID = nil
	}
	return req, nil
}

// modest reports whether a message stays below maxDepth and maxValues. It
// counts brackets and commas outside strings and leaves the grammar to the
// decoder.
func modest(payload []byte) bool {
	depth, values, inString := 0, 0, false
	for i := 0; i < len(payload); i++ {
		switch b := payload[i]; {
		case inString && b == '\\':
			i++
		case b == '"':
			inString = !inString
		case inString:
		case b == '{' || b == '[':
			depth++
			values++
		case b == '}' || b == ']':
			depth--
		case b == ',':
			values++
		}
		if depth > maxDepth || values > maxValues {
			return false
		}
	}
	return true
}

// badParams says which field does not fit, never what it held.
func badParams(err error) *rpc.Error {
	e := &rpc.Error{Code: rpc.CodeBadParams, Message: "the parameters do not fit the method"}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		e.Message = "the parameter " + wrong.Field + " has the wrong type"
	}
	return e
}

// number is JSON-RPC's own code.
func number(c rpc.Code) int {
	switch c {
	case rpc.CodeBadFrame:
		return -32700
	case rpc.CodeUnknownMethod:
		return -32601
	case rpc.CodeBadParams:
		return -32602
	case rpc.CodeInternal:
		return -32603
	default:
		return -32000
	}
}
