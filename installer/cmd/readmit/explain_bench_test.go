//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What explain must keep to; jq reads the same file for comparison.
const (
	benchRatio = 4        // times less CPU than jq
	benchPeak  = 32 << 10 // KiB of resident memory
)

// jqProgram counts what explain explains.
const jqProgram = "[.log.entries[] | select(.response.status==401 or .response.status==403)] | length"

// builtReadmit builds the program as make does.
func builtReadmit(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "readmit")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return program
}

// cost is what a finished program took.
type cost struct {
	cpu  time.Duration
	peak int // KiB
}

func costOf(b *testing.B, cmd *exec.Cmd, wantCode int) cost {
	b.Helper()
	var errOut strings.Builder
	cmd.Stderr = &errOut
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	// What wait4 reports would include this test program, from which the other
	// was forked, so the largest resident size is looked at until the end.
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	peak := 0
	for look := time.NewTicker(2 * time.Millisecond); ; {
		select {
		case err := <-done:
			look.Stop()
			if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != wantCode {
				b.Fatalf("%s: %v\n%s", cmd.Path, err, &errOut)
			}
			return cost{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak}
		case <-look.C:
			peak = max(peak, residentPeak(cmd.Process.Pid))
		}
	}
}

// residentPeak is the largest resident size of a running program in KiB, 0 for
// one that has ended or is still this test program.
func residentPeak(pid int) int {
	proc := fmt.Sprintf("/proc/%d/", pid)
	if program, err := os.Readlink(proc + "exe"); err != nil || strings.HasSuffix(program, ".test") {
		return 0
	}
	status, err := os.ReadFile(proc + "status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	size := 0
	_, _ = fmt.Sscan(rest, &size)
	return size
}

// writeRecording writes what Chromium saves of a long visit: entries of which
// one in 50 is a refusal, with texts of 3 to 60 KiB.
func writeRecording(w io.Writer, entries int) error {
	out := bufio.NewWriter(w)
	pairs := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("{\n            \"name\": \"x-header-%d\",\n            \"value\": \"%s\"\n          }", i, strings.Repeat("v", 40)))
		}
		return strings.Join(list, ",\n          ")
	}
	headers := pairs(18)
	frames := strings.Repeat(`{"functionName":"render","scriptId":"12","url":"https://intranet.example/assets/app.js","lineNumber":1,"columnNumber":17},`, 8)
	row := "<div class=\"row\">\n\t<p>The quarterly report of the department, with a table and a link to <a href=\"/reports/2026?x=1\">the numbers</a>.</p>\n</div>\n"
	_, _ = fmt.Fprint(out, `{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[`)
	for i := range entries {
		status, separator := 200, ","
		if i%50 == 7 {
			status = 403
		}
		if i == 0 {
			separator = ""
		}
		text, err := json.Marshal(strings.Repeat(row, 20+i*7%400))
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, `%s
      {"_initiator":{"type":"script","stack":{"callFrames":[%s{}]}},"_priority":"High","_resourceType":"xhr","cache":{},"connection":"443",
       "request":{"method":"GET","url":"https://intranet.example/api/items/%d?page=2","httpVersion":"http/2.0","headers":[{"name":":authority","value":"intranet.example"},%s],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},
       "response":{"status":%d,"statusText":"","httpVersion":"http/2.0","headers":[%s],"cookies":[],"content":{"size":1,"mimeType":"text/html","text":%s},"redirectURL":"","headersSize":-1,"bodySize":-1},
       "serverIPAddress":"192.0.2.1","startedDateTime":"2026-11-24T09:15:00.000Z","time":12.5,"timings":{"send":0,"wait":10,"receive":1}}`,
			separator, frames, i, headers, status, headers, text)
	}
	_, _ = fmt.Fprint(out, "]}}\n")
	return out.Flush()
}

// BenchmarkExplain reads a HAR file of 100 MB beside jq, which reads the same.
func BenchmarkExplain(b *testing.B) {
	jq, err := exec.LookPath("jq")
	if err != nil {
		b.Fatal("jq is what explain is compared with: apt-get install jq")
	}
	readmit := builtReadmit(b)
	name := filepath.Join(b.TempDir(), "visit.har")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	if err := writeRecording(f, 2400); err != nil {
		b.Fatal(err)
	}
	size, _ := f.Seek(0, io.SeekCurrent)
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	var ours, theirs []time.Duration
	var peak, jqPeak int
	for b.Loop() {
		mine := costOf(b, exec.Command(readmit, "explain", "--json", name), exitDone)
		other := costOf(b, exec.Command(jq, jqProgram, name), 0)
		ours, theirs = append(ours, mine.cpu), append(theirs, other.cpu)
		peak, jqPeak = max(peak, mine.peak), max(jqPeak, other.peak)
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	mine, other := ours[len(ours)/2], theirs[len(theirs)/2]
	ratio := float64(other) / float64(mine)
	b.ReportMetric(0, "ns/op") // the sum of both says nothing
	b.ReportMetric(ratio, "jq/readmit-cpu")
	b.ReportMetric(float64(mine.Milliseconds()), "readmit-cpu-ms")
	b.ReportMetric(float64(other.Milliseconds()), "jq-cpu-ms")
	b.ReportMetric(float64(peak)/1024, "readmit-peak-MiB")
	b.ReportMetric(float64(jqPeak)/1024, "jq-peak-MiB")
	b.ReportMetric(float64(size)/1e6, "MB")
	if ratio < benchRatio || peak > benchPeak {
		b.Errorf("%.1f times less CPU than jq at %d KiB, want %d times and %d KiB", ratio, peak, benchRatio, benchPeak)
	}
}

// BenchmarkExplainPeakMemory reads bodies of 500 MB from a pipe.
func BenchmarkExplainPeakMemory(b *testing.B) {
	readmit := builtReadmit(b)
	const before = `{"log":{"entries":[{"request":{"url":"https://h.example/a"},"response":{"status":%d,"content":{"mimeType":"text/html","text":"`
	for _, input := range []struct {
		name, before, row, after string
		code                     int
	}{
		{"refused", fmt.Sprintf(before, 403), `<p class=\"x\">words</p>\n`, `"}}}]}}`, exitDone},
		{"opened", fmt.Sprintf(before, 200), `<p class=\"x\">words</p>\n`, `"}}}]}}`, exitNothing},
		{"transcript", "HTTP/1.1 403 Forbidden\r\nServer: nginx\r\n\r\n", "<p>words without a line break</p> ", "", exitDone},
	} {
		b.Run(input.name, func(b *testing.B) {
			var peak int
			for b.Loop() {
				cmd := exec.Command(readmit, "explain", "--json")
				cmd.Stdin = io.MultiReader(strings.NewReader(input.before), io.LimitReader(&repeated{row: input.row}, 500e6/int64(len(input.row))*int64(len(input.row))), strings.NewReader(input.after))
				peak = max(peak, costOf(b, cmd, input.code).peak)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(peak)/1024, "peak-MiB")
			if peak > benchPeak {
				b.Errorf("%d KiB, want %d", peak, benchPeak)
			}
		})
	}
}

// repeated is one text without end.
type repeated struct {
	row string
	at  int
}

func (r *repeated) Read(p []byte) (int, error) {
	for n := range p {
		p[n] = r.row[r.at]
		r.at = (r.at + 1) % len(r.row)
	}
	return len(p), nil
}
