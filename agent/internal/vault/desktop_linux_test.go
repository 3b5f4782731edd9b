package vault

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// desktop is a private session: its own home, runtime folder and message bus,
// and a real gnome-keyring unless it is to be absent. The process environment
// points to it until the test ends, when everything that was started is gone.
type desktop struct {
	t        *testing.T
	dir      string
	services string // the folder of services that the bus can start
	prompted string // exists once somebody asked for an unlock prompt
	bus      *exec.Cmd
}

// keyringMode says how the keyring of a desktop is found.
type keyringMode int

const (
	keyringAbsent keyringMode = iota
	keyringUnlocked
	keyringLocked // not running, but started by the bus when asked for
)

// patience bounds what a test waits for on a busy machine; nothing depends on
// how much of it is used.
const patience = 60 * time.Second

func startDesktop(t *testing.T, mode keyringMode) *desktop {
	t.Helper()
	for _, program := range []string{"dbus-daemon", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing; install it: apt-get install --no-install-recommends dbus gnome-keyring", program)
		}
	}
	// Socket paths are short by nature; t.TempDir may be too long for them.
	dir, err := os.MkdirTemp("", "vault")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &desktop{t: t, dir: dir, services: filepath.Join(dir, "services"), prompted: filepath.Join(dir, "prompted")}
	for _, sub := range []string{"home", "run", "services"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOME", filepath.Join(dir, "home"))
	t.Setenv("XDG_RUNTIME_DIR", filepath.Join(dir, "run"))
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")

	// gnome-keyring asks this service to show a prompt.
	d.offer("org.gnome.keyring.SystemPrompter", "/usr/bin/touch "+d.prompted)
	if mode == keyringLocked {
		// A keyring that was unlocked once, with a password, and is locked now.
		first := startDesktopBus(d)
		k := d.unlock()
		d.await(StateOK)
		stop(k)
		d.stopBus(first)
		d.offer("org.freedesktop.secrets", "/usr/bin/gnome-keyring-daemon --start --foreground --components=secrets")
	}
	d.bus = startDesktopBus(d)
	t.Cleanup(func() { d.stopBus(d.bus) })
	switch mode {
	case keyringUnlocked:
		k := d.unlock()
		t.Cleanup(func() { stop(k) })
		d.await(StateOK)
	case keyringLocked:
		t.Cleanup(d.stopKeyring)
	}
	return d
}

// offer makes a program startable by the bus.
func (d *desktop) offer(name, command string) {
	d.t.Helper()
	text := fmt.Sprintf("[D-BUS Service]\nName=%s\nExec=%s\n", name, command)
	if err := os.WriteFile(filepath.Join(d.services, name+".service"), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// startDesktopBus starts a bus that knows no services but those offered.
func startDesktopBus(d *desktop) *exec.Cmd {
	d.t.Helper()
	config := filepath.Join(d.dir, "bus.conf")
	text := fmt.Sprintf(`<busconfig><type>session</type><listen>unix:dir=%s</listen><servicedir>%s</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
		filepath.Join(d.dir, "run"), d.services)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	bus := exec.Command("dbus-daemon", "--nofork", "--print-address", "--config-file="+config)
	out, err := bus.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := bus.Start(); err != nil {
		d.t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop(bus)
		d.t.Fatalf("dbus-daemon gave no address: %v", err)
	}
	d.t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	return bus
}

// stopBus ends the bus, and waits until the connection that go-keyring shares
// has seen it, so that the next desktop gets a connection of its own.
func (d *desktop) stopBus(bus *exec.Cmd) {
	shared, err := dbus.SessionBus()
	stop(bus)
	if err == nil {
		<-shared.Context().Done()
	}
}

// unlock starts a keyring with its password, which makes it on first use.
func (d *desktop) unlock() *exec.Cmd {
	d.t.Helper()
	k := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	k.Stdin = strings.NewReader("the keyring's password")
	if err := k.Start(); err != nil {
		d.t.Fatal(err)
	}
	return k
}

func (d *desktop) await(want State) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		state, err := reach(ctx)
		if state == want {
			return
		}
		select {
		case <-ctx.Done():
			d.t.Fatalf("the keyring is %q (%v), not %q", state, err, want)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// keyringPID asks the bus whose process the keyring is; 0 if there is none.
func (d *desktop) keyringPID() int {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return 0
	}
	defer func() { _ = conn.Close() }()
	if conn.Auth(nil) != nil || conn.Hello() != nil {
		return 0
	}
	var pid uint32
	_ = conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, secretsName).Store(&pid)
	return int(pid)
}

// stopKeyring ends a keyring that the bus started.
func (d *desktop) stopKeyring() {
	if pid := d.keyringPID(); pid > 1 {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill()
		}
	}
}

// noPrompt fails if anybody was to be asked to unlock the keyring. The prompter
// is started by the bus in the order of requests, so that a later reply of the
// bus comes after it.
func (d *desktop) noPrompt() {
	d.t.Helper()
	if _, err := os.Stat(d.prompted); err == nil {
		d.t.Error("somebody was asked to unlock the keyring")
	}
}

func stop(c *exec.Cmd) {
	_ = c.Process.Kill()
	_ = c.Wait()
}
