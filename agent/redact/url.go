package redact

import (
	"net/url"
	"strings"
)

const (
	longestSegment = 128
	maxQueryKeys   = 256
)

// URL reduces an http, https, ws or wss address to scheme, host and path
// without user information, query and fragment; path segments that look
// machine-made read Mark. queryKeys are the names of the query, without those
// that look secret themselves, each once, in order. What cannot be read as
// such an address yields the host alone, or "".
func URL(raw string) (safe string, queryKeys []string) {
	raw = strings.TrimSpace(raw)
	scheme, rest, ok := strings.Cut(raw, ":")
	scheme = lower(scheme)
	if !ok || !strings.HasPrefix(rest, "//") {
		return "", nil
	}
	authority, path, query := split(rest[2:])
	host := Host(authority)
	if host == "" {
		return "", nil
	}
	switch scheme {
	case "http", "https", "ws", "wss":
	default:
		return host, nil
	}
	if path == "" {
		path = "/"
	}
	return scheme + "://" + dropDefaultPort(scheme, host) + Path(path), keys(query)
}

// split takes apart what follows "//". Browsers read a backslash as a slash
// (WHATWG URL, special schemes), so it ends the authority here as well.
func split(s string) (authority, path, query string) {
	s, _, _ = strings.Cut(s, "#")
	s, query, _ = strings.Cut(s, "?")
	if i := strings.IndexAny(s, `/\`); i >= 0 {
		return s[:i], s[i:], query
	}
	return s, "", query
}

func dropDefaultPort(scheme, host string) string {
	switch scheme {
	case "http", "ws":
		return strings.TrimSuffix(host, ":80")
	default:
		return strings.TrimSuffix(host, ":443")
	}
}

// Path redacts an absolute or relative path: segments that look machine-made
// or are longer than 128 bytes read Mark, as does everything after a
// semicolon (;jsessionid=...). A query or fragment is dropped. What is not
// printable ASCII is percent-encoded.
func Path(path string) string {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	var out strings.Builder
	for i, segment := range strings.Split(strings.ReplaceAll(path, `\`, "/"), "/") {
		if i > 0 {
			out.WriteByte('/')
		}
		out.WriteString(safeSegment(segment))
	}
	return out.String()
}

func safeSegment(segment string) string {
	name, matrix, _ := strings.Cut(segment, ";")
	name = escape(name)
	plain, err := url.PathUnescape(name)
	if err != nil {
		plain = name
	}
	if plain == Mark || len(plain) > longestSegment || strings.ContainsRune(plain, '@') || Token(plain) || plain != name && Token(name) {
		name = Mark
	}
	if matrix != "" {
		name += ";" + Mark
	}
	return name
}

// escape percent-encodes what would not be safe on one line of text.
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"'<>`^|", c) >= 0 ||
			c == '%' && (i+2 >= len(s) || !hexDigit(s[i+1]) || !hexDigit(s[i+2])) {
			out.WriteByte('%')
			out.WriteByte(hex[c>>4])
			out.WriteByte(hex[c&15])
			continue
		}
		out.WriteByte(c)
	}
	return out.String()
}

func keys(query string) []string {
	var names []string
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		name = Line(name, 64+1)
		if name == "" || seen[name] || Token(name) {
			continue
		}
		seen[name] = true
		if names = append(names, name); len(names) == maxQueryKeys {
			break
		}
	}
	return names
}
