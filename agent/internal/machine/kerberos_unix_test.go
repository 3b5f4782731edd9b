//go:build unix

package machine

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/diagnosis"
)

func TestTheTicketIsFoundWhereKerberosKeepsIt(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	later, before := noon.Add(time.Hour), noon.Add(-time.Hour)
	good := write("good", ccacheFile(ticket{granting, later}))
	old := write("old", ccacheFile(ticket{granting, before}))
	write("many/primary", []byte("tkt1\n"))
	write("many/tkt1", ccacheFile(ticket{granting, later}))
	broken := write("broken", []byte{5, 4, 9})
	link := filepath.Join(dir, "link")
	if err := os.Symlink(good, link); err != nil {
		t.Fatal(err)
	}
	valid := diagnosis.Ticket{State: diagnosis.TicketValid, Ends: later}
	for name, c := range map[string]struct {
		env   string
		klist error
		want  diagnosis.Ticket
	}{
		"a file":                          {"FILE:" + good, nil, valid},
		"a file without its kind":         {good, nil, valid},
		"a ticket that is over":           {"FILE:" + old, nil, diagnosis.Ticket{State: diagnosis.TicketExpired, Ends: before}},
		"a folder of caches":              {"DIR:" + filepath.Join(dir, "many"), nil, valid},
		"one cache of a folder":           {"DIR::" + filepath.Join(dir, "many", "tkt1"), nil, valid},
		"no file":                         {"FILE:" + filepath.Join(dir, "none"), nil, diagnosis.Ticket{State: diagnosis.TicketNone}},
		"a damaged file":                  {"FILE:" + broken, nil, diagnosis.Ticket{}},
		"a link":                          {"FILE:" + link, nil, diagnosis.Ticket{}},
		"a daemon that has a ticket":      {"KCM:", nil, diagnosis.Ticket{State: diagnosis.TicketValid}},
		"a daemon that has none":          {"KCM:", &exec.ExitError{}, diagnosis.Ticket{State: diagnosis.TicketNone}},
		"the kernel, and no klist":        {"KEYRING:persistent:1000", exec.ErrNotFound, diagnosis.Ticket{}},
		"a klist that is stopped in time": {"KCM:", context.DeadlineExceeded, diagnosis.Ticket{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := New()
			m.conf.getenv = func(name string) string { return map[string]string{"KRB5CCNAME": c.env}[name] }
			m.conf.run = func(_ context.Context, program string, args ...string) error {
				if program != klist || len(args) != 1 || args[0] != "-s" {
					t.Errorf("ran %s %q", program, args)
				}
				return c.klist
			}
			if got := m.Facts(noon, Ask{Ticket: true}).Ticket; got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestNothingIsLookedAtUnasked(t *testing.T) {
	m := New()
	m.conf.getenv = func(string) string { t.Error("asked the environment"); return "" }
	m.conf.run = func(context.Context, string, ...string) error { t.Error("ran a program"); return nil }
	m.conf.interfaces = func() ([]link, error) { t.Error("looked at the network"); return nil, errors.New("no") }
	if got := m.Facts(noon, Ask{}); got != (diagnosis.Machine{}) {
		t.Errorf("%+v", got)
	}
}
