package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/readmit/readmit/agent/refusal"
)

// maxLine bounds one line of a transcript; what is longer is cut. A page
// without line breaks is one line.
const maxLine = 64 << 10

var (
	// statusLine is RFC 9112 4, and HTTP/2 and HTTP/3 as curl writes them.
	statusLine  = regexp.MustCompile(`^HTTP/(\d(?:\.\d)?) ([1-5]\d\d)(?: [^<>]*)?$`)
	requestLine = regexp.MustCompile(`^([A-Z]{3,20}) (\S+) HTTP/\d(?:\.\d)?$`)
	fieldLine   = regexp.MustCompile("^:?[A-Za-z0-9!#$%&'*+.^_`|~-]+:")
	// gluedStatus stands behind a body that ends without a line break.
	gluedStatus = regexp.MustCompile(`HTTP/\d(?:\.\d)? [1-5]\d\d(?: [A-Za-z' -]*)?$`)
	// gluedNote is what curl -v says when a transfer is over.
	gluedNote  = regexp.MustCompile(`\* (?:Connection #\d+ to host .* left intact|Closing connection\b.*|shutting down connection\b.*|Curl_http_done\b.*)$`)
	traceTime  = regexp.MustCompile(`^\d\d:\d\d:\d\d\.\d{6} `)
	nextURL    = regexp.MustCompile(`^\* Issue another request to this URL: '([^']+)'`)
	securePort = regexp.MustCompile(`^\*.*(?:SSL connection using|TLSv1|ALPN|[ :](?:port )?443\b)`)
	dataNote   = regexp.MustCompile(`^[{}] \[\d+ bytes data\]$`)
	meter      = regexp.MustCompile(`^(?:  % Total +% Received|  +Dload  Upload|[ \d]{3} [ .\dkMG]+ +\d+ .*--:--)`)
	command    = regexp.MustCompile(`^(?:.*[$#>%] )?curl(?:\.exe)? `)
	address    = regexp.MustCompile(`https?://[^\s'"<>]+`)
)

// looksLikeTranscript looks for the first line of a request or a response.
func looksLikeTranscript(head []byte) bool {
	for line := range bytes.SplitSeq(head, []byte("\n")) {
		s := traceTime.ReplaceAllString(strings.TrimRight(string(line), "\r"), "")
		s = strings.TrimPrefix(strings.TrimPrefix(s, "< "), "> ")
		if statusLine.MatchString(strings.TrimRight(s, " ")) || requestLine.MatchString(s) {
			return true
		}
	}
	return false
}

// transcript reads requests and responses as text.
type transcript struct {
	c       *collector
	state   state
	n       int // responses read
	x       *exchange
	next    exchange // the request of the response to come
	url     string   // the address of the next response, as far as known
	secure  bool
	verbose bool // the lines of curl -v were seen
	body    strings.Builder
	ahead   string // a status line that may be part of the body
}

type state int

const (
	outside state = iota
	inRequest
	inRequestBody
	inResponse
	inBody
)

func readTranscript(in *bufio.Reader, c *collector, url string) (*Broken, error) {
	t := &transcript{c: c, url: url}
	for {
		line, err := readLine(in)
		if line != "" || err == nil {
			if err := t.line(line); err != nil {
				return nil, err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return t.end()
		case brokenOff(err):
			broken, failed := t.end()
			if broken == nil {
				broken = &Broken{Problem: "the file ends in the middle"}
			}
			return broken, failed
		case err != nil:
			return nil, fmt.Errorf("reading the input: %w", err)
		}
	}
}

// readLine reads one line without its end, cut to maxLine.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if room := maxLine - len(line); room > 0 {
			line = append(line, part[:min(len(part), room)]...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return strings.TrimRight(string(line), "\r\n"), err
	}
}

func (t *transcript) end() (*Broken, error) {
	if err := t.settleAhead(""); err != nil {
		return nil, err
	}
	broken := t.state == inResponse
	if err := t.finish(); err != nil {
		return nil, err
	}
	if broken {
		return &Broken{Problem: "the file ends in the middle of a response's header"}, nil
	}
	return nil, nil
}

func (t *transcript) line(line string) error {
	if traceTime.MatchString(line) {
		line = line[len("00:00:00.000000 "):]
	}
	if t.ahead != "" {
		if err := t.settleAhead(line); err != nil {
			return err
		}
	}
	switch {
	case strings.HasPrefix(line, "* ") && (t.verbose || t.state == outside):
		t.verbose = true
		t.note(line)
		return nil
	case line == ">" || strings.HasPrefix(line, "> ") && (t.verbose || requestLine.MatchString(line[2:])):
		t.verbose = true
		return t.requestField(strings.TrimPrefix(line[1:], " "))
	case line == "<" || strings.HasPrefix(line, "< ") && (t.verbose || statusLine.MatchString(strings.TrimRight(line[2:], " "))):
		t.verbose = true
		return t.responseField(strings.TrimPrefix(line[1:], " "))
	case t.verbose && (dataNote.MatchString(line) || meter.MatchString(line)):
		return nil
	}
	switch t.state {
	case inRequest:
		if !t.verbose {
			return t.requestField(line)
		}
	case inResponse:
		if !t.verbose {
			return t.responseField(line)
		}
	case inBody:
		return t.bodyLine(line)
	default:
		return t.outsideLine(line)
	}
	return nil
}

// note reads what curl -v says about itself.
func (t *transcript) note(line string) {
	if m := nextURL.FindStringSubmatch(line); m != nil {
		t.url = m[1]
	}
	t.secure = t.secure || securePort.MatchString(line)
}

