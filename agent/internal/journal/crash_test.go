package journal

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The test binary runs itself as the process that is killed.
const crashEnv = "READMIT_JOURNAL_CRASH"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		os.Exit(attemptAndHang(path))
	}
	os.Exit(m.Run())
}

var crashKey = Key{Origin: "https://example.org", Realm: "Staff", Account: "anna"}

func attemptAndHang(path string) int {
	j, err := Open(Config{Path: path})
	if err != nil {
		return 1
	}
	if j.Attempt(Attempt{Key: crashKey, Revision: 1, Ending: Unseen, Time: time.Now()}) != nil {
		return 1
	}
	if _, err := os.Stdout.WriteString("released\n"); err != nil {
		return 1
	}
	select {}
}

func TestAnAttemptOutlivesKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, readErr := bufio.NewReader(out).ReadString('\n')
	killErr := cmd.Process.Kill()
	_ = cmd.Wait() // killed, as asked
	if err := errors.Join(readErr, killErr); err != nil || line != "released\n" {
		t.Fatalf("%q %v", line, err)
	}
	j := open(t, path)
	ending, found, err := j.LastAttempt(crashKey, 1)
	if ending != Unseen || !found || err != nil {
		t.Errorf("after kill -9: %q %v %v, want unseen", ending, found, err)
	}
}

func TestNetworkStorageIsRefusedWithAHint(t *testing.T) {
	err := error(&NetworkError{Dir: "/home/anna/.local/state/readmit", Kind: "NFS"})
	var network *NetworkError
	if !errors.As(err, &network) || network.Hint() == "" {
		t.Error("no hint")
	}
}
