package capture

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/readmit/readmit/agent/refusal"
)

// readHAR reads HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) one
// entry at a time. Fields may be missing, null, or of another type than the
// specification says, and in any order: writers differ.
func readHAR(in *bufio.Reader, c *collector) (*Broken, error) {
	h := &harReader{reader: newReader(in), c: c}
	for {
		err := h.object(func(name string) error {
			if name != "log" {
				return h.skip()
			}
			return h.object(func(name string) error {
				if name != "entries" {
					return h.skip()
				}
				return h.array(h.entry)
			})
		})
		if err == nil && h.more() {
			continue // two files, one after the other
		}
		return h.brokenBy(err)
	}
}

type harReader struct {
	*reader
	c *collector
	n int
}

// brokenBy tells a broken input from what the caller has to know.
func (h *harReader) brokenBy(err error) (*Broken, error) {
	if err == nil || h.c.failed != nil {
		return nil, err
	}
	broken := brokenBy(err)
	var syntax *jsontext.SyntacticError
	switch {
	case broken != nil:
		return broken, nil
	case errors.As(err, &syntax):
		return &Broken{Problem: "what follows is not JSON", Offset: syntax.ByteOffset + h.cut.dropped}, nil
	case errors.Is(err, errBare), errors.Is(err, errDeep):
		return &Broken{Problem: "what follows is JSON that no program writes", Offset: h.d.InputOffset() + h.cut.dropped}, nil
	}
	return nil, fmt.Errorf("reading the input: %w", err)
}

// entry is one exchange as the file has it.
type entry struct {
	exchange
	started  time.Time
	took     float64 // milliseconds
	content  string
	mime     string
	encoding string
}

// entry reads one exchange. One that breaks off is explained as well where it
// got far enough to show that it was refused.
func (h *harReader) entry() error {
	h.n++
	e := entry{exchange: exchange{browser: true, source: fmt.Sprintf("entry %d", h.n)}}
	broken := h.object(func(name string) error { return h.entryField(&e, name) })
	if broken != nil && (!e.refused() || e.url == "") {
		return broken
	}
	if e.time = e.started; !e.started.IsZero() && e.took > 0 {
		e.time = e.started.Add(time.Duration(min(e.took, 1e9) * float64(time.Millisecond)))
	}
	if e.response.get("content-type") == "" && e.mime != "" {
		e.response.add("content-type", e.mime)
	}
	e.body, e.cut = bodyOf(e.content, e.encoding, e.response.get("content-type"))
	last := h.c.last
	err := h.c.add(&e.exchange)
	if broken != nil && err == nil {
		h.c.last, err = last, broken
	}
	return err
}

func (h *harReader) entryField(e *entry, name string) error {
	var s string
	var err error
	switch name {
	case "startedDateTime":
		if err = h.text(&s); err == nil {
			e.started = timeOf(s)
		}
	case "time":
		err = h.number(&e.took)
	case "request":
		err = h.object(func(name string) error { return h.requestField(e, name) })
	case "response":
		err = h.object(func(name string) error { return h.responseField(e, name) })
	case "_resourceType": // Chromium, Edge
		if err = h.text(&s); err == nil {
			e.kind = resourceTypes[s]
		}
	case "_fromCache": // Chromium: memory or disk
		if err = h.text(&s); err == nil && s != "" && s != "false" {
			e.cached = refusal.KnownYes
		}
	case "_fetchType": // Safari: "Memory Cache", "Disk Cache", "Service Worker", "Network Load"
		if err = h.text(&s); err == nil && strings.HasSuffix(s, "Cache") {
			e.cached = refusal.KnownYes
		}
	default:
		err = h.skip()
	}
	return err
}

