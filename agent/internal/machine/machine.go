// Package machine knows this computer's own facts: how far its clock is off,
// whether there is a Kerberos ticket, whether the company's VPN is up.
//
// It promises that asking costs little and is bounded: the clock is what was
// learned before, a ticket is one small file or half a second of klist, and
// both it and the network are looked at only when somebody asks. It opens no
// connection and changes nothing.
//
// Limits: the clock is compared with the Date fields of refused responses. One
// server may itself be wrong, so that an offset is told only when two origins
// agree about it.
package machine

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"github.com/readmit/readmit/agent/diagnosis"
)

const (
	fresh      = 6 * time.Hour   // how long an observation counts
	agree      = 2 * time.Minute // how far two origins may differ and still agree
	maxOrigins = 16
)

// Machine is what is known of this computer; made by New.
type Machine struct {
	conf   system
	mu     sync.Mutex
	clocks map[string]clock
}

// system is what a Machine asks of the system.
type system struct {
	getenv     func(string) string
	run        func(ctx context.Context, program string, args ...string) error
	interfaces func() ([]link, error)
}

// New returns what is known of this computer at first: nothing.
func New() *Machine {
	return &Machine{conf: system{
		getenv: os.Getenv,
		run: func(ctx context.Context, program string, args ...string) error {
			return exec.CommandContext(ctx, program, args...).Run()
		},
		interfaces: systemLinks,
	}}
}

// Ask says what else a diagnosis needs to know.
type Ask struct {
	Ticket bool     // the page asked for the company's sign-in (Negotiate)
	VPN    []string // interfaces of the VPN that the site needs; "tun*" for a prefix
}

type clock struct {
	offset time.Duration // local minus server
	seen   time.Time
}

// SawDate notes the Date of an origin's response beside the local time at
// which it arrived.
func (m *Machine) SawDate(origin string, date, local time.Time) {
	if origin == "" || date.IsZero() || local.IsZero() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.clocks == nil {
		m.clocks = map[string]clock{}
	}
	if _, known := m.clocks[origin]; !known && len(m.clocks) >= maxOrigins {
		oldest := ""
		for o, c := range m.clocks {
			if oldest == "" || c.seen.Before(m.clocks[oldest].seen) {
				oldest = o
			}
		}
		delete(m.clocks, oldest)
	}
	m.clocks[origin] = clock{offset: local.Sub(date), seen: local}
}

// Facts returns what is known now.
func (m *Machine) Facts(now time.Time, ask Ask) diagnosis.Machine {
	f := diagnosis.Machine{ClockOffset: m.clockOffset(now), VPN: m.vpn(ask.VPN)}
	if ask.Ticket {
		f.Ticket = m.ticket(now)
	}
	return f
}

func (m *Machine) clockOffset(now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.offset(now)
}

// offset is the median of the fresh observations when another origin agrees
// with it, else zero: unknown.
func (m *Machine) offset(now time.Time) time.Duration {
	var offsets []time.Duration
	for _, c := range m.clocks {
		if now.Sub(c.seen).Abs() < fresh {
			offsets = append(offsets, c.offset)
		}
	}
	if len(offsets) < 2 {
		return 0
	}
	slices.Sort(offsets)
	median := offsets[len(offsets)/2]
	agreeing := 0
	for _, o := range offsets {
		if (o - median).Abs() <= agree {
			agreeing++
		}
	}
	if agreeing < 2 {
		return 0
	}
	return median
}
