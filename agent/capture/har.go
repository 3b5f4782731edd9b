package capture

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/readmit/readmit/agent/refusal"
)

// readHAR reads HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) one
// entry at a time. Fields may be missing, null, or of another type than the
// specification says: writers differ.
func readHAR(in *bufio.Reader, c *collector) (*Broken, error) {
	h := &harReader{d: jsontext.NewDecoder(newCutter(in), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), c: c}
	err := h.object(func(name string) error {
		if name != "log" {
			return h.d.SkipValue()
		}
		return h.object(func(name string) error {
			if name != "entries" {
				return h.d.SkipValue()
			}
			return h.array(h.entry)
		})
	})
	return h.brokenBy(err)
}

type harReader struct {
	d *jsontext.Decoder
	c *collector
	n int
}

// brokenBy tells a broken input from what the caller has to know.
func (h *harReader) brokenBy(err error) (*Broken, error) {
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil, nil
	case brokenOff(err):
		return &Broken{Problem: "the file ends in the middle"}, nil
	case errors.As(err, &syntax):
		return &Broken{Problem: "what follows is not JSON"}, nil
	}
	return nil, err
}

// object calls value for each member of an object, which must read its value.
// Anything but an object is passed over.
func (h *harReader) object(value func(name string) error) error {
	if h.d.PeekKind() != '{' {
		return h.d.SkipValue()
	}
	if _, err := h.d.ReadToken(); err != nil {
		return err
	}
	for h.d.PeekKind() != '}' {
		name, err := h.d.ReadToken()
		if err != nil {
			return err
		}
		if err := value(name.String()); err != nil {
			return err
		}
	}
	_, err := h.d.ReadToken()
	return err
}

// array calls element for each element, which must read it.
func (h *harReader) array(element func() error) error {
	if h.d.PeekKind() != '[' {
		return h.d.SkipValue()
	}
	if _, err := h.d.ReadToken(); err != nil {
		return err
	}
	for h.d.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := h.d.ReadToken()
	return err
}

// text reads a string, a number or a boolean as text, and anything else as "".
func (h *harReader) text(to *string) error {
	switch h.d.PeekKind() {
	case '"', '0', 't', 'f':
		token, err := h.d.ReadToken()
		if err == nil {
			*to = token.String()
		}
		return err
	}
	return h.d.SkipValue()
}

func (h *harReader) number(to *float64) error {
	var s string
	err := h.text(&s)
	if n, bad := strconv.ParseFloat(s, 64); bad == nil {
		*to = n
	}
	return err
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

func (h *harReader) entry() error {
	h.n++
	var e entry
	err := h.object(func(name string) error { return h.entryField(&e, name) })
	if err != nil {
		return err
	}
	e.source = fmt.Sprintf("entry %d", h.n)
	if !e.started.IsZero() {
		e.time = e.started.Add(time.Duration(max(0, min(e.took, 1e9))) * time.Millisecond)
	}
	if e.response.get("content-type") == "" && e.mime != "" {
		e.response.add("content-type", e.mime)
	}
	e.body, e.exchange.cut = bodyOf(e.content, e.encoding)
	return h.c.add(&e.exchange)
}

func (h *harReader) entryField(e *entry, name string) error {
	var s string
	var err error
	switch name {
	case "startedDateTime":
		if err = h.text(&s); err == nil {
			e.started, _ = time.Parse(time.RFC3339, s)
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
		if err = h.text(&s); err == nil && s != "" {
			e.cached = refusal.KnownYes
		}
	case "_fetchType": // Safari: "Memory Cache", "Disk Cache", "Network Load"
		if err = h.text(&s); err == nil && strings.HasSuffix(s, "Cache") {
			e.cached = refusal.KnownYes
		}
	default:
		err = h.d.SkipValue()
	}
	return err
}

// resourceTypes turns the types of the DevTools protocol
// (https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-ResourceType),
// as Chromium writes them, into those of webRequest.
var resourceTypes = map[string]string{
	"document": "main_frame", "stylesheet": "stylesheet", "image": "image", "media": "media", "font": "font",
	"script": "script", "texttrack": "media", "xhr": "xmlhttprequest", "fetch": "xmlhttprequest", "eventsource": "xmlhttprequest",
	"websocket": "websocket", "manifest": "web_manifest", "ping": "ping", "cspviolationreport": "csp_report",
	"preflight": "xmlhttprequest", "other": "other",
}

func (h *harReader) requestField(e *entry, name string) error {
	switch name {
	case "method":
		return h.text(&e.method)
	case "url":
		return h.text(&e.url)
	case "headers":
		return h.headers(&e.request)
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
	return h.d.SkipValue()
}

func (h *harReader) responseField(e *entry, name string) error {
	switch name {
	case "status":
		var status float64
		err := h.number(&status)
		if status >= 100 && status < 600 {
			e.status = int(status)
		}
		return err
	case "headers":
		return h.headers(&e.response)
	case "redirectURL":
		return h.text(&e.redirect)
	case "content":
		if e.status != 0 && !e.refused() {
			return h.d.SkipValue() // the text of a page that opened says nothing
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
			return h.d.SkipValue()
		})
	}
	return h.d.SkipValue()
}

func (h *harReader) headers(to *fields) error {
	return h.array(func() error {
		var name, value string
		err := h.object(func(member string) error {
			switch member {
			case "name":
				return h.text(&name)
			case "value":
				return h.text(&value)
			}
			return h.d.SkipValue()
		})
		to.add(name, value)
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
			if err = h.text(&s); err == nil {
				c.Expires, _ = time.Parse(time.RFC3339, s)
			}
		default:
			err = h.d.SkipValue()
		}
		return err
	})
	return c, err
}

// bodyOf decodes a body; cut says that there was more of it.
func bodyOf(content, encoding string) (body string, more bool) {
	if strings.EqualFold(encoding, "base64") {
		content, more = clip(content, maxString/8)
		content = strings.TrimRight(content, "=")
		b, err := base64.RawStdEncoding.DecodeString(content)
		var bad base64.CorruptInputError
		if errors.As(err, &bad) {
			b, _ = base64.RawStdEncoding.DecodeString(content[:int64(bad)/4*4])
		}
		content = string(b)
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
	return s[:max], true
}

// peeks at the first names of a JSON text.
func jsonKind(head []byte) (Kind, bool) {
	d := jsontext.NewDecoder(newCutter(strings.NewReader(string(head))), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if d.PeekKind() != '{' {
		return JSON, true
	}
	if _, err := d.ReadToken(); err != nil {
		return "", false
	}
	for n := 0; ; n++ {
		name, err := d.ReadToken()
		if err != nil || name.Kind() != '"' {
			return JSON, n > 0 || errors.Is(err, io.EOF)
		}
		if name.String() == "log" {
			return HAR, true
		}
		if d.SkipValue() != nil {
			return JSON, true
		}
	}
}
