//go:build linux

package nativehost_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/frame"
)

var nativeEndian = binary.NativeEndian

func TestTheAgentLearnsWhoCallsFirst(t *testing.T) {
	for _, test := range []struct {
		name, engine, id string
		args             []string
	}{
		{"Chromium", "chromium", about.ChromiumExtensionIDs[0], chromium()},
		{"Chromium on Windows", "chromium", about.ChromiumExtensionIDs[0], append(chromium(), "--parent-window=0")},
		{"Firefox", "firefox", about.FirefoxExtensionID, firefox()},
	} {
		t.Run(test.name, func(t *testing.T) {
			dirs, env := home(t)
			a := listen(t, dirs)
			h := start(t, filepath.Join(built, about.HostProgram), env, test.args...)
			h.send(`{"jsonrpc":"2.0","method":"caller","params":{"engine":"cli"}}`)
			conn, preamble := a.accept()
			want := map[string]any{
				"jsonrpc": "2.0", "method": "caller",
				"params": map[string]any{
					"engine": test.engine, "extensionId": test.id,
					"browserPid": float64(os.Getpid()), "hostVersion": about.Version,
				},
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(preamble), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("preamble (-want +got):\n%s", diff)
			}
			if second, err := frame.Read(conn, 1024); err != nil || !strings.Contains(string(second), "cli") {
				t.Errorf("the browser's frame came as %q, %v", second, err)
			}
		})
	}
}

func TestOtherCallersAreRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
	}{
		{"nobody", nil},
		{"another Chromium extension", []string{"chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"}},
		{"an id that only begins like ours", []string{strings.TrimSuffix(chromium()[0], "/") + "x/"}},
		{"our id under another scheme", []string{strings.Replace(chromium()[0], "chrome-extension", "moz-extension", 1)}},
		{"another Firefox extension", []string{firefox()[0], "other@example.org"}},
		{"a Firefox call without a manifest", []string{"relative.json", about.FirefoxExtensionID}},
		{"the id in the wrong place", []string{about.FirefoxExtensionID}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dirs, env := home(t)
			a := listen(t, dirs)
			h := start(t, filepath.Join(built, about.HostProgram), env, test.args...)
			if got := h.failure(); got.Code != "caller_refused" {
				t.Errorf("got %+v", got)
			}
			if code := h.exit(); code != 1 {
				t.Errorf("exit code %d", code)
			}
			_ = a.l.Close()
			if conn, err := a.l.Accept(); err == nil {
				_ = conn.Close()
				t.Error("the host connected to the agent")
			}
		})
	}
}

func TestFramesPassUnchanged(t *testing.T) {
	h, conn := session(t)
	for _, test := range []struct{ name, payload string }{
		{"not JSON", "\x00\xff not JSON"},
		{"non-ASCII", `{"text":"Grüße, 網站"}`},
		{"one byte", "{"},
		{"64 KiB and one", strings.Repeat("x", 64<<10+1)},
		{"the most towards the browser", strings.Repeat("y", frame.MaxToBrowser)},
	} {
		go func() {
			payload, err := frame.Read(conn, frame.MaxFromBrowser)
			if err == nil {
				err = frame.Write(conn, payload)
			}
			if err != nil {
				t.Errorf("%s: the agent's side: %v", test.name, err)
				_ = conn.Close()
			}
		}()
		h.send(test.payload)
		if got := h.receive(); got != test.payload {
			t.Errorf("%s: changed on the way (%d bytes)", test.name, len(got))
		}
	}
	received := make(chan error, 1)
	go func() {
		payload, err := frame.Read(conn, frame.MaxFromBrowser)
		if err == nil && len(payload) != frame.MaxFromBrowser {
			err = fmt.Errorf("%d bytes arrived", len(payload))
		}
		received <- err
	}()
	h.send(strings.Repeat("z", frame.MaxFromBrowser))
	if err := <-received; err != nil {
		t.Errorf("the most from the browser: %v", err)
	}
}

func TestTornFramesArriveWhole(t *testing.T) {
	h, conn := session(t)
	two := string(raw(5, "first")) + string(raw(6, "second"))
	for name, send := range map[string]func(w io.Writer) error{
		"two in one write": func(w io.Writer) error { _, err := io.WriteString(w, two); return err },
		"byte by byte": func(w io.Writer) error {
			_, err := io.Copy(struct{ io.Writer }{w}, iotest.OneByteReader(strings.NewReader(two)))
			return err
		},
	} {
		if err := send(h.in); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"first", "second"} {
			if got, err := frame.Read(conn, 100); err != nil || string(got) != want {
				t.Errorf("%s towards the agent: %q, %v", name, got, err)
			}
		}
		if err := send(conn); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"first", "second"} {
			if got := h.receive(); got != want {
				t.Errorf("%s towards the browser: %q", name, got)
			}
		}
	}
}

