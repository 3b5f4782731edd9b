package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

func emptyStage(t *testing.T) *stage {
	t.Helper()
	root := t.TempDir()
	return &stage{root: root, bin: "/programs", dirs: paths.Dirs{
		Config: filepath.Join(root, "config"), State: filepath.Join(root, "state"), Runtime: filepath.Join(root, "run")}}
}

func TestProgramsOfTheStageSeeNothingOfThePerson(t *testing.T) {
	for _, name := range []string{"DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "SSH_AUTH_SOCK", "LD_PRELOAD", paths.StateEnv} {
		t.Setenv(name, "/persons/own")
	}
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XAUTHORITY", "/persons/key")
	s := emptyStage(t)
	for _, entry := range append(s.environ(), s.browserEnviron()...) {
		name, value, _ := strings.Cut(entry, "=")
		if strings.Contains(value, "/persons/own") {
			t.Errorf("%s leads outside", name)
		}
		inside := name == "HOME" || name == "TMPDIR" || strings.HasPrefix(name, "READMIT_") || name == "XDG_CONFIG_HOME"
		if inside && !strings.HasPrefix(value, s.root) {
			t.Errorf("%s = %s is outside the stage", name, value)
		}
	}
}

func TestAStageThatCannotStartLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	_, err := raise(t.Context(), t.TempDir())
	var hinted *Error
	if !errors.As(err, &hinted) || hinted.Hint != `run "make build"` {
		t.Errorf("error %v, want one that says how to build", err)
	}
	left, err := os.ReadDir(temp)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTheHostIsRegisteredWhereTheBrowserOfTheStageLooks(t *testing.T) {
	for _, row := range browser.On(runtime.GOOS) {
		s := emptyStage(t)
		if err := s.registerHost(row); err != nil {
			t.Fatal(err)
		}
		for _, folder := range s.base().ExpandAll(row.Systems[runtime.GOOS].User) {
			if !strings.HasPrefix(folder, s.root) {
				t.Fatalf("%s: %s is outside the stage", row.ID, folder)
			}
			data, err := os.ReadFile(filepath.Join(folder, register.FileName))
			var manifest struct{ Path string }
			if err != nil || json.Unmarshal(data, &manifest) != nil || manifest.Path != filepath.Join(s.bin, "readmit-host") {
				t.Errorf("%s: %s, %v", row.ID, data, err)
			}
		}
	}
}

func TestAFileWithThePasswordIsFound(t *testing.T) {
	s := emptyStage(t)
	deep := filepath.Join(s.root, "state", "log")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(deep, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("agent.log", "nothing")
	if found, err := s.holds("correct horse"); found != "" || err != nil {
		t.Errorf("found %q, %v", found, err)
	}
	write("journal", "x correct horse y")
	if found, err := s.holds("correct horse"); found != filepath.Join(deep, "journal") || err != nil {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestAFileInThePersonsFoldersIsNoticed(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for name, folder := range map[string]string{paths.ConfigEnv: "c", paths.StateEnv: "s", paths.RuntimeEnv: "r"} {
		t.Setenv(name, filepath.Join(home, folder))
	}
	said := func(before footprint) (string, bool) {
		var out bytes.Buffer
		fine := sayTouched(Options{Out: &out}, before, snapshot())
		return out.String(), fine
	}
	before := snapshot()
	if got, fine := said(before); !fine || !strings.HasPrefix(got, "ok ") || !strings.Contains(got, filepath.Join(home, "s")) {
		t.Fatalf("an untouched home: %v, %q", fine, got)
	}
	if err := os.MkdirAll(filepath.Join(home, "s"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got, fine := said(before); fine || !strings.HasPrefix(got, "FAIL ") {
		t.Errorf("a new folder: %v, %q", fine, got)
	}
	note := filepath.Join(home, "s", "note")
	if err := os.WriteFile(note, []byte("a"), 0o600); err != nil {
		t.Fatal(err)
	}
	before = snapshot()
	if err := os.WriteFile(note, []byte("ab"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, fine := said(before); fine {
		t.Errorf("a file that was written to: %q", got)
	}
}

func TestNothingIsSaidOfFoldersThatAnAgentWorksIn(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for name, folder := range map[string]string{paths.ConfigEnv: "c", paths.StateEnv: "s", paths.RuntimeEnv: "r"} {
		t.Setenv(name, filepath.Join(home, folder))
	}
	dirs, err := paths.Current()
	if err != nil {
		t.Fatal(err)
	}
	agent, err := ipc.Listen(dirs)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = agent.Close() }()
	before := snapshot()
	var out bytes.Buffer
	if !sayTouched(Options{Out: &out}, before, snapshot()) || !strings.HasPrefix(out.String(), "--    not checked") {
		t.Errorf("said %q", out.String())
	}
}
