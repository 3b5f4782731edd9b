package agent

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestParentOfNamesTheProgramThatRunsAProcess(t *testing.T) {
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	got, err := parentOf(child.Process.Pid)
	_ = in.Close()
	_ = child.Wait() // cat ends with its input
	self, exeErr := os.Executable()
	if exeErr != nil {
		t.Fatal(exeErr)
	}
	if want := (program{pid: os.Getpid(), name: filepath.Base(self)}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if _, err := parentOf(child.Process.Pid); err == nil {
		t.Error("a process that is gone has a parent")
	}
}
