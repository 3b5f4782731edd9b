package agent

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/rpc"
)

// inline is the size above which a frame is answered before the next is read,
// so that a connection never holds more than one large frame.
const inline = 64 << 10

// conn is one connection: a native host, or the command line.
type conn struct {
	id     uint64
	server *server
	net    net.Conn
	caller rpc.Caller
	// browserParent says that a known browser runs the host; only then is
	// lasting consent granted or used.
	browserParent bool
	lang          atomic.Value // string, of initialize

	writing sync.Mutex
	slots   chan struct{} // one per request under way
	gone    atomic.Bool
}

var connIDs atomic.Uint64

// converse serves one connection to its end.
func (s *server) converse(ctx context.Context, nc net.Conn) {
	c := &conn{id: connIDs.Add(1), server: s, net: nc, slots: make(chan struct{}, maxAtOnce)}
	ctx, cancel := context.WithCancel(ctx)
	closer := context.AfterFunc(ctx, func() { _ = nc.Close() })
	defer closer()
	defer cancel()
	in := bufio.NewReaderSize(nc, 4096)
	if err := c.greet(in); err != nil {
		s.log.Warn().Err(err).Str("part", "hub").Uint64("conn", c.id).Msg("caller refused")
		return
	}
	s.log.Debug().Str("part", "hub").Uint64("conn", c.id).Str("engine", c.caller.Engine).Msg("connected")
	var requests sync.WaitGroup
	err := c.read(ctx, in, &requests)
	// What was asked for is not waited for when nobody listens any more.
	c.gone.Store(true)
	cancel()
	requests.Wait()
	s.book.lose(c)
	if err != nil && !errors.Is(err, io.EOF) && ctx.Err() == nil {
		s.log.Info().Err(err).Str("part", "hub").Uint64("conn", c.id).Msg("connection lost")
	}
}

func (c *conn) read(ctx context.Context, in io.Reader, requests *sync.WaitGroup) error {
	for {
		payload, err := frame.Read(in, frame.MaxFromBrowser)
		switch {
		case errors.Is(err, frame.ErrTooLarge):
			c.fail(nil, &rpc.Error{Code: rpc.CodeTooLarge, Message: err.Error()})
			return err
		case errors.Is(err, frame.ErrBadFrame), errors.Is(err, io.ErrUnexpectedEOF):
			c.fail(nil, &rpc.Error{Code: rpc.CodeBadFrame, Message: err.Error()})
			return err
		case err != nil:
			return err
		}
		req, fault := parse(payload)
		if fault != nil {
			clear(payload)
			c.fail(nil, fault)
			continue
		}
		if req.ID == nil {
			// Notifications are answered by nothing, and none is known but
			// the preamble, which does not come twice.
			clear(payload)
			continue
		}
		select {
		case c.slots <- struct{}{}:
		default:
			clear(payload)
			clear(req.Params)
			c.fail(req.ID, &rpc.Error{Code: rpc.CodeBusy, Message: "too many requests at once", Retryable: true})
			continue
		}
		answer := func() {
			defer func() { <-c.slots }()
			// Both may hold a typed sign-in.
			defer clear(req.Params)
			clear(payload)
			c.answer(ctx, req)
		}
		if len(payload) > inline {
			answer()
		} else {
			requests.Go(answer)
		}
	}
}

// answer runs one request and replies, whatever happens.
func (c *conn) answer(ctx context.Context, req *rpc.Request) {
	began := time.Now()
	result, fault := c.server.dispatch(ctx, c, req)
	event := c.server.log.Debug()
	if fault != nil {
		event = c.server.log.Info().Str("code", string(fault.Code))
	}
	event.Str("part", "hub").Uint64("conn", c.id).Str("method", c.server.known(req.Method)).
		Int64("dur_ms", time.Since(began).Milliseconds()).Msg("answered")
	if fault != nil {
		c.fail(req.ID, fault)
		return
	}
	raw, err := json.Marshal(result)
	if err != nil {
		c.fail(req.ID, &rpc.Error{Code: rpc.CodeInternal, Message: "the reply could not be written"})
		return
	}
	c.send(req.ID, raw)
	clear(raw)
}

func (c *conn) send(id, result json.RawMessage) {
	payload, err := json.Marshal(rpc.Response{JSONRPC: "2.0", ID: id, Result: result})
	if err == nil && len(payload) > frame.MaxToBrowser {
		c.fail(id, &rpc.Error{Code: rpc.CodeTooLarge, Message: "the reply is larger than browsers accept", Hint: "ask for less at once"})
		return
	}
	c.write(payload, err)
	clear(payload)
}

func (c *conn) fail(id json.RawMessage, e *rpc.Error) {
	if id == nil {
		id = json.RawMessage("null")
	}
	payload, err := json.Marshal(rpc.Response{JSONRPC: "2.0", ID: id, Error: &rpc.ErrorObject{
		Code: number(e.Code), Message: e.Message, Data: e,
	}})
	c.write(payload, err)
}

// notify tells this connection something that it did not ask for.
func (c *conn) notify(method string, params any) {
	raw, err := json.Marshal(params)
	if err != nil {
		return
	}
	payload, err := json.Marshal(rpc.Request{JSONRPC: "2.0", Method: method, Params: raw})
	if len(payload) <= frame.MaxToBrowser {
		c.write(payload, err)
	}
}

// write sends one frame. A peer that does not read for writeWait loses its
// connection; others never wait for it.
func (c *conn) write(payload []byte, err error) {
	if err != nil || c.gone.Load() {
		return
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if err = c.net.SetWriteDeadline(time.Now().Add(writeWait)); err == nil {
		err = frame.Write(c.net, payload)
	}
	if err != nil {
		c.gone.Store(true)
		_ = c.net.Close()
	}
}

func (c *conn) language() string {
	lang, _ := c.lang.Load().(string)
	return lang
}
