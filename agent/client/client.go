// Package client speaks to the agent for the command line.
//
// It promises that every Call ends in a result, an *rpc.Error or the context's
// error, and that the copies of messages it made are cleared after use. What
// the agent sends unasked is passed over: a command line has nothing to keep
// up to date.
//
// Limits: at most 32 calls may be under way, as the agent allows. A client
// whose connection broke stays broken; dial again.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/launch"
	"github.com/readmit/readmit/agent/rpc"
)

// writeLimit bounds the writing of one message to an agent that reads nothing.
const writeLimit = 5 * time.Second

// Client is one connection to the agent. Its methods may be called at the
// same time.
type Client struct {
	conn net.Conn
	done chan struct{} // closed when the reader ended

	writing sync.Mutex

	mu      sync.Mutex
	last    uint64
	pending map[string]chan rpc.Response
	broken  error
}

// New introduces the caller on a connection to the agent, which the client
// then owns.
func New(conn net.Conn, caller rpc.Caller) (*Client, error) {
	c := &Client{
		conn:    conn,
		done:    make(chan struct{}),
		pending: map[string]chan rpc.Response{},
	}
	if err := c.send(rpc.Request{Method: rpc.NotifyCaller}, caller); err != nil {
		_ = conn.Close()
		return nil, unavailable(err)
	}
	go c.read()
	return c, nil
}

// Call sends a request and waits for its answer, which it decodes into result
// unless that is nil. An answer that is an error is returned as *rpc.Error.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	id, answer, err := c.expect()
	if err != nil {
		return err
	}
	defer c.forget(id)
	if err := c.send(rpc.Request{ID: json.RawMessage(id), Method: method}, params); err != nil {
		var mine *rpc.Error
		if errors.As(err, &mine) {
			return err
		}
		return unavailable(err)
	}
	select {
	case response, open := <-answer:
		if !open {
			return c.failure()
		}
		return decode(method, response, result)
	case <-ctx.Done():
		return fmt.Errorf("waiting for %s: %w", method, ctx.Err())
	}
}

// Close ends the connection; calls under way fail.
func (c *Client) Close() error {
	err := c.conn.Close()
	<-c.done
	return err
}

// expect registers a new request.
func (c *Client) expect() (id string, answer chan rpc.Response, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return "", nil, c.broken
	}
	c.last++
	id = strconv.FormatUint(c.last, 10)
	answer = make(chan rpc.Response, 1)
	c.pending[id] = answer
	return id, answer, nil
}

func (c *Client) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, id)
}

func (c *Client) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}

func (c *Client) send(request rpc.Request, params any) error {
	request.JSONRPC = "2.0"
	if params != nil {
		encoded, err := json.Marshal(params)
		if err != nil {
			return &rpc.Error{Code: rpc.CodeBadParams, Message: fmt.Sprintf("encoding %s: %v", request.Method, err)}
		}
		defer clear(encoded)
		request.Params = encoded
	}
	payload, err := json.Marshal(request)
	if err != nil {
		return &rpc.Error{Code: rpc.CodeBadParams, Message: fmt.Sprintf("encoding %s: %v", request.Method, err)}
	}
	defer clear(payload)
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return fmt.Errorf("sending %s: %w", request.Method, err)
	}
	if err := frame.Write(c.conn, payload); errors.Is(err, frame.ErrTooLarge) {
		return &rpc.Error{Code: rpc.CodeTooLarge, Message: fmt.Sprintf("sending %s: %v", request.Method, err)}
	} else if err != nil {
		// Part of a frame may be out: what follows would not be understood.
		_ = c.conn.Close()
		return fmt.Errorf("sending %s: %w", request.Method, err)
	}
	return nil
}

// read hands out what arrives until the connection ends.
func (c *Client) read() {
	defer close(c.done)
	var buffer frame.Buffer
	for {
		if err := buffer.Fill(c.conn, frame.MaxToBrowser); err != nil {
			c.fail(unavailable(fmt.Errorf("the connection to the agent ended: %w", err)))
			return
		}
		err := c.dispatch(buffer.Payload())
		buffer.Clear()
		if err != nil {
			_ = c.conn.Close()
			c.fail(err)
			return
		}
	}
}

// dispatch returns an error when the connection is of no more use.
func (c *Client) dispatch(payload []byte) error {
	var message struct {
		rpc.Request
		Result json.RawMessage  `json:"result"`
		Error  *rpc.ErrorObject `json:"error"`
	}
	if err := json.Unmarshal(payload, &message); err != nil {
		return &rpc.Error{Code: rpc.CodeBadFrame, Message: "the agent sent what is no JSON"}
	}
	if message.Method != "" {
		return nil
	}
	response := rpc.Response{ID: message.ID, Result: message.Result, Error: message.Error}
	if message.Error != nil && (len(message.ID) == 0 || bytes.Equal(message.ID, []byte("null"))) {
		return problem(message.Error)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer, waiting := c.pending[string(message.ID)]; waiting {
		delete(c.pending, string(message.ID))
		answer <- response
	}
	return nil
}

// fail ends all calls under way with err.
func (c *Client) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken = err
	for id, answer := range c.pending {
		delete(c.pending, id)
		close(answer)
	}
}

func decode(method string, response rpc.Response, result any) error {
	defer clear(response.Result)
	if response.Error != nil {
		return problem(response.Error)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(response.Result, result); err != nil {
		return &rpc.Error{Code: rpc.CodeBadFrame, Message: "the agent's answer to " + method + " cannot be read"}
	}
	return nil
}

func problem(object *rpc.ErrorObject) *rpc.Error {
	if object.Data != nil {
		return object.Data
	}
	return &rpc.Error{Code: rpc.CodeInternal, Message: object.Message}
}

func unavailable(err error) *rpc.Error {
	return &rpc.Error{
		Code:      rpc.CodeAgentUnavailable,
		Message:   err.Error(),
		Hint:      launch.Hint(err),
		Retryable: true,
	}
}