// timeOf reads the times of HAR. Some proxies write the offset without a colon
// (Jackson's "+0000"), some writers no offset.
func timeOf(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

func (h *harReader) requestField(e *entry, name string) error {
	switch name {
	case "method":
		return h.text(&e.method)
	case "url":
		return h.text(&e.url)
	case "headers":
		return h.headers(&e.request, telling)
	case "cookies":
		return h.array(func() error {
			c, err := h.cookie()
			if err == nil && c.Name != "" {
				e.sentAny = true
				if len(e.cookies) < refusal.MaxCookies {
					e.cookies = append(e.cookies, c)
				}
			}
			return err
		})
	}
	return h.skip()
}

// telling are the fields that say something of a request, or of an answer that
// was no refusal.
var telling = map[string]bool{
	"host": true, ":authority": true, "authorization": true, "cookie": true, "referer": true, "origin": true, "accept": true, "sec-fetch-dest": true,
	"x-requested-with": true, "upgrade": true, "location": true, "set-cookie": true, "content-type": true,
}

func (h *harReader) responseField(e *entry, name string) error {
	known := e.status != 0 && !e.refused()
	switch name {
	case "status":
		var status float64
		err := h.number(&status)
		if status >= 100 && status < 600 {
			e.status = int(status)
		}
		return err
	case "headers":
		if known {
			return h.headers(&e.response, telling)
		}
		return h.headers(&e.response, nil)
	case "redirectURL":
		return h.text(&e.redirect)
	case "content":
		if known {
			return h.skip() // the text of a page that opened says nothing
		}
		return h.object(func(name string) error {
			switch name {
			case "text":
				return h.text(&e.content)
			case "mimeType":
				return h.text(&e.mime)
			case "encoding":
				return h.text(&e.encoding)
			}
			return h.skip()
		})
	}
	return h.skip()
}

// headers reads header fields: those of the given names, or all.
func (h *harReader) headers(to *fields, only map[string]bool) error {
	return h.array(func() error {
		var name, value string
		err := h.object(func(member string) error {
			switch {
			case member == "name":
				err := h.text(&name)
				name = strings.ToLower(name)
				return err
			case member == "value" && (only == nil || name == "" || only[name]):
				return h.text(&value)
			}
			return h.skip()
		})
		if err == nil && (only == nil || only[name]) {
			to.add(name, value)
		}
		return err
	})
}

// cookie reads a cookie; its value is never looked at.
func (h *harReader) cookie() (refusal.Cookie, error) {
	var c refusal.Cookie
	err := h.object(func(member string) error {
		var s string
		var err error
		switch member {
		case "name":
			err = h.text(&c.Name)
		case "domain":
			err = h.text(&c.Domain)
		case "path":
			err = h.text(&c.Path)
		case "expires":
			// Chromium gives a session cookie the end of 1969.
			if err = h.text(&s); err == nil {
				if t := timeOf(s); t.Year() > 1970 && t.Year() < 9999 {
					c.Expires = t
				}
			}
		default:
			err = h.skip()
		}
		return err
	})
	c.Name, c.Domain, c.Path = cut(c.Name, maxCookieText), cut(c.Domain, maxCookieText), cut(c.Path, maxCookieText)
	return c, err
}

// maxCookieText is more than refusal.New keeps of any part of a cookie.
const maxCookieText = 2 * refusal.MaxCookie

// bodyOf decodes a body; more says that there was more of it.
func bodyOf(content, encoding, contentType string) (body string, more bool) {
	if strings.EqualFold(encoding, "base64") {
		content, more = clip(content, maxString/4)
		// What stands before an error is decoded (RFC 4648 4).
		octets, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight(content, "=\r\n "))
		content = inUnicode(string(octets), contentType)
	}
	content, longer := clip(content, maxBody)
	return content, more || longer
}

// clip cuts at a rune.
func clip(s string, max int) (string, bool) {
	if len(s) <= max {
		return s, false
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return strings.Clone(s[:max]), true
}

func (r *reader) number(to *float64) error {
	var s string
	err := r.text(&s)
	if n, bad := strconv.ParseFloat(s, 64); bad == nil {
		*to = n
	}
	return err
}
