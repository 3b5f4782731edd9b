package samplesite

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	linkLife  = 10 * time.Minute // of a signed link
	tokenLife = 5 * time.Minute  // of the token that a page of the reader gets
	// fastReloads within fastWindow are more than a person makes.
	fastReloads = 20
	fastWindow  = time.Minute
)

// shelf is pages that depend on time: links, tokens and counts that run out.
type shelf struct {
	key    string               // signs links
	tokens map[string]time.Time // of the reader -> when it was given
	asked  []time.Time          // the last requests of /busy/, at most fastReloads
}

func newShelf(key string) *shelf { return &shelf{key: key, tokens: map[string]time.Time{}} }

func (s *Site) routeShelf(mux *http.ServeMux) {
	mux.HandleFunc("GET /share/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Shared files", Heading: "Shared files", Links: []link{{s.Link(), "The report"}}})
	})
	mux.HandleFunc("GET /share/report.pdf", s.shared)

	mux.HandleFunc("GET /reader/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if len(s.shelf.tokens) >= maxSessions {
			clear(s.shelf.tokens)
		}
		token := s.cfg.NewToken()
		s.shelf.tokens[token] = s.cfg.Now()
		s.mu.Unlock()
		// The page's script would keep it in a variable; here it stands in a header.
		w.Header().Set("X-Reader", token)
		s.render(w, r, page{Title: "Reader", Heading: "Reader"})
	})
	mux.HandleFunc("GET /reader/text", func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		s.mu.Lock()
		given, known := s.shelf.tokens[token]
		fresh := known && s.cfg.Now().Sub(given) < tokenLife
		s.mu.Unlock()
		if !fresh {
			tokenExpired(w, r)
			return
		}
		_, _ = w.Write([]byte("The text.\n"))
	})

	// A guard that counts. https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
	mux.HandleFunc("GET /busy/edge", s.counted(func(w http.ResponseWriter) {
		w.Header().Set("Server", "CloudFront")
		w.Header().Set("X-Cache", "Error from cloudfront")
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(cloudFront("Request blocked. We can't connect to the server for this app or website at this time. " +
			"There might be too much traffic or a configuration error.")))
	}))
	mux.HandleFunc("GET /busy/shop", s.counted(func(w http.ResponseWriter) {
		refuse(w, http.StatusForbidden, "nginx", plainPage("Slow down", "Slow down", "You reload this page too often. Wait a minute."))
	}))

	// A 401 that may be kept, which RFC 9111 3 allows and nobody means: it is
	// shown again to whoever has signed in meanwhile.
	mux.HandleFunc("GET /cached/page", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("cached_member"); err == nil && c.Value == "yes" {
			w.Header().Set("Vary", "Cookie")
			s.render(w, r, page{Title: "Members", Heading: "Members"})
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=3600")
		refuse(w, http.StatusUnauthorized, "nginx", plainPage("Unauthorized", "Unauthorized", "Please sign in to see this page."))
	})
	mux.HandleFunc("POST /cached/login", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "cached_member", Value: "yes", Path: "/cached", SameSite: http.SameSiteLaxMode})
		s.render(w, r, page{Title: "Members", Heading: "Welcome"})
	})

	// Pictures for those who come from the gallery.
	// https://nginx.org/en/docs/http/ngx_http_referer_module.html
	mux.HandleFunc("GET /gallery/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "visit", Value: "gallery", Path: "/gallery", SameSite: http.SameSiteLaxMode})
		s.render(w, r, page{Title: "Gallery", Heading: "Gallery", Images: []image{{"/gallery/1.svg", "A square"}}})
	})
	mux.HandleFunc("GET /gallery/1.svg", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("visit"); err != nil {
			refuse(w, http.StatusForbidden, "nginx", nginxPage("403 Forbidden"))
			return
		}
		picture(w, r)
	})

	// A cookie for the whole of a parent domain, which one site below it sets
	// and another does not understand.
	mux.HandleFunc("GET /parent/visit", func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := strings.Cut(r.Host, ":")
		_, parent, _ := strings.Cut(host, ".")
		http.SetCookie(w, &http.Cookie{Name: "firm_layout", Value: "v1", Domain: parent, Path: "/", SameSite: http.SameSiteLaxMode})
		s.render(w, r, page{Title: "News", Heading: "News of the firm"})
	})
	mux.HandleFunc("GET /parent/page", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("firm_layout"); err == nil && c.Value == "v1" {
			refuse(w, http.StatusForbidden, "nginx", nginxPage("403 Forbidden"))
			return
		}
		s.render(w, r, page{Title: "Shop", Heading: "The shop of the firm"})
	})

	// The site was built anew: the old addresses are gone, and the server says
	// so as Apache does of what it does not hand out.
	mux.HandleFunc("GET /old/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "Apache/2.4.62 (Debian)", apacheForbidden)
	})
	mux.HandleFunc("GET /wiki/start", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, page{Title: "Wiki", Heading: "Wiki"})
	})
	mux.HandleFunc("GET /gone/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "", plainPage("Not here", "Not here", "This page does not exist, or it has been moved."))
	})
}

// Link is a fresh signed link to the report, good for ten minutes.
func (s *Site) Link() string {
	return s.LinkAt(s.cfg.Now())
}

// LinkAt is a link as a computer signs it whose clock shows at.
func (s *Site) LinkAt(at time.Time) string {
	q := url.Values{"X-Amz-Date": {strconv.FormatInt(at.Unix(), 10)}, "X-Amz-Signature": {s.sign(at.Unix())}}
	return "/share/report.pdf?" + q.Encode()
}

func (s *Site) sign(at int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	mac := hmac.New(sha256.New, []byte(s.shelf.key))
	_, _ = mac.Write(strconv.AppendInt(nil, at, 10))
	return hex.EncodeToString(mac.Sum(nil))
}

// shared speaks like S3 of signed links.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
func (s *Site) shared(w http.ResponseWriter, r *http.Request) {
	at, err := strconv.ParseInt(r.URL.Query().Get("X-Amz-Date"), 10, 64)
	age := s.cfg.Now().Sub(time.Unix(at, 0))
	code, message := "", ""
	switch {
	case err != nil || !same(r.URL.Query().Get("X-Amz-Signature"), s.sign(at)):
		code, message = "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method."
	case age < -linkLife:
		code, message = "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."
	case age > linkLife:
		code, message = "AccessDenied", "Request has expired"
	default:
		s.render(w, r, page{Title: "Report", Heading: "The report"})
		return
	}
	w.Header().Set("Server", "AmazonS3")
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>%s</Code><Message>%s</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>`, code, message)
}

// counted turns away who asks too often in a minute.
func (s *Site) counted(turnedAway func(http.ResponseWriter)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := s.cfg.Now()
		s.mu.Lock()
		asked := s.shelf.asked
		busy := len(asked) >= fastReloads && now.Sub(asked[0]) < fastWindow
		if s.shelf.asked = append(asked, now); len(s.shelf.asked) > fastReloads {
			s.shelf.asked = s.shelf.asked[1:]
		}
		s.mu.Unlock()
		if busy {
			turnedAway(w)
			return
		}
		s.render(w, r, page{Title: "Prices", Heading: "Prices of today"})
	}
}
