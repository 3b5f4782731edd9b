package signature

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/refusal"
)

// naive says what a condition means, one text after the other.
func (c *Condition) naive(r *refusal.Refusal) bool {
	within := func(s string) func(string) bool {
		s = strings.ToLower(s)
		return func(text string) bool { return strings.Contains(s, text) }
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		u = &url.URL{}
	}
	challenges, _ := challenge.Parse(r.Header("www-authenticate")...)
	param := func(name string, holds func(value, text string) bool) func(string) bool {
		return func(text string) bool {
			return slices.ContainsFunc(challenges, func(c challenge.Challenge) bool {
				v, ok := c.Get(name)
				return ok && holds(strings.ToLower(v), text)
			})
		}
	}
	named := func(cookie, name string) bool {
		cookie = strings.ToLower(cookie)
		switch {
		case strings.HasSuffix(name, "*"):
			return strings.HasPrefix(cookie, name[:len(name)-1])
		case strings.HasPrefix(name, "*"):
			return strings.HasSuffix(cookie, name[1:])
		}
		return cookie == name
	}
	held := func(name string) bool {
		return slices.ContainsFunc(r.Cookies, func(c refusal.Cookie) bool { return named(c.Name, name) })
	}
	set := func(name string) bool {
		return slices.ContainsFunc(r.Header("set-cookie"), func(line string) bool {
			pair, _, _ := strings.Cut(strings.ToLower(line), ";")
			n, _, _ := strings.Cut(pair, "=")
			return named(strings.TrimSpace(n), name)
		})
	}
	host := strings.ToLower(u.Hostname())
	for _, of := range []struct {
		texts []string
		holds func(string) bool
	}{
		{c.Title, within(r.Title)},
		{c.Body, within(r.Title + "\n" + refusal.VisibleText(r.Body))},
		{c.Markup, within(r.Body)},
		{c.Scheme, func(s string) bool {
			return slices.ContainsFunc(challenges, func(c challenge.Challenge) bool { return c.Scheme == s })
		}},
		{c.Realm, param("realm", strings.Contains)},
		{c.Detail, param("error_description", strings.Contains)},
		{c.Error, param("error", func(v, t string) bool { return v == t })},
		{c.Cookie, func(name string) bool { return held(name) || set(name) }},
		{c.Query, func(key string) bool {
			return slices.ContainsFunc(r.QueryKeys, func(k string) bool { return strings.EqualFold(k, key) })
		}},
		{c.Host, func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }},
		{c.Path, func(end string) bool { return strings.HasSuffix(strings.ToLower(u.EscapedPath()), end) }},
	} {
		if len(of.texts) > 0 && !slices.ContainsFunc(of.texts, of.holds) {
			return false
		}
	}
	if len(c.Held) > 0 && !slices.ContainsFunc(r.Cookies, func(k refusal.Cookie) bool {
		wanted := slices.ContainsFunc(c.Held, func(name string) bool { return !strings.HasPrefix(name, "!") && named(k.Name, name) })
		passed := slices.ContainsFunc(c.Held, func(name string) bool { return strings.HasPrefix(name, "!") && named(k.Name, name[1:]) })
		return wanted && !passed
	}) {
		return false
	}
	if h := c.Header; h != nil && !slices.ContainsFunc(r.Header(h.Name), func(v string) bool {
		v = strings.ToLower(v)
		switch {
		case h.Is != "":
			return v == h.Is
		case h.Has != "":
			return strings.Contains(v, h.Has)
		}
		return strings.HasPrefix(v, h.Prefix)
	}) {
		return false
	}
	if p := c.Pattern; p != nil {
		re := regexp.MustCompile(p.Regexp)
		if s := map[string]string{"title": r.Title, "body": refusal.VisibleText(r.Body), "markup": r.Body}[p.In]; !re.MatchString(strings.ToLower(s)) {
			return false
		}
	}
	holds := func(c Condition) bool { return c.naive(r) }
	return (len(c.Status) == 0 || slices.Contains(c.Status, r.Status)) &&
		!slices.ContainsFunc(c.All, func(c Condition) bool { return !c.naive(r) }) &&
		!slices.ContainsFunc(c.Not, holds) && (len(c.Any) == 0 || slices.ContainsFunc(c.Any, holds))
}

