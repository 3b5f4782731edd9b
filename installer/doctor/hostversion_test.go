package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
)

// playHost, when set, turns the test program into a native host that says this
// to the agent.
const playHost = "TEST_PLAY_HOST"

func TestMain(m *testing.M) {
	if says := os.Getenv(playHost); says != "" {
		os.Exit(host(says))
	}
	os.Exit(m.Run())
}

func host(says string) int {
	dirs, err := paths.Current()
	if err != nil {
		return 1
	}
	conn, err := ipc.Dial(context.Background(), dirs)
	if err != nil || frame.Write(conn, []byte(says)) != nil {
		return 1
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

func TestTheHostIntroducesItself(t *testing.T) {
	preamble := func(method, version string) string {
		says, err := json.Marshal(map[string]any{
			"jsonrpc": "2.0", "method": method, "params": rpc.Caller{Engine: "chromium", HostVersion: version},
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(says)
	}
	for _, tc := range []struct{ name, script, says, want string }{
		{"a host of another version", `exec "$TEST_SELF"`, preamble(rpc.NotifyCaller, "1.2.3"), "1.2.3"},
		{"a host that is started by its extension", `[ "$#,$1" = 1,chrome-extension://eclddaiioddfjgccgpfmdlmdfffpdidm/ ] && exec "$TEST_SELF"`,
			preamble(rpc.NotifyCaller, "1.2.3"), "1.2.3"},
		{"a host that starts with something else", `exec "$TEST_SELF"`, preamble(rpc.MethodStatus, "1.2.3"), ""},
		{"a host that says no JSON", `exec "$TEST_SELF"`, "hello", ""},
		{"a host that ends at once", `exit 0`, "-", ""},
		{"a host that waits for its input", "exec cat", "-", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("TEST_SELF", self)
			t.Setenv(playHost, tc.says)
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			program := filepath.Join(t.TempDir(), "readmit-host")
			write(t, program, fmt.Sprintf("#!/bin/sh\n%s\n", tc.script), 0o700)
			ctx := t.Context()
			if tc.script == "exec cat" { // the one that only time ends
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 200*time.Millisecond)
				defer cancel()
			}
			got, err := HostVersion(ctx, program)
			if got != tc.want || (err == nil) != (tc.want != "") {
				t.Errorf("HostVersion = %q, %v, want %q", got, err, tc.want)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("left in the temporary folder: %v, %v", left, err)
			}
		})
	}
}
