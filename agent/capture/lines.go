package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
)

// maxLine bounds one line of a transcript; what is longer is cut. A page
// without line breaks is one line.
const maxLine = 64 << 10

var (
	// statusLine is RFC 9112 4, and HTTP/2 and HTTP/3 as curl writes them.
	statusLine  = regexp.MustCompile(`^HTTP/(\d(?:\.\d)?) ([1-5]\d\d)(?: [^<>]*)?$`)
	requestLine = regexp.MustCompile(`^([A-Z]{3,20}) (\S+) HTTP/\d(?:\.\d)?$`)
	fieldLine   = regexp.MustCompile("^:?[A-Za-z0-9!#$%&'*+.^_`|~-]+:")
	// partOfMarked is a line of curl -v cut off; whole ones end with a break.
	partOfMarked = regexp.MustCompile(`^(?:[<>*{}]|[<>*{}] .*)$`)
	// partOfField is what may be left of a header line.
	partOfField = regexp.MustCompile(`^[A-Za-z0-9-]*$`)
	// glued stands behind a body that ends without a line break.
	glued = regexp.MustCompile(`HTTP/\d(?:\.\d)? [1-5]\d\d(?: [A-Za-z' -]*)?$`)
	// partOfFirst is how much of a first line may be left of a file cut off.
	partOfFirst = regexp.MustCompile(`^(?:[<>] )?(?:HT?|HTTP?|HTTP/[\d.]*(?: [1-5]?\d?)?)$`)
	// gluedNote is what curl -v says of itself behind such a body.
	gluedNote = regexp.MustCompile(`\* (?:Connection #\d+ to host |Closing connection|shutting down connection|RESOLVE |Hostname |Host |Added |Found bundle|Re-?using |  Trying |Issue another |Uses proxy|Curl_http_done).*$`)
	traceTime = regexp.MustCompile(`^\d\d:\d\d:\d\d\.\d{6} (?:\[\d+-\d+\] )?`)
	nextURL   = regexp.MustCompile(`^\* Issue another request to this URL: '([^']+)'`)
	connected = regexp.MustCompile(`^\* (?:Connected|Established connection) to .*\bport (\d+)`)
	encrypted = regexp.MustCompile(`^\* (?:SSL connection using|TLSv1|ALPN[:,])|\[:scheme: https\]`)
	dataNote  = regexp.MustCompile(`^[{}] \[\d+ bytes data\]$`)
	// meter is curl's progress, which a note may follow without a line break.
	meter = regexp.MustCompile(`^(?:  % Total +% Received.*$|  +Dload +Upload.*$|[ \d]{3} +[\d.]+[kMGT]? .*?[-\d]+:[-\d]+:[-\d]+ +[-\d]+:[-\d]+:[-\d]+ +[-\d]+:[-\d]+:[-\d]+ +[\d.]+[kMGT]?)`)
	// command is a shell's prompt with curl behind it; "+ " is sh -x.
	command = regexp.MustCompile(`^(?:.*[$#>%] |\+ )?curl(?:\.exe)? `)
	// otherURL are options of curl that may hold an address other than the one
	// that was asked for.
	otherURL = regexp.MustCompile(` (?:-[xeHdbAFTo]|--(?:proxy|preproxy|referer|header|data[a-z-]*|json|cookie|user-agent|form|output|resolve|connect-to)) *[= ]?(?:'[^']*'|"[^"]*"|\S+)`)
	address  = regexp.MustCompile(`https?://[^\s'"<>]+`)
	// sequence is how terminals are told to print in bold and to link.
	sequence = regexp.MustCompile(`\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\a]*(?:\x1b\\|\a)`)
)

// asked returns the address in a command line of curl.
func asked(line string) string {
	return address.FindString(otherURL.ReplaceAllString(line, " "))
}

// looksLikeTranscript looks for the first line of a request or a response.
func looksLikeTranscript(head []byte) bool {
	lines := bytes.FieldsFunc(head, func(r rune) bool { return r == '\n' || r == '\r' })
	for _, line := range lines {
		s := traceTime.ReplaceAllString(string(line), "")
		s = strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(s, "< "), "> "), " ")
		if statusLine.MatchString(s) || requestLine.MatchString(s) {
			return true
		}
	}
	return false
}

// readLine reads one line, cut to maxLine, and the line break after it: LF, CR
// or CRLF, in which terminals and Windows may have doubled the CR. The break
// is empty at the end of the input.
func readLine(in *bufio.Reader) (line, end string, err error) {
	var held []byte
	for {
		if _, err := in.Peek(1); err != nil {
			return string(held), "", err
		}
		part, _ := in.Peek(in.Buffered())
		n := bytes.IndexAny(part, "\r\n")
		whole := n >= 0
		if !whole {
			n = len(part)
		}
		if room := maxLine - len(held); room > 0 {
			held = append(held, part[:min(n, room)]...)
		}
		_, _ = in.Discard(n)
		if whole {
			return string(held), lineBreak(in), nil
		}
	}
}

func lineBreak(in *bufio.Reader) string {
	for n := 1; n <= 4; n++ {
		part, err := in.Peek(n)
		switch {
		case len(part) == n && part[n-1] == '\n':
			_, _ = in.Discard(n)
			if n > 1 {
				return "\r\n"
			}
			return "\n"
		case err != nil && !errors.Is(err, io.EOF), len(part) < n, part[n-1] != '\r':
			_, _ = in.Discard(1)
			return "\r"
		}
	}
	_, _ = in.Discard(1)
	return "\r"
}