func TestBrokenFramesEndInAnError(t *testing.T) {
	for _, test := range []struct {
		name      string
		fromAgent bool
		bytes     []byte
		then      func(*host, io.Closer) // what happens after the bytes
		code      string
		names     string // what the message must name
	}{
		{name: "an empty frame from the browser", bytes: raw(0, ""), code: "bad_frame"},
		{name: "a frame from the browser that is too large", bytes: raw(frame.MaxFromBrowser+1, "{"), code: "too_large", names: "4194305"},
		{name: "the largest claim a browser can make", bytes: raw(0xFFFFFFFF, ""), code: "too_large", names: "4294967295"},
		{name: "a frame that breaks off", bytes: raw(10, "123"), then: func(h *host, _ io.Closer) { _ = h.in.Close() }, code: "bad_frame"},
		{name: "a header that breaks off", bytes: raw(10, "")[:3], then: func(h *host, _ io.Closer) { _ = h.in.Close() }, code: "bad_frame"},
		{name: "an empty frame from the agent", fromAgent: true, bytes: raw(0, ""), code: "bad_frame"},
		{name: "a frame from the agent that is too large", fromAgent: true, bytes: raw(frame.MaxToBrowser+1, "{"), code: "too_large", names: "1048577"},
		{name: "an agent that ends between frames", fromAgent: true, then: func(_ *host, c io.Closer) { _ = c.Close() }, code: "agent_unavailable"},
		{name: "an agent that dies inside a frame", fromAgent: true, bytes: raw(10, "123"), then: func(_ *host, c io.Closer) { _ = c.Close() }, code: "agent_unavailable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, conn := session(t)
			to := io.Writer(h.in)
			if test.fromAgent {
				to = conn
			}
			if _, err := to.Write(test.bytes); err != nil {
				t.Fatal(err)
			}
			if test.then != nil {
				test.then(h, conn)
			}
			got := h.failure()
			if got.Code != test.code || !strings.Contains(got.Message, test.names) {
				t.Errorf("got %+v", got)
			}
			if code := h.exit(); code != 1 {
				t.Errorf("exit code %d", code)
			}
			if !test.fromAgent {
				if _, err := frame.Read(conn, 100); err != io.EOF {
					t.Errorf("the agent got a part of it: %v", err)
				}
			}
		})
	}
}

func TestTheAgentsLastWordsArrive(t *testing.T) {
	h, conn := session(t)
	const words = `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no","data":{"code":"caller_refused"}}}`
	if err := frame.Write(conn, []byte(words)); err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	// The host's next write to the agent fails, perhaps before it read the words.
	_ = frame.Write(h.in, []byte("{}"))
	if got := h.receive(); got != words {
		t.Errorf("got %s", got)
	}
	if got := h.failure(); got.Code != "agent_unavailable" || !got.Retryable {
		t.Errorf("got %+v", got)
	}
}

func TestTheBrowsersEndEndsTheHost(t *testing.T) {
	t.Run("while nothing happens", func(t *testing.T) {
		h, conn := session(t)
		_ = h.in.Close()
		if code := h.exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		if _, err := frame.Read(conn, 100); err != io.EOF {
			t.Errorf("the socket ended with %v", err)
		}
	})
	t.Run("while a request is unanswered", func(t *testing.T) {
		h, conn := session(t)
		h.send("{}")
		if _, err := frame.Read(conn, 100); err != nil {
			t.Fatal(err)
		}
		_ = h.in.Close()
		if code := h.exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
	t.Run("while the agent reads nothing", func(t *testing.T) {
		h, _ := session(t)
		fill(t, h.in)
		_ = h.in.Close()
		if code := h.exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
	t.Run("while the browser reads nothing", func(t *testing.T) {
		h, conn := session(t)
		fill(t, conn.(file))
		_ = h.in.Close()
		if code := h.exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

func TestABrowserThatReadsNothingDoesNotKeepAFailedHost(t *testing.T) {
	h, conn := session(t)
	fill(t, conn.(file))
	if _, err := h.in.Write(raw(0, "")); err != nil {
		t.Fatal(err)
	}
	if code := h.exit(); code != 1 {
		t.Errorf("exit code %d", code)
	}
}

type file interface {
	io.Writer
	SetWriteDeadline(time.Time) error
}

// fill writes frames until whatever lies behind takes no more.
func fill(t *testing.T, w file) {
	t.Helper()
	payload := raw(60<<10, strings.Repeat("x", 60<<10))
	for range 1000 {
		// A reader that is merely slow takes 60 KiB within this time.
		if err := w.SetWriteDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(payload); errors.Is(err, os.ErrDeadlineExceeded) {
			if err := w.SetWriteDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("nothing ever filled up")
}

func TestImports(t *testing.T) {
	const module = "github.com/readmit/readmit/"
	allowed := map[string]bool{
		module + "nativehost": true, module + "nativehost/cmd/readmit-host": true,
		module + "agent/about": true, module + "agent/frame": true, module + "agent/ipc": true,
		module + "agent/launch": true, module + "agent/paths": true,
	}
	forbidden := map[string]string{
		"crypto/tls": "a thin host starts no TLS stack",
		"net/http":   "a thin host speaks no HTTP",
		"os/exec":    "the only program it starts is the agent, by its full path",
	}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{.Standard}}", "./cmd/readmit-host").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		name, standard, _ := strings.Cut(strings.TrimSpace(line), " ")
		if why, bad := forbidden[name]; bad {
			t.Errorf("%s is linked: %s", name, why)
		}
		if standard != "true" && !allowed[name] && !strings.HasPrefix(name, "golang.org/x/sys/") {
			t.Errorf("%s is linked: the host is standard library, x/sys and five rooms of the agent", name)
		}
	}
}
