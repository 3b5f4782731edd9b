//go:build linux

package nativehost_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/about"
)

// startAgent builds and starts the real agent with folders of its own.
func startAgent(b *testing.B) (env []string, pid int) {
	b.Helper()
	program := filepath.Join(b.TempDir(), about.AgentProgram)
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "../agent/cmd/readmit-agent")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	dirs, env := home(b)
	agent := exec.Command(program, "--foreground")
	agent.Env, agent.Stderr = env, os.Stderr
	if err := agent.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = agent.Process.Kill()
		_ = agent.Wait()
	})
	awaitListener(b, dirs)
	return env, agent.Process.Pid
}

// report is refusal/report of a page with about 5 KiB in all.
func report(id int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"refusal/report","params":{"refusal":{"url":"https://site.example/page/%d",`+
		`"method":"GET","status":403,"resourceType":"main_frame","time":%q,"title":"403 Forbidden","body":%q,`+
		`"responseHeaders":[{"name":"server","value":"nginx"},{"name":"content-type","value":"text/html"}],`+
		`"request":{"cookies":"yes","topFrame":true}}}}`,
		id, id, time.Now().UTC().Format(time.RFC3339), "<h1>403 Forbidden</h1>"+strings.Repeat("<p>Nothing to see on this page.</p>", 130))
}

// converse starts a host before the agent and introduces it.
func converse(b *testing.B, env []string) *host {
	b.Helper()
	h := start(b, filepath.Join(built, about.HostProgram), env, chromium()...)
	h.send(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"version":"0","protocol":1}}`)
	h.receive()
	return h
}

// BenchmarkReportToDiagnosis sends reports of 5 KiB through the host to the
// real agent and waits for the explanations, beside the relay before an echo.
// The ratio must stay below 3.
func BenchmarkReportToDiagnosis(b *testing.B) {
	env, _ := startAgent(b)
	h := converse(b, env)
	_, relay, _ := rivals(b)
	echoed := relay.open(b, "{}")
	id := 0
	round := func(h *host) func() time.Duration {
		return func() time.Duration {
			const each = 20
			var took time.Duration
			for range each {
				id++
				message := report(id)
				begun := time.Now()
				h.send(message)
				reply := h.receive()
				took += time.Since(begun)
				if strings.Contains(reply, `"error"`) {
					b.Fatal(reply)
				}
			}
			return took / each
		}
	}
	compare(b, round(h), round(echoed))
}

// BenchmarkAgentIdle reports what the agent holds in memory a minute after it
// explained a refusal.
func BenchmarkAgentIdle(b *testing.B) {
	env, pid := startAgent(b)
	h := converse(b, env)
	h.send(report(1))
	h.receive()
	_ = h.in.Close()
	h.exit()
	for b.Loop() {
		time.Sleep(time.Minute)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(memoryOf(b, pid, "VmRSS:"))/1024, "resident-MiB")
}
