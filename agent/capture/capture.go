// Package capture reads what programs recorded of HTTP and finds the refusals
// in it: HAR 1.2, what curl -i and curl -v print, raw HTTP, and a refusal in
// JSON. What the input is, it finds out by looking.
//
// It promises flat memory whatever the size of the input, that every refusal
// has passed refusal.New, and that refusals come in the order of the input.
// Exchanges that were not refused are context: they become the story of a
// refusal, such as "this origin opened before".
//
// What an input does not hold is unknown, never absent: browsers export HAR
// files without Cookie and Authorization
// (https://developer.chrome.com/blog/new-in-devtools-130#har-sensitive). That
// none was sent is concluded only where the same input shows them being sent
// to the same origin.
//
// An input that breaks off or breaks its grammar is read up to that point and
// Summary.Broken says where.
package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/readmit/readmit/agent/refusal"
)

// Kind is what an input turned out to be.
type Kind string

// The kinds of input.
const (
	HAR        Kind = "har"        // http://www.softwareishard.com/blog/har-12-spec/
	Transcript Kind = "transcript" // curl -i, curl -v, raw HTTP
	JSON       Kind = "json"       // a refusal.Refusal, or an object that holds one as "refusal", or a list of either
)

// Refused is one refused exchange of a capture.
type Refused struct {
	Source  string // where it stands, such as "entry 12"
	Refusal refusal.Refusal
	Story   Story
}

// Story is what the rest of the capture tells about the origin and the address
// of a refusal. The zero value tells nothing.
type Story struct {
	LastSuccess time.Time // when the origin last handed out a page or data before; zero when never, or when the capture has no clock
	Refusals    int       // earlier refusals of the same address
	Later       Later     // what the same address answered afterwards
}

// Later is the next answer of the same address.
type Later string

// What may have come later; the zero value is nothing.
const (
	LaterOpened   Later = "opened"    // and no sign-in shows in between
	LaterSignedIn Later = "signed_in" // after a sign-in: with Authorization where there was none, or past a sign-in page
	LaterRefused  Later = "refused"
)

// Summary says what was read.
type Summary struct {
	Kind      Kind
	Exchanges int
	Refusals  int
	// Unread counts what was to be a refusal and could not be read.
	Unread int
	// ProxyAsked counts the answers of a proxy that wants a sign-in for itself
	// (407, RFC 9110 15.5.8).
	ProxyAsked int
	Broken     *Broken // nil when the input was whole
}

// Broken says where an input stopped making sense. What stands before it has
// been read.
type Broken struct {
	After   string // the last thing read whole, such as "entry 11"; "the beginning" when there is none
	Offset  int64  // bytes of the input read by then; after decompression
	Problem string // in plain words
}

// Options says how to read. The zero value is valid.
type Options struct {
	URL string // the address asked for, where the input does not say, as curl -i does not
}

// ErrUnrecognised reports an input that is none of the kinds.
var ErrUnrecognised = errors.New("neither a HAR file nor an HTTP transcript nor a refusal in JSON")

// ErrEmpty reports an input in which nothing stands.
var ErrEmpty = errors.New("there is nothing in it")

// ErrTooLarge reports a refusal in JSON that is larger than any is.
var ErrTooLarge = errors.New("too large")

const (
	// maxInput bounds a compressed input, whose size on disk says nothing.
	maxInput = 2 << 30
	// peeked is how much of an input decides what it is.
	peeked = 64 << 10
)

// Read calls each for every refusal, in order. It returns ErrEmpty, ErrUnrecognised,
// ErrTooLarge, what reading the input failed with, or what each returned. What
// stands before a failure has been handed on.
func Read(in io.Reader, opt Options, each func(Refused) error) (Summary, error) {
	return read(in, opt, maxInput, each)
}

func read(in io.Reader, opt Options, most int64, each func(Refused) error) (Summary, error) {
	text, err := decoded(in, most)
	if err != nil {
		return Summary{}, err
	}
	counted := &counter{r: text}
	buffered := bufio.NewReaderSize(counted, peeked)
	head, err := buffered.Peek(peeked)
	if err != nil && brokenBy(err) == nil {
		return Summary{}, fmt.Errorf("reading the input: %w", err)
	}
	if len(bytes.TrimSpace(head)) == 0 && errors.Is(err, io.EOF) {
		return Summary{}, ErrEmpty
	}
	c := newCollector(each)
	var broken *Broken
	switch kind, ok := kindOf(head); {
	case !ok:
		return Summary{}, ErrUnrecognised
	case kind == HAR:
		c.summary.Kind = HAR
		broken, err = readHAR(buffered, c)
	case kind == JSON:
		c.summary.Kind = JSON
		broken, err = readJSON(buffered, c)
	default:
		c.summary.Kind = Transcript
		broken, err = readTranscript(buffered, c, opt.URL)
	}
	if failed := c.flush(0); err == nil {
		err = failed
	}
	if broken != nil {
		broken.After = c.last
		if broken.Offset == 0 {
			broken.Offset = counted.n - int64(buffered.Buffered())
		}
		c.summary.Broken = broken
	}
	return c.summary, err
}

// kindOf looks at the beginning of an input.
func kindOf(head []byte) (Kind, bool) {
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return "", false
	case trimmed[0] == '{' || trimmed[0] == '[':
		return jsonKind(trimmed)
	case trimmed[0] == '<' && !bytes.HasPrefix(trimmed, []byte("< ")):
		return "", false // a page, which may well show a transcript
	case looksLikeTranscript(trimmed):
		return Transcript, true
	}
	return "", false
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