// Naive says of every n-th built-in row, from the first-th on, whether it holds.
func Naive(r *refusal.Refusal, first, n int) map[string]bool {
	holds := map[string]bool{}
	rows := BuiltIn()
	for i := first % n; i < len(rows); i += n {
		holds[rows[i].ID] = rows[i].When.naive(r)
	}
	return holds
}

// grown makes a condition of what a fuzzer chooses: each byte one part, texts
// from the words.
func grown(choices *[]byte, words []string, depth int) Condition {
	next := func() int {
		if len(*choices) == 0 {
			return 0
		}
		n := int((*choices)[0])
		*choices = (*choices)[1:]
		return n
	}
	texts := func() (ts []string) {
		for range 1 + next()%3 {
			ts = append(ts, words[next()%len(words)])
		}
		return ts
	}
	var c Condition
	for range 1 + next()%3 {
		switch next() % 18 {
		case 0:
			c.Title = texts()
		case 1, 2:
			c.Body = texts()
		case 3:
			c.Markup = texts()
		case 4:
			c.Header = &HeaderTest{Name: words[next()%len(words)], Has: words[next()%len(words)]}
		case 5:
			c.Header = &HeaderTest{Name: "www-authenticate"}
		case 6:
			c.Scheme = texts()
		case 7:
			c.Realm = texts()
		case 8:
			c.Error = texts()
		case 9:
			c.Cookie = append(texts(), "s*")
		case 10:
			c.Held = append(texts(), "*d", "!sid")
		case 11:
			c.Query = texts()
		case 12:
			c.Host = texts()
		case 13:
			c.Status = []int{401}
		case 14:
			c.Pattern = &Pattern{In: []string{"title", "body", "markup"}[next()%3], Regexp: regexp.QuoteMeta(strings.ToValidUTF8(words[next()%len(words)], "")) + "."}
		default:
			if depth == 0 {
				continue
			}
			sub := []Condition{grown(choices, words, depth-1), grown(choices, words, depth-1)}
			switch next() % 3 {
			case 0:
				c.All = sub
			case 1:
				c.Any = sub
			case 2:
				c.Not = sub
			}
		}
	}
	return c
}

// FuzzMatchMeansWhatItSays holds the matcher, with its gates and its one pass
// for all texts, against naive.
func FuzzMatchMeansWhatItSays(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"), "denied", "your session is over", "Denied", "<p>Your <b>session</b> is over</p>", `Bearer realm="over", error="denied"`, "sid", "example.org")
	f.Add([]byte("a row of bytes that grows some conditions, one after the other"), "İstanbul", "straße", "ISTANBUL", "<p>STRASSE straße</p>", "Basic realm=Straße", "a", "site")
	f.Fuzz(func(t *testing.T, choices []byte, word, other, title, body, www, key, host string) {
		r, err := refusal.New(refusal.Refusal{
			URL: "https://" + host + "/a/" + key, QueryKeys: []string{key}, Method: "GET", Status: 401 + 2*(len(body)%2), ResourceType: "main_frame", Title: title, Body: body,
			ResponseHeaders: []refusal.Header{{Name: "www-authenticate", Value: www}, {Name: "server", Value: word}, {Name: "set-cookie", Value: other + "=1"}},
			Cookies:         []refusal.Cookie{{Name: key, Domain: "example.org", Path: "/"}},
		})
		if err != nil {
			return
		}
		words := []string{"server", "basic", "bearer", "example.org"}
		for _, w := range []string{word, other, key, host, title, strings.Trim(body, "<>")} {
			w = strings.ToLower(w)
			words = append(words, w, w[:len(w)/2], w[len(w)/3:])
		}
		var rows []Row
		for len(rows) < 8 {
			rows = append(rows, Row{ID: string(rune('a' + len(rows))), When: grown(&choices, words, 2)})
		}
		set, err := newSet(rows, Origin{})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time with buffers that were used
			var got, want []string
			for _, h := range set.Match(&r) {
				got = append(got, h.ID)
			}
			for i := range rows {
				if rows[i].When.naive(&r) {
					want = append(want, rows[i].ID)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v of %+v for %+v", got, want, rows, r)
			}
		}
	})
}
