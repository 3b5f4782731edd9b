package machine

import (
	"net"
	"strings"

	"github.com/readmit/readmit/agent/refusal"
)

// vpn says whether one of the named network interfaces is up and has an
// address; "tun*" stands for all names that begin so. Without names it is not
// known: which interface is the company's only its policy can say.
func (m *Machine) vpn(names []string) refusal.Known {
	if len(names) == 0 {
		return ""
	}
	all, err := m.conf.interfaces()
	if err != nil {
		return ""
	}
	for _, i := range all {
		if i.up && named(i.name, names) {
			return refusal.KnownYes
		}
	}
	return refusal.KnownNo
}

// link is a network interface.
type link struct {
	name string
	up   bool // and has an address other than a link-local one
}

func named(name string, patterns []string) bool {
	for _, p := range patterns {
		prefix, open := strings.CutSuffix(p, "*")
		if open && strings.HasPrefix(name, prefix) || name == p {
			return true
		}
	}
	return false
}

func systemLinks() ([]link, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	links := make([]link, 0, len(all))
	for _, i := range all {
		l := link{name: i.Name}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if n, ok := a.(*net.IPNet); ok && i.Flags&net.FlagUp != 0 && !n.IP.IsLinkLocalUnicast() {
				l.up = true
			}
		}
		links = append(links, l)
	}
	return links, nil
}
