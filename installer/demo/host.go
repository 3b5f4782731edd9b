package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/rpc"
)

// callLimit bounds one question to the agent.
const callLimit = 20 * time.Second

// host is a native host as a browser keeps one: a child process that is spoken
// to in frames. It is used by one goroutine.
type host struct {
	program *program
	stdin   io.WriteCloser
	answers chan rpc.Response // closed when the host ended
	last    int
}

// openHost starts the host the way a Chromium-based browser does and opens the
// conversation.
func (s *stage) openHost(ctx context.Context) (*host, error) {
	h := &host{answers: make(chan rpc.Response, 1)}
	var stdout io.Reader
	program, err := s.start(about.HostProgram, func(cmd *exec.Cmd) (err error) {
		if h.stdin, err = cmd.StdinPipe(); err != nil {
			return err
		}
		stdout, err = cmd.StdoutPipe()
		return err
	}, "chrome-extension://"+about.ChromiumExtensionIDs[0]+"/")
	if err != nil {
		return nil, err
	}
	h.program = program
	go h.read(stdout)
	hello := rpc.InitializeParams{Version: about.Version, Protocol: about.Protocol, Language: "en"}
	var answer rpc.InitializeResult
	if err := h.call(ctx, rpc.MethodInitialize, hello, &answer); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// read passes answers on until the host ends; notifications are not waited for.
func (h *host) read(stdout io.Reader) {
	defer close(h.answers)
	for {
		payload, err := frame.Read(stdout, frame.MaxToBrowser)
		if err != nil {
			return
		}
		var message struct {
			rpc.Response
			Method string `json:"method"`
		}
		if err := json.Unmarshal(payload, &message); err != nil {
			return
		}
		if message.Method == "" {
			h.answers <- message.Response
		}
	}
}

// call asks the agent and waits for its answer.
func (h *host) call(ctx context.Context, method string, params, result any) error {
	h.last++
	id := strconv.Itoa(h.last)
	raw, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("asking %s: %w", method, err)
	}
	request, err := json.Marshal(rpc.Request{JSONRPC: "2.0", ID: json.RawMessage(id), Method: method, Params: raw})
	if err != nil {
		return fmt.Errorf("asking %s: %w", method, err)
	}
	if err := frame.Write(h.stdin, request); err != nil {
		return fmt.Errorf("asking %s: %w", method, err)
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	for {
		select {
		case answer, open := <-h.answers:
			if !open {
				return fmt.Errorf("asking %s: the host ended%s", method, h.program.said.hint())
			}
			// A null id is a failure that concerns every request.
			if got := string(answer.ID); got != id && got != "null" && got != "" {
				continue
			}
			return decode(method, answer, result)
		case <-ctx.Done():
			return fmt.Errorf("asking %s: %w", method, ctx.Err())
		}
	}
}

func decode(method string, answer rpc.Response, result any) error {
	if answer.Error != nil {
		if answer.Error.Data != nil {
			return fmt.Errorf("asking %s: %w", method, answer.Error.Data)
		}
		return fmt.Errorf("asking %s: %s", method, answer.Error.Message)
	}
	if result == nil {
		return nil
	}
	if len(answer.Result) == 0 {
		return fmt.Errorf("asking %s: %w", method, errors.New("the answer is empty"))
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fmt.Errorf("reading the answer to %s: %w", method, err)
	}
	return nil
}

// close ends the host as a browser does, by closing its input.
func (h *host) close() {
	_ = h.stdin.Close()
	timer := time.NewTimer(stopLimit)
	defer timer.Stop()
	for {
		select {
		case _, open := <-h.answers:
			if open {
				continue
			}
			h.program.stop()
			return
		case <-timer.C:
			h.program.stop()
			return
		}
	}
}
