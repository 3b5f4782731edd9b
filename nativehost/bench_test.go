//go:build linux

package nativehost_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
)

// The benchmarks compare the host with testdata/relay, both before the same
// echo. Rounds are interleaved and the median decides, so that what else the
// machine does meets both alike; only the ratio means anything.

// rival is one of the two programs under comparison.
type rival struct {
	program string
	env     []string
	args    []string
	// preamble is how many frames come back before the first answer: the echo
	// returns the host's preamble too.
	preamble int
}

func rivals(b *testing.B) (host, relay rival, dirs paths.Dirs) {
	b.Helper()
	dirs, env := home(b)
	if err := paths.Private(dirs.Runtime); err != nil {
		b.Fatal(err)
	}
	relay = rival{program: filepath.Join(built, "relay"), env: env, args: []string{dirs.Socket()}}
	host = rival{program: filepath.Join(built, about.HostProgram), env: env, args: chromium(), preamble: 1}
	echo := exec.Command(relay.program, "-echo", dirs.Socket())
	echo.Stderr = os.Stderr
	if err := echo.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = echo.Process.Kill()
		_ = echo.Wait()
	})
	awaitListener(b, dirs)
	return host, relay, dirs
}

// awaitListener waits until a program that was started takes connections.
func awaitListener(b *testing.B, dirs paths.Dirs) {
	b.Helper()
	for begun := time.Now(); ; time.Sleep(time.Millisecond) {
		conn, err := ipc.Dial(b.Context(), dirs)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Since(begun) > patience {
			b.Fatal(err)
		}
	}
}

// open starts the program and has one message echoed.
func (r rival) open(b *testing.B, message string) *host {
	h := start(b, r.program, r.env, r.args...)
	h.send(message)
	for range r.preamble {
		h.receive()
	}
	h.receive()
	return h
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// compare measures both in turn, the order swapped each time, and reports the
// ratio of their medians.
func compare(b *testing.B, host, relay func() time.Duration) {
	b.Helper()
	var first, second []time.Duration
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			first, second = append(first, host()), append(second, relay())
		} else {
			second, first = append(second, relay()), append(first, host())
		}
	}
	hostMedian, relayMedian := median(first), median(second)
	b.ReportMetric(0, "ns/op") // the sum of both says nothing
	b.ReportMetric(float64(hostMedian)/float64(relayMedian), "host/relay")
	b.ReportMetric(float64(hostMedian.Microseconds()), "host-µs")
	b.ReportMetric(float64(relayMedian.Microseconds()), "relay-µs")
}

// BenchmarkSpawnToFirstReply starts a program, sends one message and waits for
// the answer. The ratio must stay below 1.2.
func BenchmarkSpawnToFirstReply(b *testing.B) {
	host, relay, _ := rivals(b)
	once := func(r rival) func() time.Duration {
		return func() time.Duration {
			begun := time.Now()
			h := r.open(b, "{}")
			took := time.Since(begun)
			_ = h.in.Close()
			h.exit()
			_ = h.out.Close()
			return took
		}
	}
	compare(b, once(host), once(relay))
}

// BenchmarkRoundTrip sends 5 KiB through a running program and back. The host
// alone should cost nothing that can be noticed beside the relay.
func BenchmarkRoundTrip(b *testing.B) {
	host, relay, _ := rivals(b)
	message := strings.Repeat("x", 5<<10)
	running := func(r rival) func() time.Duration {
		h := r.open(b, message)
		return func() time.Duration {
			const each = 20
			begun := time.Now()
			for range each {
				h.send(message)
				h.receive()
			}
			return time.Since(begun) / each
		}
	}
	compare(b, running(host), running(relay))
}

// BenchmarkExit measures from the end of the input to the end of the program.
func BenchmarkExit(b *testing.B) {
	host, relay, _ := rivals(b)
	once := func(r rival) func() time.Duration {
		return func() time.Duration {
			h := r.open(b, "{}")
			begun := time.Now()
			_ = h.in.Close()
			h.exit()
			took := time.Since(begun)
			_ = h.out.Close()
			return took
		}
	}
	compare(b, once(host), once(relay))
}

// BenchmarkPeakMemory reports the host's largest resident size after messages
// of 5 KiB and, apart, after one of the largest that it may carry.
func BenchmarkPeakMemory(b *testing.B) {
	host, _, _ := rivals(b)
	for _, size := range []int{5 << 10, 1 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			message := strings.Repeat("x", size)
			var peak int
			for b.Loop() {
				h := host.open(b, "{}")
				for range 20 {
					go h.send(message)
					h.receive()
				}
				peak = max(peak, memoryOf(b, h.cmd.Process.Pid, "VmHWM:"))
				_ = h.in.Close()
				h.exit()
				_ = h.out.Close()
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(peak)/1024, "peak-MiB")
		})
	}
}

// memoryOf reads a size of a process in KiB, such as VmHWM, the largest
// resident one. (What wait4 reports would include this test program, from which
// the host was forked.)
func memoryOf(b *testing.B, pid int, field string) int {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	var size int
	_, rest, _ := strings.Cut(string(status), field)
	if _, err := fmt.Sscan(rest, &size); err != nil {
		b.Fatal(err)
	}
	return size
}
