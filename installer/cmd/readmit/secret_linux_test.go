package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal returns both ends of a pseudo terminal (pty(7)).
func openTerminal(t *testing.T) (screen, keyboard *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	keyboard, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	return screen, keyboard
}

func TestWhatIsTypedIsNotShown(t *testing.T) {
	screen, keyboard := openTerminal(t)
	var asked bytes.Buffer
	type answer struct {
		secret string
		err    error
	}
	got := make(chan answer, 1)
	go func() {
		secret, err := streams{in: keyboard, err: &asked}.secret("Password of anna", false)
		got <- answer{secret.Reveal(), err}
	}()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		mode, err := unix.IoctlGetTermios(int(screen.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if mode.Lflag&unix.ECHO == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the terminal still shows what is typed")
		}
	}
	if _, err := io.WriteString(screen, "cänary\n"); err != nil {
		t.Fatal(err)
	}
	if a := <-got; a.err != nil || a.secret != "cänary" {
		t.Errorf("read %q, %v", a.secret, a.err)
	}
	if asked.String() != "Password of anna: \n" {
		t.Errorf("asked %q", &asked)
	}
	fd := int(screen.Fd()) // once: it makes reading wait again
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	shown := make([]byte, 4096)
	n, _ := unix.Read(fd, shown) // nothing to read is an error as well
	if n > 0 && bytes.Contains(shown[:n], []byte("nary")) {
		t.Errorf("the terminal shows %q", shown[:n])
	}
}
