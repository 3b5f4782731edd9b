package capture

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/readmit/readmit/agent/refusal"
)

// transcript reads requests and responses as text: what curl -i prints, what
// curl -v prints (there "> " and "< " mark the header lines and "* " notes, and
// the bodies come between or at the end), and HTTP as it stands on the wire.
type transcript struct {
	c      *collector
	state  state
	marked bool // the header being read is one of curl -v
	n      int  // responses read
	x      *exchange
	next   exchange // the request of the response to come
	url    string   // the address of the next response, as far as known
	secure bool
	// waiting is set from a marked request to the next note.
	waiting bool
	// verbose is set once a marked header was seen.
	verbose bool
	shown   []int // statuses of marked responses, which -i prints once more
	body    strings.Builder
	ahead   string // a first line that may be part of the body
	aheadBy string // the line break after it
}

type state int

const (
	outside state = iota
	inRequest
	inRequestBody
	inResponse
	inBody
	inEcho // the header of a marked response once more
)

func readTranscript(in *bufio.Reader, c *collector, url string) (*Broken, error) {
	t := &transcript{c: c, url: url}
	for {
		line, end, err := readLine(in)
		if err != nil {
			broken := brokenBy(err)
			if broken == nil {
				return nil, fmt.Errorf("reading the input: %w", err)
			}
			part, failed := t.end(line)
			if isEnd(err) {
				broken = part
			}
			return broken, failed
		}
		if err := t.line(line, end); err != nil {
			return nil, err
		}
	}
}

// end reads the last line, which has no break, and says whether something is
// missing after it.
func (t *transcript) end(last string) (*Broken, error) {
	last = strings.TrimSuffix(last, "\ufffd") // half a letter of UTF-16
	broken := partOfFirst.MatchString(last) && (t.state != inBody || t.body.Len() == 0) ||
		t.verbose && partOfMarked.MatchString(last) || t.state == inRequestBody && t.waiting
	next := last
	if partOfField.MatchString(last) {
		next = "cut:" // hardly a page ends in a status line
	}
	if err := t.settleAhead(next); err != nil {
		return nil, err
	}
	if last != "" {
		if err := t.line(last, ""); err != nil {
			return nil, err
		}
	}
	if err := t.settleAhead(""); err != nil {
		return nil, err
	}
	broken = broken || t.state == inRequest || t.state == inResponse || t.state == inEcho || t.state == inBody && t.short()
	after := t.c.last
	if err := t.finish(); err != nil {
		return nil, err
	}
	if broken {
		t.c.last = after
		return &Broken{Problem: "the file ends in the middle"}, nil
	}
	return nil, nil
}

// short says whether there is less of a body than its header promises. One
// that is not there at all was not to be printed.
func (t *transcript) short() bool {
	length, err := strconv.Atoi(t.x.response.get("content-length"))
	body := t.body.String()
	// Line breaks may have been two octets.
	return err == nil && body != "" && !t.x.cut && t.x.response.get("content-encoding") == "" &&
		len(body)+strings.Count(body, "\n") < length
}

func (t *transcript) line(line, end string) error {
	if strings.Contains(line, "\x1b") {
		line = sequence.ReplaceAllString(line, "")
	}
	if n := traceTime.FindStringIndex(line); n != nil {
		line = line[n[1]:]
	}
	if t.verbose || t.state == outside {
		if n := meter.FindStringIndex(line); n != nil {
			if line = line[n[1]:]; line == "" {
				return nil
			}
		}
	}
	if t.ahead != "" {
		if err := t.settleAhead(line); err != nil {
			return err
		}
	}
	if read, err := t.markedLine(line); read || err != nil {
		return err
	}
	switch t.state {
	case inRequest:
		if !t.marked {
			return t.requestField(line)
		}
	case inResponse:
		if !t.marked {
			return t.responseField(line)
		}
		t.echo(line)
	case inEcho:
		if line == "" {
			t.state = inBody
		}
	case inBody:
		return t.bodyLine(line, end)
	default:
		return t.outsideLine(line)
	}
	return nil
}

