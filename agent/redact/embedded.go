package redact

import "strings"

// findURL marks user information, query and fragment of addresses inside text
// (RFC 3986 3.2.1, 3.4, 3.5).
func findURL(found []span, s string) []span {
	for i := 0; ; {
		k := strings.Index(s[i:], "://")
		if k < 0 {
			return found
		}
		i += k + len("://")
		end := len(s)
		if n := strings.IndexAny(s[i:], " \t\r\n\v\f\"'<>"); n >= 0 {
			end = i + n
		}
		if n := strings.IndexAny(s[i:end], "?#"); n >= 0 {
			found = appendSpan(found, i+n+1, end)
			end = i + n
		}
		// A path may hold further addresses, so each "://" of it is looked at.
		for {
			stop := end
			if n := strings.IndexAny(s[i:end], `/\`); n >= 0 {
				stop = i + n
			}
			if n := strings.LastIndexByte(s[i:stop], '@'); n >= 0 {
				found = appendSpan(found, i, i+n)
			}
			n := strings.Index(s[i:end], "://")
			if n < 0 {
				break
			}
			i += n + len("://")
		}
		i = end
	}
}

func appendSpan(found []span, from, to int) []span {
	if from < to {
		found = append(found, span{from, to})
	}
	return found
}

// longestLocal is far beyond the 64 octets of RFC 5321 4.5.3.1.1.
const longestLocal = 320

// findMail marks the local part of mail addresses; the domain stays, since it
// tells which organisation an account belongs to.
func findMail(found []span, s string) []span {
	for _, at := range []string{"@", "%40"} {
		for i := 0; ; {
			k := strings.Index(s[i:], at)
			if k < 0 {
				break
			}
			i += k
			from := i
			for from > 0 && i-from < longestLocal && localByte(s[from-1]) {
				from--
			}
			if from < i && mailDomain(s[i+len(at):]) {
				found = append(found, span{from, i})
			}
			i += len(at)
		}
	}
	return found
}

func localByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._%+-", c) >= 0 || c >= 0x80
}

// mailDomain reports whether s begins with a domain whose top level is letters.
func mailDomain(s string) bool {
	n := 0
	for n < len(s) && (s[n] == '.' || s[n] == '-' || runByte(s[n]) && !separator(s[n]) || s[n] >= 0x80) {
		n++
	}
	name := strings.TrimRight(s[:n], ".-")
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || len(name)-dot < 3 {
		return false
	}
	c := name[dot+1]
	return c < '0' || c > '9'
}
