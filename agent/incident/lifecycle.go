package incident

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

// Lifetime is how long an incident stays open when nothing happens.
const Lifetime = 12 * time.Hour

// maxOutcomes bounds the record: a page that is reloaded all day is one story.
const maxOutcomes = 64

// New opens an incident. The id comes from NewID.
func New(r refusal.Refusal, d diagnosis.Diagnosis, plan []recovery.Step, now time.Time, id string) *Incident {
	return &Incident{V: Version, ID: id, Opened: now.UTC(), Refusal: r, Diagnosis: d, Plan: plan}
}

// Crockford's base 32 sorts like the numbers it stands for and has no letter
// that reads like a digit. https://www.crockford.com/base32.html
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// The first 10 letters hold the time in milliseconds (48 bits), the other 10
// are random (50 bits).
const timeLetters, randomLetters = 10, 10

// NewID returns an id that sorts by time: twenty letters and digits, half of
// them random. It fails only when random does.
func NewID(now time.Time, random io.Reader) (string, error) {
	var seed [8]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return "", fmt.Errorf("making an incident id: %w", err)
	}
	id := make([]byte, 0, timeLetters+randomLetters)
	id = appendBase32(id, uint64(max(now.UnixMilli(), 0)), timeLetters)
	id = appendBase32(id, binary.BigEndian.Uint64(seed[:]), randomLetters)
	return string(id), nil
}

func appendBase32(b []byte, v uint64, letters int) []byte {
	for i := letters - 1; i >= 0; i-- {
		b = append(b, alphabet[v>>(5*i)&31])
	}
	return b
}

// Open says whether the incident can still change.
func (inc *Incident) Open() bool { return inc.Closing == "" }

// Apply records what a step led to and moves the plan on. A page that opened
// closes the incident. A closed incident stays as it is, and Apply says so by
// returning false.
func (inc *Incident) Apply(o recovery.Outcome) bool {
	if !inc.Open() {
		return false
	}
	if len(inc.Outcomes) < maxOutcomes {
		inc.Outcomes = append(inc.Outcomes, o)
	}
	inc.Plan = recovery.Advance(inc.Plan, o)
	if o.Result == recovery.ResultRecovered {
		inc.Close(ClosingRecovered, time.Unix(o.Unix, 0))
	}
	return true
}

// Amend replaces what was seen and what follows from it, keeping what became
// of the steps already tried. A closed incident stays as it is, and Amend says
// so by returning false.
func (inc *Incident) Amend(r refusal.Refusal, d diagnosis.Diagnosis, plan []recovery.Step) bool {
	if !inc.Open() {
		return false
	}
	inc.Refusal, inc.Diagnosis = r, d
	inc.Plan = recovery.Carry(inc.Plan, plan)
	return true
}

// Close ends the incident; the first ending stands.
func (inc *Incident) Close(c Closing, at time.Time) {
	if inc.Open() {
		inc.Closing, inc.Closed = c, at.UTC()
	}
}

// Expire closes an incident that has been open for longer than Lifetime and
// says whether it did.
func (inc *Incident) Expire(now time.Time) bool {
	if !inc.Open() || now.Sub(inc.Opened) < Lifetime {
		return false
	}
	inc.Close(ClosingExpired, now)
	return true
}

// Continues says whether a refusal is one more of the same page, so that it
// amends this incident instead of opening another: the same address, method
// and kind of request in the same kind of window, while the incident is open.
// The caller knows whether it came from the same tab.
func (inc *Incident) Continues(r *refusal.Refusal, now time.Time) bool {
	old := &inc.Refusal
	return inc.Open() && now.Sub(inc.Opened) < Lifetime &&
		old.URL == r.URL && old.Method == r.Method && old.ResourceType == r.ResourceType &&
		old.Request.Private == r.Request.Private
}
