package agent

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/rpc"
)

// Threat 2: an id that is not on the list, or stands only in a request, gets
// an error and a closed connection.
func TestUnknownCallersAreRefused(t *testing.T) {
	h := startHub(t)
	callers := map[string]any{
		"an unknown engine":                rpc.Caller{Engine: "opera", ExtensionID: about.FirefoxExtensionID},
		"no engine":                        rpc.Caller{ExtensionID: about.FirefoxExtensionID},
		"another extension in Firefox":     rpc.Caller{Engine: "firefox", ExtensionID: "other@example.org"},
		"Firefox's id in Chromium":         rpc.Caller{Engine: "chromium", ExtensionID: about.FirefoxExtensionID},
		"no id in Chromium":                rpc.Caller{Engine: "chromium"},
		"an extension as command line":     rpc.Caller{Engine: "cli", ExtensionID: about.FirefoxExtensionID},
		"an id of the wrong type":          map[string]any{"engine": "firefox", "extensionId": 7},
		"a preamble that is only a string": "firefox",
	}
	for name, caller := range callers {
		t.Run(name, func(t *testing.T) {
			p := h.dial()
			p.t = t
			p.sendJSON(map[string]any{"jsonrpc": "2.0", "method": "caller", "params": caller})
			p.wantFault(rpc.CodeCallerRefused)
			p.closed()
		})
	}
	t.Run("a request before the preamble", func(t *testing.T) {
		p := h.dial()
		p.t = t
		p.sendJSON(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": firefox})
		p.wantFault(rpc.CodeCallerRefused)
		p.closed()
	})
	t.Run("a preamble that never comes", func(t *testing.T) {
		p := h.dial()
		p.t = t
		p.wantFault(rpc.CodeCallerRefused)
		p.closed()
	})
}

// wantFault reads an error that concerns no request.
func (p *peer) wantFault(code rpc.Code) {
	p.t.Helper()
	r := p.receive()
	if r.Error == nil || r.Error.Data == nil || r.Error.Data.Code != code || string(r.ID) != "null" {
		p.t.Fatalf("got %s %+v, want %s without id", r.ID, r.Error, code)
	}
}

func TestWhoMayAskWhat(t *testing.T) {
	h := startHub(t)
	cli := h.as(rpc.Caller{Engine: "cli", HostVersion: about.Version})
	call[rpc.StatusResult](cli, rpc.MethodStatus, nothing{})
	cli.refused(rpc.MethodCredentialRelease, rpc.ReleaseParams{}, rpc.CodeNotAllowed)
	cli.refused(rpc.MethodCredentialSave, rpc.SaveParams{}, rpc.CodeNotAllowed)
	browser := h.browser()
	browser.refused(rpc.MethodAgentStop, nothing{}, rpc.CodeNotAllowed)
	browser.refused("agent/explode", nothing{}, rpc.CodeUnknownMethod)
}

func TestVersionsAgree(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	got := call[rpc.InitializeResult](p, rpc.MethodInitialize, rpc.InitializeParams{Version: "0.0.1", Protocol: about.MinProtocol, Language: "en"})
	if got != (rpc.InitializeResult{Version: about.Version, Protocol: about.Protocol}) {
		t.Errorf("%+v", got)
	}
	p.refused(rpc.MethodInitialize, rpc.InitializeParams{Protocol: about.MinProtocol - 1}, rpc.CodeProtocolTooOld)
	p.refused(rpc.MethodInitialize, rpc.InitializeParams{Protocol: about.Protocol + 1}, rpc.CodeProtocolTooNew)
	// A newer extension sends what this agent does not know yet.
	call[rpc.InitializeResult](p, rpc.MethodInitialize, map[string]any{"protocol": 1, "colour": "blue", "more": []int{1}})
}

// Whatever is not a request gets an error, and the connection goes on.
func TestFramesThatAreNoRequest(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for name, raw := range map[string]string{
		"malformed":              `{"jsonrpc":"2.0","id":1,`,
		"text":                   `hello`,
		"a string":               `"hello"`,
		"a number":               `7`,
		"null":                   `null`,
		"an array":               `[{"jsonrpc":"2.0","id":1,"method":"status"}]`,
		"an empty object":        `{}`,
		"no version":             `{"id":1,"method":"status"}`,
		"another version":        `{"jsonrpc":"1.0","id":1,"method":"status"}`,
		"no method":              `{"jsonrpc":"2.0","id":1}`,
		"a method of a number":   `{"jsonrpc":"2.0","id":1,"method":7}`,
		"an object as id":        `{"jsonrpc":"2.0","id":{},"method":"status"}`,
		"an array as id":         `{"jsonrpc":"2.0","id":[1],"method":"status"}`,
		"an endless id":          `{"jsonrpc":"2.0","id":"` + strings.Repeat("x", 100) + `","method":"status"}`,
		"deep nesting":           `{"jsonrpc":"2.0","id":1,"method":"status","params":` + deep + `}`,
		"deep nesting, cut off":  strings.Repeat(`{"a":`, 100_000),
		"a million values":       `{"jsonrpc":"2.0","id":1,"method":"refusal/amend","params":{"cookies":[` + strings.Repeat("{},", 1_000_000) + `{}]}}`,
		"bytes that are no text": "\xff\xfe\x00\x01",
	} {
		t.Run(name, func(t *testing.T) {
			p.t = t
			p.send([]byte(raw))
			p.wantFault(rpc.CodeBadFrame)
		})
	}
	p.t = t
	call[rpc.StatusResult](p, rpc.MethodStatus, nothing{})
}

func TestParametersOfTheWrongShape(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	const canary = "4716325"
	for name, params := range map[string]string{
		"a string for an object": `"` + canary + `"`,
		"an array":               `[` + canary + `]`,
		"a number for a secret":  `{"incidentId":"x","account":"anna","secret":` + canary + `}`,
		"an object for a text":   `{"incidentId":{"` + canary + `":1}}`,
	} {
		t.Run(name, func(t *testing.T) {
			p.t = t
			_, fault := p.ask(rpc.MethodCredentialSave, json.RawMessage(params))
			if fault == nil || fault.Code != rpc.CodeBadParams || strings.Contains(fault.Error(), canary) {
				t.Errorf("%+v", fault)
			}
		})
	}
	p.t = t
	p.refused(rpc.MethodRefusalReport, map[string]any{"refusal": map[string]any{"time": canary}}, rpc.CodeBadParams)
	p.refused(rpc.MethodRefusalReport, map[string]any{"refusal": map[string]any{"url": "https://example.org/", "status": 404}}, rpc.CodeBadParams)
	p.refused(rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: "x"}, rpc.CodeNotFound)
	p.refused(rpc.MethodIncidentList, rpc.ListIncidentsParams{Limit: 101}, rpc.CodeBadParams)
	if strings.Contains(h.log.String(), canary) {
		t.Error("the log quotes parameters")
	}
}

