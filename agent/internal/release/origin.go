package release

import (
	"net/netip"
	"strconv"
	"strings"
)

// origin is a parsed RFC 6454 origin with its port always written out.
type origin struct {
	scheme, host string
	port         uint16
}

// Origin returns an origin as protection spaces have it, and false for what is
// none.
func Origin(s string) (string, bool) {
	o, ok := parseOrigin(s)
	return o.String(), ok
}

// parseOrigin reads scheme://host[:port] and nothing more: an origin with a
// user, a path or a query is no origin, and is not made into one.
func parseOrigin(s string) (origin, bool) {
	scheme, rest, ok := strings.Cut(strings.ToLower(s), "://")
	if !ok || (scheme != "http" && scheme != "https") || strings.ContainsAny(rest, "/?#@\\ \t\r\n%") {
		return origin{}, false
	}
	host, port := rest, ""
	if strings.HasPrefix(rest, "[") {
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return origin{}, false
		}
		addr, err := netip.ParseAddr(rest[1:end])
		if err != nil || !addr.Is6() {
			return origin{}, false
		}
		host = "[" + addr.String() + "]"
		if rest[end+1:] != "" {
			if rest[end+1] != ':' {
				return origin{}, false
			}
			port = rest[end+2:]
			if port == "" {
				return origin{}, false
			}
		}
	} else if h, p, found := strings.Cut(rest, ":"); found {
		if p == "" || strings.Contains(p, ":") {
			return origin{}, false
		}
		host, port = h, p
	}
	if host == "" {
		return origin{}, false
	}
	o := origin{scheme: scheme, host: host, port: defaultPort[scheme]}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return origin{}, false
		}
		o.port = uint16(n)
	}
	return o, true
}

var defaultPort = map[string]uint16{"http": 80, "https": 443}

// String leaves the default port out, as browsers write origins.
func (o origin) String() string {
	if o.port == defaultPort[o.scheme] {
		return o.scheme + "://" + o.host
	}
	return o.scheme + "://" + o.host + ":" + strconv.Itoa(int(o.port))
}

// loopback reports whether the host cannot leave this computer: localhost and
// its subdomains (RFC 6761, 6.3), 127.0.0.0/8 and ::1.
func (o origin) loopback() bool {
	if o.host == "localhost" || strings.HasSuffix(o.host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(o.host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}

func sameOrigin(a, b string) bool {
	x, okX := parseOrigin(a)
	y, okY := parseOrigin(b)
	return okX && okY && x == y
}
