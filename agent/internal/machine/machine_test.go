package machine

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestClockOffset(t *testing.T) {
	saw := func(m *Machine, origin string, offset time.Duration) { m.SawDate(origin, noon.Add(-offset), noon) }
	for name, row := range map[string]struct {
		see  func(*Machine)
		want time.Duration
	}{
		"nothing seen":                    {func(*Machine) {}, 0},
		"one origin alone proves nothing": {func(m *Machine) { saw(m, "a", time.Hour) }, 0},
		"one origin twice proves nothing": {func(m *Machine) { saw(m, "a", time.Hour); saw(m, "a", time.Hour) }, 0},
		"two origins agree":               {func(m *Machine) { saw(m, "a", time.Hour); saw(m, "b", time.Hour+time.Second) }, time.Hour + time.Second},
		"two origins disagree":            {func(m *Machine) { saw(m, "a", time.Hour); saw(m, "b", 0) }, 0},
		"one server of three is wrong":    {func(m *Machine) { saw(m, "a", time.Hour); saw(m, "b", -time.Second); saw(m, "c", 0) }, 0},
		"the clock is behind":             {func(m *Machine) { saw(m, "a", -time.Hour); saw(m, "b", -time.Hour) }, -time.Hour},
		"no date":                         {func(m *Machine) { m.SawDate("a", time.Time{}, noon); m.SawDate("b", time.Time{}, noon) }, 0},
		"what was seen long ago says nothing": {func(m *Machine) {
			old := noon.Add(-fresh)
			m.SawDate("a", old.Add(time.Hour), old)
			m.SawDate("b", old.Add(time.Hour), old)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := New()
			row.see(m)
			if got := m.Facts(noon, Ask{}).ClockOffset; got != row.want {
				t.Errorf("%v, want %v", got, row.want)
			}
		})
	}
}

func TestOriginsAreBounded(t *testing.T) {
	m := New()
	for i := range 1000 {
		m.SawDate(fmt.Sprint(i), noon, noon.Add(time.Duration(i)*time.Second))
	}
	if len(m.clocks) > maxOrigins {
		t.Errorf("%d origins", len(m.clocks))
	}
}
