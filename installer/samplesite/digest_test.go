package samplesite

import (
	"crypto/md5" //nolint:gosec // the algorithm under test
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// answerTo computes a Digest answer from the text of RFC 7616 section 3.4,
// apart from the site's own code.
func answerTo(challenge, name, password, uri, nc string) string {
	param := func(key string) string {
		m := regexp.MustCompile(key + `="?([^",]+)`).FindStringSubmatch(challenge)
		if m == nil {
			return ""
		}
		return m[1]
	}
	h := func(text string) string { return fmt.Sprintf("%x", md5.Sum([]byte(text))) }
	if param("algorithm") == "SHA-256" {
		h = func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	}
	realm, nonce := param("realm"), param("nonce")
	secret := h(name + ":" + realm + ":" + password)
	response := h(secret + ":" + nonce + ":" + nc + ":c0ffee:auth:" + h("GET:"+uri))
	return fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="%s", algorithm=%s, response="%s", opaque="%s", qop=auth, nc=%s, cnonce="c0ffee"`,
		name, realm, nonce, uri, param("algorithm"), response, param("opaque"), nc)
}

func TestDigestIsVerified(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	site := New(Config{Now: func() time.Time { return now }})
	v := visit(t, site)
	challenges := func(path string) []string {
		answer, _ := v.send(Send{Path: path})
		return answer.Header.Values("WWW-Authenticate")
	}
	for path, algorithms := range map[string][]string{
		"/digest": {"SHA-256", "MD5"}, "/digest/": {"SHA-256", "MD5"}, "/digest/md5": {"MD5"}, "/digest/sha256": {"SHA-256"},
	} {
		offered := challenges(path)
		if len(offered) != len(algorithms) {
			t.Fatalf("%s sent %d challenges, want %d", path, len(offered), len(algorithms))
		}
		for i, challenge := range offered {
			if !strings.Contains(challenge, "algorithm="+algorithms[i]+",") {
				t.Errorf("%s offered %q where %s belongs", path, challenge, algorithms[i])
			}
			v.status(200, Send{Path: path}, "Authorization", answerTo(challenge, "anna", "correct horse", path, "00000001"))
		}
	}

	challenge := challenges("/digest/")[0]
	right := answerTo(challenge, "anna", "correct horse", "/digest/", "00000001")
	for what, answer := range map[string]string{
		"a wrong password":          answerTo(challenge, "anna", "wrong", "/digest/", "00000002"),
		"another account":           answerTo(challenge, "berta", "correct horse", "/digest/", "00000002"),
		"another address":           answerTo(challenge, "anna", "correct horse", "/digest/x", "00000002"),
		"an unoffered algorithm":    strings.Replace(right, "algorithm=SHA-256", "algorithm=SHA-1", 1),
		"an altered response":       strings.Replace(right, `response="`, `response="0`, 1),
		"no quality of protection":  strings.Replace(right, "qop=auth", "qop=auth-int", 1),
		"an open quoted string":     `Digest username="anna`,
		"another scheme":            strings.Replace(right, "Digest", "Basic", 1),
		"nothing after the scheme":  "Digest",
		"another site's opaque":     strings.Replace(right, `opaque="`, `opaque="0`, 1),
		"a parameter without value": "Digest username",
	} {
		if verdict, _ := v.send(Send{Path: "/digest/"}, "Authorization", answer); verdict.StatusCode != 401 {
			t.Errorf("%s answered %d, want 401", what, verdict.StatusCode)
		} else if strings.Contains(verdict.Header.Get("WWW-Authenticate"), "stale") {
			t.Errorf("%s was called stale", what)
		}
	}

	stale := func(what, authorization string) {
		t.Helper()
		answer, _ := v.send(Send{Path: "/digest/"}, "Authorization", authorization)
		if answer.StatusCode != 401 || !strings.HasSuffix(answer.Header.Get("WWW-Authenticate"), ", stale=true") {
			t.Errorf("%s answered %d %q, want a stale challenge", what, answer.StatusCode, answer.Header.Get("WWW-Authenticate"))
		}
	}
	v.status(200, Send{Path: "/digest/"}, "Authorization", right)
	stale("a replayed answer", right)
	before := site.Counts().Cases["digest"].RefusedSends
	now = now.Add(6 * time.Minute)
	stale("an old nonce", answerTo(challenge, "anna", "correct horse", "/digest/", "00000003"))
	if after := site.Counts().Cases["digest"].RefusedSends; after != before {
		t.Error("an answer to an old nonce counts as a refused password")
	}
	forged := regexp.MustCompile(`nonce="[^"]+"`).ReplaceAllString(challenge, `nonce="18.00"`)
	young := challenges("/digest/")[0]
	site.ExpireNonces()
	stale("a nonce that the site let expire", answerTo(young, "anna", "correct horse", "/digest/", "00000001"))
	stale("a nonce of someone else", answerTo(forged, "anna", "correct horse", "/digest/", "00000001"))
}

func TestUsedNonceCountsAreBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	site := New(Config{Now: func() time.Time { return now }})
	nonce := site.digest.nonce()
	accepted := 0
	for i := range maxSeen + 20 {
		if site.digest.fresh(nonce, fmt.Sprintf("%08x", i)) {
			accepted++
		}
	}
	if accepted != maxSeen || len(site.digest.seen) != maxSeen {
		t.Errorf("%d counts accepted, %d kept, want %d of each", accepted, len(site.digest.seen), maxSeen)
	}
	now = now.Add(6 * time.Minute)
	if !site.digest.fresh(site.digest.nonce(), "00000001") {
		t.Error("a new nonce is refused although the old ones have run out")
	}
}
