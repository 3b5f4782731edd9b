package samplesite

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // RFC 7616 keeps MD5 for browsers that know nothing newer
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxSeen bounds the memory of used nonce counts.
const maxSeen = 4096

// digestSpace verifies Digest answers (RFC 7616, qop=auth). A nonce is the
// time it was made, a serial and a keyed hash of both, so none has to be kept; kept are
// the counts that were used, against a replay.
type digestSpace struct {
	key    []byte
	opaque string
	life   time.Duration
	now    func() time.Time

	serial atomic.Uint64 // two nonces of one instant differ

	mu      sync.Mutex
	seen    map[string]time.Time // nonce and count -> when the nonce was made
	expired time.Time            // nonces made until then are too old
}

func newDigestSpace(cfg Config) *digestSpace {
	return &digestSpace{
		key: []byte(cfg.NewToken()), opaque: cfg.NewToken(),
		life: cfg.NonceLife, now: cfg.Now, seen: map[string]time.Time{},
	}
}

var digestAlgorithms = map[string]func() hash.Hash{"SHA-256": sha256.New, "MD5": md5.New}

func (s *Site) routeDigest(mux *http.ServeMux) {
	// Best first, as RFC 7616 section 3.7 asks: a browser takes the first it knows.
	both := s.digested("SHA-256", "MD5")
	mux.Handle("GET /digest", both)
	mux.Handle("GET /digest/", both)
	mux.Handle("GET /digest/md5", s.digested("MD5"))
	mux.Handle("GET /digest/sha256", s.digested("SHA-256"))
}

// digested asks for Digest with one challenge per algorithm, in this order.
func (s *Site) digested(algorithms ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password := s.Account()
		verdict := s.digest.judge(r, name, password, algorithms)
		if verdict == digestAccepted {
			s.render(w, r, page{Title: "Archive", Heading: "You are in", Lines: []string{
				"This page opened because the digest of the name and password was right.",
			}})
			return
		}
		for _, algorithm := range algorithms {
			challenge := fmt.Sprintf(`Digest realm="%s", qop="auth", algorithm=%s, nonce="%s", opaque="%s", charset=UTF-8`,
				RealmDigest, algorithm, s.digest.nonce(), s.digest.opaque)
			if verdict == digestStale {
				challenge += ", stale=true"
			}
			w.Header().Add("WWW-Authenticate", challenge)
		}
		w.Header().Set("Server", "Apache")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(apacheUnauthorized))
	})
}

type digestVerdict int

const (
	digestRefused digestVerdict = iota
	digestStale                 // the answer is right, its nonce too old or used before
	digestAccepted
)

// judge verifies one Authorization field (RFC 7616 sections 3.4 to 3.6).
func (d *digestSpace) judge(r *http.Request, name, password string, algorithms []string) digestVerdict {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Digest") {
		return digestRefused
	}
	p := digestParams(rest)
	algorithm := p["algorithm"]
	if algorithm == "" {
		algorithm = "MD5" // section 3.3: the default
	}
	if !offered(algorithm, algorithms) || p["qop"] != "auth" || p["uri"] != r.RequestURI ||
		p["realm"] != RealmDigest || p["opaque"] != d.opaque || p["username"] != name || p["cnonce"] == "" || len(p["nc"]) != 8 {
		return digestRefused
	}
	h := func(parts ...string) string {
		sum := digestAlgorithms[algorithm]()
		_, _ = sum.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(sum.Sum(nil))
	}
	want := h(h(name, RealmDigest, password), p["nonce"], p["nc"], p["cnonce"], p["qop"], h(r.Method, p["uri"]))
	if !same(p["response"], want) {
		return digestRefused
	}
	if !d.fresh(p["nonce"], p["nc"]) {
		return digestStale
	}
	return digestAccepted
}

func offered(algorithm string, algorithms []string) bool {
	for _, a := range algorithms {
		if a == algorithm {
			return true
		}
	}
	return false
}

func (d *digestSpace) nonce() string {
	made := fmt.Sprintf("%x-%x", d.now().UnixNano(), d.serial.Add(1))
	return made + "." + d.sign(made)
}

func (d *digestSpace) sign(made string) string {
	mac := hmac.New(sha256.New, d.key)
	_, _ = mac.Write([]byte(made))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// fresh reports whether the nonce is ours, young, and used with this count for
// the first time. When too many counts are remembered every answer is stale,
// which costs the browser a round trip and no one a prompt.
func (d *digestSpace) fresh(nonce, nc string) bool {
	made, signature, _ := strings.Cut(nonce, ".")
	instant, _, _ := strings.Cut(made, "-")
	nanos, err := strconv.ParseInt(instant, 16, 64)
	if err != nil || !same(signature, d.sign(made)) {
		return false
	}
	at, now := time.Unix(0, nanos), d.now()
	if now.Sub(at) > d.life {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !at.After(d.expired) {
		return false
	}
	if len(d.seen) >= maxSeen {
		for key, madeAt := range d.seen {
			if now.Sub(madeAt) > d.life {
				delete(d.seen, key)
			}
		}
	}
	key := nonce + " " + nc
	if _, used := d.seen[key]; used || len(d.seen) >= maxSeen {
		return false
	}
	d.seen[key] = at
	return true
}

// ExpireNonces makes every Digest answer to an earlier challenge stale.
func (s *Site) ExpireNonces() {
	s.digest.mu.Lock()
	defer s.digest.mu.Unlock()
	s.digest.expired = s.digest.now()
}

// digestParams reads name=value pairs, quoted or not, separated by commas. A
// field it cannot read ends the reading: what is missing is refused later.
func digestParams(s string) map[string]string {
	params := map[string]string{}
	for {
		s = strings.TrimLeft(s, " \t,")
		name, rest, found := strings.Cut(s, "=")
		if !found {
			return params
		}
		var value string
		if strings.HasPrefix(rest, `"`) {
			value, rest, found = unquote(rest[1:])
			if !found {
				return params
			}
		} else {
			value, rest, _ = strings.Cut(rest, ",")
			value = strings.TrimSpace(value)
		}
		params[strings.ToLower(strings.TrimSpace(name))] = value
		s = rest
	}
}

// unquote reads a quoted-string (RFC 9110 section 5.6.4) after its first quote.
func unquote(s string) (value, rest string, closed bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}