func TestFramesThatBreakTheStream(t *testing.T) {
	h := startHub(t)
	for name, c := range map[string]struct {
		raw  []byte
		want rpc.Code
	}{
		"too large": {[]byte{0, 0, 0x41, 0}, rpc.CodeTooLarge}, // 4 MiB + 64 KiB on a little-endian machine
		"empty":     {[]byte{0, 0, 0, 0}, rpc.CodeBadFrame},
	} {
		t.Run(name, func(t *testing.T) {
			p := h.browser()
			p.t = t
			call[rpc.StatusResult](p, rpc.MethodStatus, nothing{})
			if _, err := p.conn.Write(c.raw); err != nil {
				t.Fatal(err)
			}
			p.wantFault(c.want)
			p.closed()
		})
	}
	t.Run("the largest allowed", func(t *testing.T) {
		p := h.browser()
		p.t = t
		head := `{"jsonrpc":"2.0","id":1,"method":"refusal/report","params":{"refusal":{"url":"https://example.org/","method":"GET","status":403,"resourceType":"main_frame","body":"`
		tail := `"}}}`
		p.send([]byte(head + strings.Repeat("x", frame.MaxFromBrowser-len(head)-len(tail)) + tail))
		if r := p.receive(); r.Error != nil {
			t.Errorf("%+v", r.Error)
		}
	})
}

