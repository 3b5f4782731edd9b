package capture

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/readmit/readmit/agent/refusal"
)

// maxJSON is more than the longest journal page holds.
const maxJSON = 4 << 20

// record is a refusal, or what holds one, such as an incident.
type record struct {
	refusal.Refusal
	Inner *refusal.Refusal `json:"refusal"`
}

// readJSON reads refusals as readmit itself writes them: one, a list, or one
// after the other.
func readJSON(in *bufio.Reader, c *collector) (*Broken, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxJSON+1))
	broken := brokenBy(err)
	switch {
	case broken == nil && err != nil:
		return nil, fmt.Errorf("reading the input: %w", err)
	case len(data) > maxJSON:
		return nil, fmt.Errorf("a refusal in JSON of more than %d MiB is %w", maxJSON>>20, ErrTooLarge)
	}
	j := &jsonReader{c: c, data: data, d: json.NewDecoder(bytes.NewReader(data))}
	err = j.all()
	var syntax *json.SyntaxError
	switch {
	case c.failed != nil:
		return nil, c.failed
	case broken != nil:
	case ended(err):
		broken = &Broken{Problem: "the file ends in the middle"}
	case errors.As(err, &syntax):
		broken = &Broken{Problem: "what follows is not JSON", Offset: max(0, syntax.Offset-1)}
	case j.reason != nil && c.summary.Refusals == 0:
		return nil, j.reason
	}
	return broken, nil
}

// jsonReader reads one value after the other, and lists element by element, so
// that one that breaks off gives what stands before.
type jsonReader struct {
	c      *collector
	data   []byte
	d      *json.Decoder
	n      int
	reason error // why the first value that is no refusal is none
}

func (j *jsonReader) all() error {
	for {
		rest := bytes.TrimLeft(j.data[j.d.InputOffset():], " \t\r\n")
		switch {
		case len(rest) == 0:
			return nil
		case rest[0] != '[':
			if err := j.one(); err != nil {
				return err
			}
			continue
		}
		if _, err := j.d.Token(); err != nil {
			return err
		}
		for j.d.More() {
			if err := j.one(); err != nil {
				return err
			}
		}
		if _, err := j.d.Token(); err != nil {
			return err
		}
	}
}

// one reads a value; what is no refusal is passed over.
func (j *jsonReader) one() error {
	var value json.RawMessage
	if err := j.d.Decode(&value); err != nil {
		return err
	}
	j.n++
	j.c.summary.Exchanges++
	var rec record
	if err := json.Unmarshal(value, &rec); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			err = fmt.Errorf("%w: its %s is a %s", ErrUnrecognised, wrong.Field, wrong.Value)
		} else {
			err = ErrUnrecognised
		}
		j.pass(err)
		return nil
	}
	r := rec.Refusal
	if rec.Inner != nil {
		r = *rec.Inner
	}
	r, err := refusal.New(r)
	if err != nil {
		var bad *refusal.InputError
		if errors.As(err, &bad) && (rec.URL != "" || rec.Inner != nil) {
			err = fmt.Errorf("%w: its %s is %s", ErrUnrecognised, bad.Field, bad.Problem)
		} else {
			err = ErrUnrecognised
		}
		j.pass(err)
		return nil
	}
	j.c.last = fmt.Sprintf("refusal %d", j.n)
	j.c.summary.Refusals++
	j.c.hold(&held{Refused: Refused{Source: j.c.last, Refusal: r}, origin: &origin{}, page: &page{}})
	return j.c.flush(heldBytes)
}

func (j *jsonReader) pass(reason error) {
	j.c.summary.Unread++
	if j.reason == nil {
		j.reason = reason
	}
}
