package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/client"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
)

// Variables by which a script moves what the real command finds by itself.
const (
	testBin      = "TEST_BIN"      // folder of the programs
	testRoot     = "TEST_ROOT"     // before /etc and /usr
	testTemp     = "TEST_TEMP"     // the temporary folder
	testBrowsers = "TEST_BROWSERS" // executables found in PATH
	testNow      = "TEST_NOW"      // what the clock says
	testUID      = "TEST_UID"      // who runs it
	testClosed   = "TEST_CLOSED"   // set: others cannot start the programs
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"readmit":    func() { os.Exit(scriptMain()) },
		"fake-agent": func() { os.Exit(fakeAgent(os.Args[1])) },
		"fake-host":  func() { os.Exit(fakeHost(os.Args[1])) },
	})
}

// scriptMain is Main on the computer that the script describes.
func scriptMain() int {
	c := thisComputer()
	c.bin = os.Getenv(testBin)
	c.temporary = []string{os.Getenv(testTemp)}
	c.machine.Base.Root = os.Getenv(testRoot)
	c.machine.LookPath = func(name string) (string, error) {
		for _, found := range strings.Fields(os.Getenv(testBrowsers)) {
			if found == name {
				return "/usr/bin/" + name, nil
			}
		}
		return "", exec.ErrNotFound
	}
	if now := os.Getenv(testNow); now != "" {
		c.now = func() time.Time {
			at, _ := time.Parse(time.DateOnly, now)
			return at
		}
	}
	if uid, err := strconv.Atoi(os.Getenv(testUID)); err == nil {
		c.uid = uid
	}
	if os.Getenv(testClosed) == "" { // a test's folders are always closed
		c.forEverybody = func(string) error { return nil }
	}
	c.dial = dialer(c.dirs, c.agent())
	return run(os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}, c)
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			work := env.WorkDir
			for name, value := range map[string]string{
				"HOME": filepath.Join(work, "home"), "XDG_RUNTIME_DIR": filepath.Join(work, "run"),
				testBin: filepath.Join(work, "bin"), testRoot: filepath.Join(work, "root"),
				testTemp: filepath.Join(work, "tmp"),
			} {
				env.Setenv(name, value)
				if err := os.MkdirAll(value, 0o700); err != nil {
					return err
				}
			}
			env.Defer(func() { stopAgent(t, env) })
			return plantPrograms(filepath.Join(work, "bin"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"snapshot": snapshot,
			"json":     checkJSON,
			"agent":    plantAgent,
		},
	})
}

// plantPrograms writes stand-ins. The host says the version in host.txt beside
// it; the agent's answers to status are those in agent.json.
func plantPrograms(bin string) error {
	agent, err := exec.LookPath("fake-agent")
	if err != nil {
		return err
	}
	host, err := exec.LookPath("fake-host")
	if err != nil {
		return err
	}
	status, err := json.Marshal(rpc.StatusResult{
		Version: about.Version, Protocol: about.Protocol, Keyring: "ok", Vault: "keyring", Journal: "ok",
	})
	if err != nil {
		return err
	}
	for name, content := range map[string]string{
		about.HostProgram:  fmt.Sprintf("#!/bin/sh\nexec %q %q\n", host, filepath.Join(bin, "host.txt")),
		about.AgentProgram: fmt.Sprintf("#!/bin/sh\nexec %q %q\n", agent, filepath.Join(bin, "agent.json")),
		"host.txt":         about.Version,
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(content), 0o700); err != nil { //nolint:gosec // a program
			return err
		}
	}
	return os.WriteFile(filepath.Join(bin, "agent.json"), status, 0o600)
}

// plantAgent replaces the stand-in by the real agent:
//
//	agent
func plantAgent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: agent")
	}
	program := filepath.Join(ts.Getenv(testBin), about.AgentProgram)
	ts.Check(os.Remove(program))
	build := exec.Command("go", "build", "-o", program, "../../../agent/cmd/readmit-agent")
	if out, err := build.CombinedOutput(); err != nil {
		ts.Fatalf("building the agent: %v\n%s", err, out)
	}
}

