package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

// emptyComputer has no browser, no agent and none of readmit's programs.
func emptyComputer(t *testing.T) computer {
	home := t.TempDir()
	dirs, err := paths.For(func(string) string { return "" }, home, os.Getuid())
	if err != nil {
		t.Fatal(err)
	}
	return computer{
		dirs: dirs, bin: filepath.Join(home, "bin"), getenv: func(string) string { return "" }, now: time.Now,
		machine: register.Machine{
			OS: "linux", Base: browser.Base{Home: home, Config: filepath.Join(home, ".config"), Root: home},
			LookPath: func(string) (string, error) { return "", os.ErrNotExist },
		},
		dial: dialer(dirs, filepath.Join(home, "bin", "readmit-agent")),
	}
}

func TestExitCodes(t *testing.T) {
	for _, tc := range []struct {
		args string
		want int
	}{
		{"", exitDone},
		{"version", exitDone},
		{"--version", exitDone},
		{"help", exitDone},
		{"help install", exitDone},
		{"help frobnicate", exitUsage},
		{"install --help", exitDone},
		{"completion zsh", exitDone},
		{"install", exitFailed},
		{"install --all", exitFailed}, // the programs are not there
		{"frobnicate", exitUsage},
		{"--frobnicate", exitUsage},
		{"install firefox", exitUsage},
		{"install --browser", exitUsage},
		{"install --browser netscape", exitUsage},
		{"install --all --browser firefox", exitUsage},
		{"install --dry-run=perhaps", exitUsage},
		{"uninstall --json", exitUsage},
		{"doctor --fix --fix=2", exitUsage},
		{"status --all", exitUsage},
		{"demo --headless --browser firefox", exitUsage},
		{"version version", exitUsage},
		{"credential", exitDone},
		{"credential frobnicate", exitUsage},
		{"credential add", exitUsage},
		{"credential add intranet.example.org", exitUsage},
		{"credential add anna:secret@intranet.example.org --account anna", exitUsage},
		{"credential add ftp://intranet.example.org --account anna", exitUsage},
		{"credential add https:// --account anna", exitUsage},
		{"credential add intranet.example.org --account anna --password secret", exitUsage},
		{"credential add intranet.example.org --account anna", exitFailed}, // there is no terminal
		{"credential list accounts", exitUsage},
		{"credential remove", exitUsage},
		{"credential remove intranet.example.org", exitUsage},
		{"credential remove intranet.example.org --always 0123", exitUsage},
		{"credential remove --always 0123 --account anna", exitUsage},
		{"credential import", exitUsage},
		{"credential import a b", exitUsage},
		{"credential import missing", exitFailed},
		{"credential store keyring", exitUsage},
		{"credential store --file --keyring", exitUsage},
		{"credential store --stdin", exitUsage},
		{"completion", exitUsage},
		{"completion tcsh", exitUsage},
		{"completion bash zsh", exitUsage},
		{"explain a.har b.har", exitUsage},
		{"explain --for nobody", exitUsage},
		{"explain --for", exitUsage},
		{"explain --lang tlh", exitUsage},
		{"explain --url intranet", exitUsage},
		{"explain", exitFailed}, // nothing comes in
		{"explain missing.har", exitFailed},
		{"explain testdata", exitFailed},
		{"explain command_test.go", exitFailed},
		{"explain ../../../agent/capture/testdata/curl/v.txt", exitDone},
		{"explain --json --lang en-GB --for developer ../../../agent/capture/testdata/har/firefox.har", exitDone},
		{"status", exitNothing},
		{"uninstall", exitNothing},
		{"uninstall --purge", exitNothing},
	} {
		t.Run("readmit "+tc.args, func(t *testing.T) {
			var out, errOut bytes.Buffer
			got := run(strings.Fields(tc.args), streams{in: strings.NewReader(""), out: &out, err: &errOut}, emptyComputer(t))
			if got != tc.want {
				t.Errorf("exit code %d, want %d\nstdout: %s\nstderr: %s", got, tc.want, &out, &errOut)
			}
			if tc.want == exitUsage && (out.Len() > 0 || !strings.HasPrefix(errOut.String(), "readmit: ") || !strings.Contains(errOut.String(), "\nhint: ")) {
				t.Errorf("wrong usage needs an error and a hint on stderr alone\nstdout: %s\nstderr: %s", &out, &errOut)
			}
		})
	}
}

func TestEveryHelpEndsWithExitCodesAndTwoExamples(t *testing.T) {
	c := emptyComputer(t)
	var out bytes.Buffer
	s := streams{in: strings.NewReader(""), out: &out, err: &out}
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Hidden {
			return
		}
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			out.Reset()
			args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
			if code := run(args, s, c); code != exitDone {
				t.Fatalf("exit code %d", code)
			}
			_, rest, ok := strings.Cut(out.String(), "\n\n"+exitCodes+"\n\nExamples:\n")
			if !ok {
				t.Fatalf("no exit codes with examples after them:\n%s", &out)
			}
			examples := strings.Split(strings.TrimSuffix(rest, "\n"), "\n")
			if len(examples) < 2 {
				t.Errorf("%d examples, want two", len(examples))
			}
			for _, example := range examples {
				if !strings.HasPrefix(example, "  readmit ") && !strings.Contains(example, " | readmit ") {
					t.Errorf("%q is no example", example)
				}
			}
			for _, line := range strings.Split(out.String(), "\n") {
				if len(line) > 100 {
					t.Errorf("a line of %d characters: %q", len(line), line)
				}
			}
		})
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(s, c))
}

func TestNothingIsSetUpForRootBySudo(t *testing.T) {
	c := emptyComputer(t)
	c.getenv = func(name string) string { return map[string]string{"SUDO_USER": "anna"}[name] }
	var out, errOut bytes.Buffer
	if code := run([]string{"install", "--all"}, streams{out: &out, err: &errOut}, c); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if want := "readmit: this would set readmit up for root, not for anna\nhint: run \"readmit install\" without sudo\n"; errOut.String() != want {
		t.Errorf("stderr:\n%swant:\n%s", &errOut, want)
	}
}

func TestTerminalControlsAreNotPrinted(t *testing.T) {
	var out bytes.Buffer
	line(&out, "fail", "Chromium", "points to \x1b]0;title\x07 \u202egone\nok    Agent: fine", "rm \x1b[2J'x'")
	if strings.ContainsAny(out.String(), "\x1b\x07\u202e") || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("printed %q", &out)
	}
}
