package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/client"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/rpc"
)

var caller = rpc.Caller{Engine: "cli", HostVersion: "1.2.3"}

// agent is the other end of a client's connection, played by the test.
type agent struct {
	t    *testing.T
	conn net.Conn
}

// pair connects a client to an agent that has read the preamble.
func pair(t *testing.T) (*client.Client, *agent) {
	t.Helper()
	mine, theirs := net.Pipe()
	_ = theirs.SetDeadline(time.Now().Add(20 * time.Second))
	a := &agent{t, theirs}
	read := make(chan rpc.Request, 1)
	go func() { read <- a.receive() }()
	c, err := client.New(mine, caller)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = theirs.Close()
		_ = c.Close()
	})
	preamble := <-read
	var got rpc.Caller
	if err := json.Unmarshal(preamble.Params, &got); err != nil || preamble.Method != rpc.NotifyCaller || preamble.ID != nil || got != caller {
		t.Errorf("the preamble is %+v, %v", preamble, err)
	}
	return c, a
}

func (a *agent) receive() rpc.Request {
	var request rpc.Request
	payload, err := frame.Read(a.conn, frame.MaxFromBrowser)
	if err == nil {
		err = json.Unmarshal(payload, &request)
	}
	if err != nil {
		a.t.Errorf("the agent's side: %v", err)
	}
	return request
}

func (a *agent) send(payload string) {
	if err := frame.Write(a.conn, []byte(payload)); err != nil {
		a.t.Errorf("the agent's side: %v", err)
	}
}

func TestCallsGetTheirOwnAnswers(t *testing.T) {
	c, a := pair(t)
	const calls = 20
	var agentSide sync.WaitGroup
	agentSide.Go(func() {
		var ids, params []string
		for range calls {
			request := a.receive()
			ids, params = append(ids, string(request.ID)), append(params, string(request.Params))
		}
		for i := range ids { // in the reverse order, an unknown id in between
			i = calls - 1 - i
			a.send(`{"jsonrpc":"2.0","id":999,"result":"late"}`)
			a.send(`{"jsonrpc":"2.0","id":` + ids[i] + `,"result":` + params[i] + `}`)
		}
	})
	var callers sync.WaitGroup
	for i := range calls {
		callers.Go(func() {
			var got int
			if err := c.Call(t.Context(), "echo", i, &got); err != nil || got != i {
				t.Errorf("call %d got %d, %v", i, got, err)
			}
		})
	}
	callers.Wait()
	agentSide.Wait()
}

func TestErrorsArriveAsThemselves(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer string // with ID in the place of the request's
		want   rpc.Error
	}{
		{"with data", `{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"m","data":{"code":"not_found","message":"no such incident","hint":"h","retryable":true}}}`,
			rpc.Error{Code: rpc.CodeNotFound, Message: "no such incident", Hint: "h", Retryable: true}},
		{"without data", `{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"m"}}`,
			rpc.Error{Code: rpc.CodeInternal, Message: "m"}},
		{"for no request in particular", `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m","data":{"code":"bad_frame","message":"m"}}}`,
			rpc.Error{Code: rpc.CodeBadFrame, Message: "m"}},
		{"that is no JSON", `{`, rpc.Error{Code: rpc.CodeBadFrame, Message: "the agent sent what is no JSON"}},
		{"whose result has another shape", `{"jsonrpc":"2.0","id":ID,"result":"text"}`,
			rpc.Error{Code: rpc.CodeBadFrame, Message: "the agent's answer to status cannot be read"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, a := pair(t)
			go func() { a.send(strings.ReplaceAll(test.answer, "ID", string(a.receive().ID))) }()
			var result rpc.StatusResult
			err := c.Call(t.Context(), rpc.MethodStatus, nil, &result)
			var got *rpc.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestABrokenConnectionFailsCallsNowAndLater(t *testing.T) {
	c, a := pair(t)
	go func() {
		a.receive()
		_ = a.conn.Close()
	}()
	for _, when := range []string{"under way", "afterwards"} {
		var got *rpc.Error
		if err := c.Call(t.Context(), rpc.MethodStatus, nil, nil); !errors.As(err, &got) || got.Code != rpc.CodeAgentUnavailable || got.Hint == "" || !got.Retryable {
			t.Errorf("%s: %v", when, err)
		}
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	c, a := pair(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		a.receive()
		cancel()
	}()
	if err := c.Call(ctx, rpc.MethodStatus, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNotificationsNeverBlockAnswers(t *testing.T) {
	c, a := pair(t)
	go func() {
		request := a.receive()
		for range 1000 {
			a.send(`{"jsonrpc":"2.0","method":"incident/updated","params":{"incidentId":"i"}}`)
		}
		a.send(`{"jsonrpc":"2.0","id":` + string(request.ID) + `,"result":{"version":"1"}}`)
	}()
	var status rpc.StatusResult
	if err := c.Call(t.Context(), rpc.MethodStatus, nil, &status); err != nil || status.Version != "1" {
		t.Errorf("got %+v, %v", status, err)
	}
}

func TestTooMuchIsNotSent(t *testing.T) {
	c, a := pair(t)
	var got *rpc.Error
	if err := c.Call(t.Context(), "m", strings.Repeat("x", frame.MaxFromBrowser), nil); !errors.As(err, &got) || got.Code != rpc.CodeTooLarge {
		t.Errorf("got %v", err)
	}
	if err := c.Call(t.Context(), "m", make(chan int), nil); !errors.As(err, &got) || got.Code != rpc.CodeBadParams {
		t.Errorf("got %v", err)
	}
	go func() { a.send(`{"jsonrpc":"2.0","id":` + string(a.receive().ID) + `,"result":true}`) }()
	if err := c.Call(t.Context(), "m", nil, nil); err != nil {
		t.Errorf("the next call: %v", err)
	}
}
