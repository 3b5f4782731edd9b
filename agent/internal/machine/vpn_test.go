package machine

import (
	"errors"
	"testing"

	"github.com/readmit/readmit/agent/refusal"
)

func TestWhetherTheVPNIsUp(t *testing.T) {
	links := []link{{"lo", true}, {"eth0", true}, {"wg-company", false}, {"tun0", true}}
	for name, c := range map[string]struct {
		ask  []string
		err  error
		want refusal.Known
	}{
		"nobody says which":            {nil, nil, ""},
		"it is up":                     {[]string{"tun0"}, nil, refusal.KnownYes},
		"one of its kind is up":        {[]string{"tun*"}, nil, refusal.KnownYes},
		"one of two is up":             {[]string{"wg-company", "tun0"}, nil, refusal.KnownYes},
		"it is there without address":  {[]string{"wg-company"}, nil, refusal.KnownNo},
		"it is not there":              {[]string{"utun*"}, nil, refusal.KnownNo},
		"a name is more than a prefix": {[]string{"tun"}, nil, refusal.KnownNo},
		"the system does not tell":     {[]string{"tun0"}, errors.New("no"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := New()
			m.conf.interfaces = func() ([]link, error) { return links, c.err }
			if got := m.Facts(noon, Ask{VPN: c.ask}).VPN; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The loopback interface is up on every computer that runs this.
func TestTheSystemsOwnInterfaces(t *testing.T) {
	if got := New().Facts(noon, Ask{VPN: []string{"lo*"}}).VPN; got != refusal.KnownYes {
		t.Errorf("%q", got)
	}
	if got := New().Facts(noon, Ask{VPN: []string{"no-such-interface"}}).VPN; got != refusal.KnownNo {
		t.Errorf("%q", got)
	}
}