func (t *transcript) outsideLine(line string) error {
	switch bare := strings.TrimRight(line, " "); {
	case command.MatchString(line):
		if a := address.FindString(line); a != "" {
			t.url = a
		}
	case statusLine.MatchString(bare), requestLine.MatchString(line) && t.state == outside:
		return t.begin(bare)
	}
	return nil
}

// begin starts a request or a response with its first line.
func (t *transcript) begin(line string) error {
	if requestLine.MatchString(line) {
		t.state = inRequest
		t.next = exchange{}
		return t.requestField(line)
	}
	if err := t.finish(); err != nil {
		return err
	}
	return t.responseField(line)
}

func (t *transcript) requestField(line string) error {
	if m := requestLine.FindStringSubmatch(line); m != nil {
		if err := t.finish(); err != nil {
			return err
		}
		t.state = inRequest
		t.next = exchange{method: m[1], url: m[2]}
		return nil
	}
	switch {
	case line == "":
		t.state = inRequestBody
		t.locate()
	default:
		addField(&t.next.request, line)
	}
	return nil
}

// locate makes the target of a request an absolute address (RFC 9112 3.2).
func (t *transcript) locate() {
	target := t.next.url
	switch {
	case strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://"):
		t.url = target
	case t.next.method == "CONNECT":
		t.secure = true
	default:
		host := t.next.request.get("host")
		if host == "" {
			host = t.next.request.get(":authority")
		}
		if host == "" || !strings.HasPrefix(target, "/") {
			return
		}
		scheme := "http"
		if t.secure || !t.verbose {
			scheme = "https" // raw HTTP does not tell
		}
		if s, _, ok := strings.Cut(t.url, "://"); ok && strings.HasPrefix(t.url, s+"://"+host) {
			scheme = s
		}
		t.url = scheme + "://" + host + target
	}
}

func (t *transcript) responseField(line string) error {
	if m := statusLine.FindStringSubmatch(strings.TrimRight(line, " ")); m != nil {
		if err := t.finish(); err != nil {
			return err
		}
		t.n++
		x := t.next
		x.whole = x.method != "" // curl and raw HTTP show requests as they went
		t.x, t.state = &x, inResponse
		x.source, x.url = fmt.Sprintf("response %d", t.n), t.url
		if x.url == "" {
			x.url = refusal.UnknownURL
		}
		if x.method == "" {
			x.method = "GET"
		}
		x.status, _ = strconv.Atoi(m[2])
		return nil
	}
	switch {
	case t.x == nil:
	case line == "":
		t.state = inBody
	default:
		addField(&t.x.response, line)
	}
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

// bodyLine adds to the body, unless the next response begins here.
func (t *transcript) bodyLine(line string) error {
	bare := strings.TrimRight(line, " ")
	if t.verbose {
		if i := gluedNote.FindStringIndex(line); i != nil {
			t.addBody(line[:i[0]])
			return nil
		}
	}
	switch {
	case statusLine.MatchString(bare) && t.body.Len() == 0, requestLine.MatchString(bare) && !t.verbose:
		return t.begin(bare)
	case !t.verbose && gluedStatus.MatchString(bare):
		t.ahead = bare // the next line decides
	default:
		t.addBody(line)
		t.addBody("\n")
	}
	return nil
}

// settleAhead decides whether what looks like a status line is one: then a
// header line follows it.
func (t *transcript) settleAhead(next string) error {
	ahead := t.ahead
	t.ahead = ""
	if ahead == "" {
		return nil
	}
	if !fieldLine.MatchString(next) {
		t.addBody(ahead + "\n")
		return nil
	}
	i := gluedStatus.FindStringIndex(ahead)[0]
	t.addBody(ahead[:i])
	return t.begin(ahead[i:])
}

func (t *transcript) addBody(s string) {
	if s == "\n" && t.body.Len() == 0 {
		return
	}
	if room := maxBody - t.body.Len(); len(s) > room {
		s, _ = clip(s, max(0, room))
		if t.x != nil {
			t.x.cut = true
		}
	}
	t.body.WriteString(s)
}

// finish hands on the response that was being read.
func (t *transcript) finish() error {
	x := t.x
	if x == nil {
		return nil
	}
	t.x, t.state = nil, outside
	x.body = dechunked(strings.TrimRight(t.body.String(), "\n"), x.response.get("transfer-encoding"))
	t.body.Reset()
	connect := x.method == "CONNECT" || x.status == 200 && len(x.response) == 0 && x.body == ""
	if x.status < 200 || connect {
		t.x, t.state = nil, outside
		return nil // 100 Continue and the like (RFC 9110 15.2), and a proxy's tunnel
	}
	t.next = exchange{}
	if to := x.target(); to != "" {
		t.url = to
	}
	return t.c.add(x)
}

// dechunked takes the chunk sizes (RFC 9112 7.1) out of a body that shows
// them, as raw HTTP does and curl does not.
func dechunked(body, encoding string) string {
	if !strings.EqualFold(encoding, "chunked") {
		return body
	}
	var out strings.Builder
	for rest := body; ; {
		line, after, _ := strings.Cut(rest, "\n")
		line, _, _ = strings.Cut(line, ";")
		size, err := strconv.ParseUint(strings.TrimSpace(line), 16, 31)
		switch {
		case err != nil:
			if out.Len() == 0 {
				return body
			}
			return out.String()
		case size == 0:
			return out.String()
		}
		n := min(int(size), len(after))
		out.WriteString(after[:n])
		rest = strings.TrimPrefix(after[n:], "\n")
		if rest == "" {
			return out.String()
		}
	}
}
