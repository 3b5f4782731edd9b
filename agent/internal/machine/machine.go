// Package machine knows this computer's own facts: how far its clock is off.
//
// It promises that asking costs nothing: Facts returns what was learned before
// and never waits. It learns from what passes through the agent and opens no
// connection.
//
// Limits: the clock is compared with the Date fields of refused responses. One
// server may itself be wrong, so that an offset is told only when two origins
// agree about it.
package machine

import (
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

// Machine is what is known of this computer. The zero value knows nothing.
type Machine struct {
	mu     sync.Mutex
	clocks map[string]clock
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
func (m *Machine) Facts(now time.Time) diagnosis.Machine {
	m.mu.Lock()
	defer m.mu.Unlock()
	return diagnosis.Machine{ClockOffset: m.offset(now)}
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