// withMethod starts a hub with one more method, on which a test's own code runs.
func withMethod(t *testing.T, fn func() (any, error)) *hub {
	return startHub(t, func(h *hub, _ *config) {
		h.extra = map[string]handler{"test": func(context.Context, *conn, json.RawMessage) (any, error) { return fn() }}
	})
}

func TestAReplyThatBrowsersWouldRefuseIsAnError(t *testing.T) {
	size := frame.MaxToBrowser
	p := withMethod(t, func() (any, error) { return strings.Repeat("x", size), nil }).browser()
	p.refused("test", nothing{}, rpc.CodeTooLarge)
	call[rpc.StatusResult](p, rpc.MethodStatus, nothing{})
}

// A request that panics ends in a reply and takes nothing else along.
func TestAPanicIsAnInternalError(t *testing.T) {
	const canary = "correct horse"
	for name, fn := range map[string]func() (any, error){
		"a value":                         func() (any, error) { panic(canary) },
		"an error":                        func() (any, error) { panic(errors.New(canary)) },
		"a runtime error":                 func() (any, error) { return []int{}[len(os.Args)], nil },
		"a result that cannot be written": func() (any, error) { return make(chan int), nil },
		"an unexpected error":             func() (any, error) { return nil, io.ErrClosedPipe },
	} {
		t.Run(name, func(t *testing.T) {
			h := withMethod(t, fn)
			p := h.browser()
			_, fault := p.ask("test", nothing{})
			if fault == nil || fault.Code != rpc.CodeInternal || strings.Contains(fault.Error(), "goroutine") {
				t.Errorf("%+v", fault)
			}
			call[rpc.StatusResult](p, rpc.MethodStatus, nothing{})
			if strings.Contains(h.log.String(), canary) {
				t.Error("the log holds the value of the panic")
			}
		})
	}
}

func TestThirtyTwoAtOnceAndNoMore(t *testing.T) {
	release := make(chan struct{})
	h := withMethod(t, func() (any, error) { <-release; return nothing{}, nil })
	p := h.browser()
	for i := range maxAtOnce + 1 {
		p.sendJSON(map[string]any{"jsonrpc": "2.0", "id": i, "method": "test"})
	}
	r := p.receive()
	if r.Error == nil || r.Error.Data.Code != rpc.CodeBusy || string(r.ID) != strconv.Itoa(maxAtOnce) {
		t.Fatalf("%s %+v", r.ID, r.Error)
	}
	// Another connection has slots of its own.
	call[rpc.StatusResult](h.browser(), rpc.MethodStatus, nothing{})
	close(release)
	for range maxAtOnce {
		if r := p.receive(); r.Error != nil {
			t.Fatalf("%s %+v", r.ID, r.Error)
		}
	}
	call[rpc.StatusResult](p, rpc.MethodStatus, nothing{})
}

// A peer that stops reading is let go; another is answered meanwhile.
func TestAStuckReaderBlocksNobody(t *testing.T) {
	h := startHub(t)
	stuck, other := h.browser(), h.browser()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		request := []byte(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocol":1}}`)
		for frame.Write(stuck.conn, request) == nil {
		}
	}()
	for range 50 {
		call[rpc.StatusResult](other, rpc.MethodStatus, nothing{})
	}
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		t.Error("the stuck connection is still open")
	}
	call[rpc.StatusResult](other, rpc.MethodStatus, nothing{})
}

// Threat 10: a flood of refusals costs memory that is bounded.
func TestAFloodKeepsMemoryFlat(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	report := h.basicRefusal("/")
	report.Refusal.Body = strings.Repeat("<p>no</p>", 900)
	flood := func(n int) uint64 {
		for i := range n {
			report.Refusal.URL = site + "/flood/" + incidentName(i)
			call[rpc.ViewResult](p, rpc.MethodRefusalReport, report)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := flood(300)
	after := flood(600)
	if after > before+before/2 {
		t.Errorf("%d bytes after 300 refusals, %d after 900", before, after)
	}
	if n := len(h.server.book.entries); n > maxEntries {
		t.Errorf("%d entries", n)
	}
}

func incidentName(i int) string {
	id, _ := incident.NewID(time.UnixMilli(int64(i)), strings.NewReader("01234567"))
	return id[:10]
}
