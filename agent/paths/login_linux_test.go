package paths

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func TestAShellWithoutTheRuntimeVariableFindsTheDesktopsFolder(t *testing.T) {
	logins, uid := t.TempDir(), os.Getuid()
	folder := filepath.Join(logins, strconv.Itoa(uid))
	unset := completed(func(string) string { return "" }, logins, uid)
	if got := unset(runtimeVariable); got != "" {
		t.Errorf("without a sign-in: %q", got)
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := unset(runtimeVariable); got != "" {
		t.Errorf("a folder that others can read: %q", got)
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := unset(runtimeVariable); got != folder {
		t.Errorf("got %q, want %q", got, folder)
	}
	if got := unset("HOME"); got != "" {
		t.Errorf("another variable: %q", got)
	}
	if got := completed(func(string) string { return "/else" }, logins, uid)(runtimeVariable); got != "/else" {
		t.Errorf("a variable that is set: %q", got)
	}
}