// fakeHost introduces itself to the agent and ends with its input.
func fakeHost(version string) int {
	said, err := os.ReadFile(version) //nolint:gosec // the script's own file
	if err != nil {
		return complain(os.Stderr, err)
	}
	dirs, err := paths.Current()
	if err != nil {
		return complain(os.Stderr, err)
	}
	conn, err := ipc.Dial(context.Background(), dirs)
	if err != nil {
		return complain(os.Stderr, err)
	}
	c, err := client.New(conn, rpc.Caller{Engine: "chromium", HostVersion: strings.TrimSpace(string(said))})
	if err != nil {
		return complain(os.Stderr, err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = c.Close()
	return exitDone
}

// fakeAgent listens where the agent does and answers status and agent/stop. It
// ends by itself after a minute, so that no test leaves it behind.
func fakeAgent(answer string) int {
	dirs, err := paths.Current()
	if err != nil {
		return complain(os.Stderr, err)
	}
	listener, err := ipc.Listen(dirs)
	if err != nil {
		return complain(os.Stderr, err)
	}
	defer func() { _ = listener.Close() }()
	time.AfterFunc(time.Minute, func() { _ = listener.Close() })
	for {
		conn, err := listener.Accept()
		if err != nil {
			return exitDone
		}
		for {
			payload, err := frame.Read(conn, frame.MaxFromBrowser)
			if err != nil {
				break
			}
			var request rpc.Request
			if err := json.Unmarshal(payload, &request); err != nil || request.ID == nil {
				continue
			}
			result := json.RawMessage("{}")
			if request.Method == rpc.MethodStatus {
				if result, err = os.ReadFile(answer); err != nil { //nolint:gosec // the script's own file
					return complain(os.Stderr, err)
				}
			}
			reply, err := json.Marshal(rpc.Response{JSONRPC: "2.0", ID: request.ID, Result: result})
			if err != nil || frame.Write(conn, reply) != nil {
				break
			}
			if request.Method == rpc.MethodAgentStop {
				return exitDone
			}
		}
		_ = conn.Close()
	}
}

// stopAgent ends the agent that a script's commands started.
func stopAgent(t *testing.T, env *testscript.Env) {
	dirs, err := paths.For(env.Getenv, env.Getenv("HOME"), os.Getuid())
	if err != nil {
		t.Error(err)
		return
	}
	c := computer{dirs: dirs, dial: dialer(dirs, "")}
	ctx, cancel := context.WithTimeout(context.Background(), agentLimit)
	defer cancel()
	_ = c.stop(ctx) // a script that made the folders unsafe cannot have started one
}

// snapshot writes into a file what stands beneath the home folder:
//
//	snapshot before
func snapshot(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: snapshot file")
	}
	home := ts.Getenv("HOME")
	var list strings.Builder
	err := filepath.Walk(home, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		content := ""
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path) //nolint:gosec // beneath the script's home
			if err != nil {
				return err
			}
			content = string(data)
		}
		_, err = fmt.Fprintf(&list, "%s %s %q\n", info.Mode(), strings.TrimPrefix(path, home), content)
		return err
	})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(list.String()), 0o600))
}

// checkJSON compares values of the last command's stdout, or of a file, by path:
//
//	json stdout checks/manifest.firefox/state ok
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: [!] json stdout|file path value")
	}
	var value any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &value))
	for _, step := range strings.Split(args[1], "/") {
		switch at := value.(type) {
		case map[string]any:
			value = at[step]
		case []any:
			var found any
			for i, item := range at {
				// A list is entered by number or by the id of an element.
				if object, ok := item.(map[string]any); fmt.Sprint(i) == step || ok && object["id"] == step {
					found = item
				}
			}
			value = found
		default:
			value = nil
		}
	}
	if got := fmt.Sprint(value); (got == args[2]) == neg {
		ts.Fatalf("%s is %s, compared with %s", args[1], got, args[2])
	}
}
