package capture

import (
	"bufio"
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

// readJSON reads refusals as readmit itself writes them.
func readJSON(in *bufio.Reader, c *collector) (*Broken, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxJSON+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the input: %w", err)
	case len(data) > maxJSON:
		return nil, fmt.Errorf("a refusal in JSON of more than %d MiB is %w", maxJSON>>20, ErrTooLarge)
	}
	var records []record
	var one record
	if err := json.Unmarshal(data, &records); err != nil {
		if json.Unmarshal(data, &one) != nil {
			return brokenJSON(data, err)
		}
		records = []record{one}
	}
	for i, rec := range records {
		r := rec.Refusal
		if rec.Inner != nil {
			r = *rec.Inner
		}
		c.summary.Exchanges++
		r, err := refusal.New(r)
		var bad *refusal.InputError
		switch {
		case errors.As(err, &bad) && len(records) == 1:
			return nil, fmt.Errorf("%w: its %s is %s", ErrUnrecognised, bad.Field, bad.Problem)
		case err != nil:
			continue
		}
		c.last = fmt.Sprintf("refusal %d", i+1)
		c.summary.Refusals++
		c.hold(&held{Refused: Refused{Source: c.last, Refusal: r}, origin: &origin{}, page: &page{}})
		if err := c.flush(heldBytes); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// brokenJSON tells a text that is no JSON from JSON that is no refusal.
func brokenJSON(data []byte, err error) (*Broken, error) {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		if int(syntax.Offset) >= len(data) {
			return &Broken{Problem: "the file ends in the middle"}, nil
		}
		return &Broken{Problem: "what follows is not JSON"}, nil
	}
	return nil, ErrUnrecognised
}
