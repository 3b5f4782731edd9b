//go:build unix

package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/readmit/readmit/agent/diagnosis"
)

// klistWait bounds klist, which may ask a daemon.
const klistWait = 500 * time.Millisecond

// klist is named by its place, which Linux and macOS share: one that lies
// elsewhere in PATH is not run.
const klist = "/usr/bin/klist"

// ticket looks for the person's ticket-granting ticket where MIT Kerberos
// keeps it (https://web.mit.edu/kerberos/krb5-latest/doc/basic/ccache_def.html):
// in the file that the environment names, or else the default one. Where the
// cache is no file, klist is asked. Nothing is renewed and no server asked.
func (m *Machine) ticket(now time.Time) diagnosis.Ticket {
	kind, place, named := strings.Cut(m.conf.getenv("KRB5CCNAME"), ":")
	switch {
	case !named && kind != "":
		kind, place = "FILE", kind
	case kind == "":
		kind, place = "FILE", fmt.Sprintf("/tmp/krb5cc_%d", os.Getuid())
	}
	switch kind {
	case "DIR":
		if direct, ok := strings.CutPrefix(place, ":"); ok {
			place = direct
			break
		}
		primary, err := readOwn(filepath.Join(place, "primary"))
		if err != nil {
			return diagnosis.Ticket{}
		}
		place = filepath.Join(place, filepath.Base(strings.TrimSpace(string(primary))))
	case "FILE":
	default:
		return m.klist(now) // KCM, KEYRING, API
	}
	data, err := readOwn(place)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return m.klist(now) // krb5.conf may name another default
	case errors.Is(err, fs.ErrNotExist):
		return diagnosis.Ticket{State: diagnosis.TicketNone}
	case err != nil:
		return diagnosis.Ticket{}
	}
	end, err := ticketEnd(data)
	if err != nil {
		return diagnosis.Ticket{}
	}
	return ticketOf(end, now)
}

// errForeign reports a file that somebody else may have put there: /tmp is
// open to all.
var errForeign = errors.New("not a file of this user alone")

// readOwn reads a regular file of this user, and no link to one.
func readOwn(name string) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.Mode().IsRegular() || int(stat.Uid) != os.Getuid() || info.Size() > maxCCache {
		return nil, errForeign
	}
	return io.ReadAll(io.LimitReader(f, maxCCache))
}

// klist says whether there is a ticket that counts: "klist -s" prints nothing
// and ends well if there is, in MIT Kerberos and in Heimdal alike.
func (m *Machine) klist(now time.Time) diagnosis.Ticket {
	ctx, cancel := context.WithTimeout(context.Background(), klistWait)
	defer cancel()
	err := m.conf.run(ctx, klist, "-s")
	var ended *exec.ExitError
	switch {
	case err == nil:
		return diagnosis.Ticket{State: diagnosis.TicketValid}
	case errors.As(err, &ended) && ctx.Err() == nil:
		return diagnosis.Ticket{State: diagnosis.TicketNone}
	}
	return diagnosis.Ticket{} // no klist, or one that does not answer
}

// maxCCache bounds a credential cache: a few tickets of some KiB each.
const maxCCache = 1 << 20

// ticketOf turns the end of a ticket into what a diagnosis asks for.
func ticketOf(end, now time.Time) diagnosis.Ticket {
	switch {
	case end.IsZero():
		return diagnosis.Ticket{State: diagnosis.TicketNone}
	case end.After(now):
		return diagnosis.Ticket{State: diagnosis.TicketValid, Ends: end}
	}
	return diagnosis.Ticket{State: diagnosis.TicketExpired, Ends: end}
}