// markedLine reads a line of curl -v that is no part of a body.
func (t *transcript) markedLine(line string) (bool, error) {
	switch {
	case strings.HasPrefix(line, "* "):
		if t.verbose || t.state == outside {
			t.note(line)
			return true, nil
		}
	case line == ">" || strings.HasPrefix(line, "> "):
		field := strings.TrimPrefix(line[1:], " ")
		if t.state == inRequest && t.marked || requestLine.MatchString(field) {
			t.verbose, t.marked = true, true
			return true, t.requestField(field)
		}
	case line == "<" || strings.HasPrefix(line, "< "):
		field := strings.TrimPrefix(line[1:], " ")
		if t.state == inResponse && t.marked || statusLine.MatchString(strings.TrimRight(field, " ")) {
			t.verbose, t.marked = true, true
			return true, t.responseField(field)
		}
	case t.verbose && dataNote.MatchString(line):
		return true, nil
	}
	return false, nil
}

// note reads what curl -v says about itself.
func (t *transcript) note(line string) {
	t.waiting = false
	if m := nextURL.FindStringSubmatch(line); m != nil {
		t.url = m[1]
	}
	if m := connected.FindStringSubmatch(line); m != nil {
		t.secure = m[1] == "443"
	}
	t.secure = t.secure || encrypted.MatchString(line)
}

func (t *transcript) outsideLine(line string) error {
	bare := strings.TrimRight(line, " ")
	switch {
	case command.MatchString(line):
		t.asks(line)
	case t.state == inRequestBody:
		// A form ends without a line break.
		if n := glued.FindStringIndex(bare); n != nil && !t.echo(bare) {
			return t.begin(bare[n[0]:])
		}
	case statusLine.MatchString(bare):
		if !t.echo(bare) {
			return t.begin(bare)
		}
	case requestLine.MatchString(bare):
		return t.begin(bare)
	}
	return nil
}

// asks reads a command line.
func (t *transcript) asks(line string) {
	if a := asked(line); a != "" {
		t.url = a
	}
	t.shown = nil
}

// echo reads the status line that curl -v -i prints once more.
func (t *transcript) echo(line string) bool {
	m := statusLine.FindStringSubmatch(strings.TrimRight(line, " "))
	if m == nil || len(t.shown) == 0 || strconv.Itoa(t.shown[0]) != m[2] {
		return false
	}
	t.shown = t.shown[1:]
	if t.state != inResponse {
		t.state = inEcho
	}
	return true
}

// begin starts a request or a response with its first line, unmarked.
func (t *transcript) begin(line string) error {
	t.marked = false
	if requestLine.MatchString(line) {
		return t.requestField(line)
	}
	return t.responseField(line)
}

func (t *transcript) requestField(line string) error {
	if m := requestLine.FindStringSubmatch(strings.TrimRight(line, " ")); m != nil {
		if err := t.finish(); err != nil {
			return err
		}
		t.state = inRequest
		t.next = exchange{method: m[1], url: m[2]}
		return nil
	}
	if line == "" {
		t.state, t.waiting = inRequestBody, t.marked
		t.locate()
		return nil
	}
	addField(&t.next.request, line)
	return nil
}

func (t *transcript) responseField(line string) error {
	if m := statusLine.FindStringSubmatch(strings.TrimRight(line, " ")); m != nil {
		if err := t.finish(); err != nil {
			return err
		}
		x := t.next
		x.whole = x.method != "" // curl and raw HTTP show requests as they went
		t.x, t.state = &x, inResponse
		if x.url = t.url; x.url == "" {
			x.url = refusal.UnknownURL
		}
		x.status, _ = strconv.Atoi(m[2])
		if t.marked && len(t.shown) < maxFields {
			t.shown = append(t.shown, x.status)
		}
		return nil
	}
	if line == "" {
		t.state = inBody
		return nil
	}
	addField(&t.x.response, line)
	return nil
}

// addField reads one header line; a line that begins with a blank continues
// the one before (RFC 9112 5.2).
func addField(to *fields, line string) {
	if n := len(*to); n > 0 && (line[0] == ' ' || line[0] == '\t') {
		f := &(*to)[n-1]
		f.Value = cut(f.Value+" "+strings.TrimSpace(line), maxField)
		return
	}
	if !fieldLine.MatchString(line) {
		return
	}
	from := 0
	if line[0] == ':' {
		from = 1 // a pseudo-header of HTTP/2
	}
	i := strings.IndexByte(line[from:], ':') + from
	to.add(line[:i], line[i+1:])
}
