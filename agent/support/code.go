package support

import (
	"errors"
	"hash/fnv"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
)

// Facts is what a support code says.
type Facts struct {
	Cause     cause.ID
	Second    cause.ID // the runner-up; empty when there is none
	Status    int      // 401 or 403
	Certainty explain.Certainty
	Action    cause.Action     // the step that is next; empty when none is
	Hour      time.Time        // UTC, the hour in which the incident opened
	Closing   incident.Closing // empty while it is open
	Tag       int              // 9 bits of the incident's id: tells two calls of one hour apart
}

// ErrNotACode answers a text that cannot be a support code: a wrong length, a
// letter outside the alphabet or a checksum that does not fit.
var ErrNotACode = errors.New("this is not a support code; check the letters once more")

// ErrNewerCode answers a well-formed code that holds what this version does
// not know.
var ErrNewerCode = errors.New("this support code comes from a newer readmit; update readmit to read it")

const codeVersion = 1

// The closed lists of a code. It carries the index, so entries may only be
// appended.
var (
	certainties = []explain.Certainty{explain.Unsure, explain.Likely, explain.Sure}
	closings    = []incident.Closing{"", incident.ClosingRecovered, incident.ClosingGivenUp, incident.ClosingExpired}
	statuses    = []int{401, 403}
)

// epoch is where the hours of a code begin; 20 bits of hours reach beyond 2140.
var epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// The fields of a code in order, with their bits: 56 together.
const (
	versionBits   = 4
	causeBits     = 6
	statusBits    = 1
	certaintyBits = 2
	actionBits    = 6
	hourBits      = 20
	closingBits   = 2
	tagBits       = 9
)

// Code returns the support code of an incident, grouped as XXXX-XXXXX-XXXXX.
// It says why, how sure (the certainty of the incident's view) and what comes
// next, never where or who.
func Code(inc *incident.Incident, certainty explain.Certainty) string {
	return encode(factsOf(inc, certainty))
}

func encode(f Facts) string {
	var p packer
	p.put(codeVersion, versionBits)
	p.put(causeNumber(f.Cause), causeBits)
	p.put(causeNumber(f.Second), causeBits)
	p.put(index(statuses, f.Status), statusBits)
	p.put(index(certainties, f.Certainty), certaintyBits)
	p.put(actionNumber(f.Action), actionBits)
	p.put(int(f.Hour.Sub(epoch)/time.Hour), hourBits)
	p.put(index(closings, f.Closing), closingBits)
	p.put(f.Tag, tagBits)
	return p.word()
}

// Decode reads a support code as a person may have typed it: in any case, with
// or without grouping, with the look-alikes that the alphabet leaves out. An
// error is ErrNotACode or ErrNewerCode, and Facts then is zero.
func Decode(s string) (Facts, error) {
	u, err := unpack(s)
	if err != nil {
		return Facts{}, err
	}
	if u.take(versionBits) != codeVersion {
		return Facts{}, ErrNewerCode
	}
	var f Facts
	known := true
	f.Cause, known = causeOf(u.take(causeBits), known)
	f.Second, known = causeOf(u.take(causeBits), known)
	f.Status, known = entry(statuses, u.take(statusBits), known)
	f.Certainty, known = entry(certainties, u.take(certaintyBits), known)
	f.Action, known = actionOf(u.take(actionBits), known)
	f.Hour = epoch.Add(time.Duration(u.take(hourBits)) * time.Hour)
	f.Closing, known = entry(closings, u.take(closingBits), known)
	f.Tag = u.take(tagBits)
	if !known {
		return Facts{}, ErrNewerCode
	}
	return f, nil
}

func factsOf(inc *incident.Incident, certainty explain.Certainty) Facts {
	f := Facts{
		Status:    inc.Refusal.Status,
		Certainty: certainty,
		Hour:      inc.Opened.UTC().Truncate(time.Hour),
		Closing:   inc.Closing,
		Tag:       tag(inc.ID),
	}
	if r := inc.Diagnosis.Ranked; len(r) > 0 {
		f.Cause = r[0].Cause
		if len(r) > 1 {
			f.Second = r[1].Cause
		}
	}
	for _, s := range inc.Plan {
		if s.State == recovery.StateNext || s.State == recovery.StateRunning {
			f.Action = s.Action
			break
		}
	}
	return f
}

func tag(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id)) // a hash's Write returns no error
	return int(h.Sum32() & (1<<tagBits - 1))
}

func causeNumber(id cause.ID) int {
	e, _ := cause.ByID(id)
	return e.Number // 0 for none
}

func causeOf(n int, known bool) (cause.ID, bool) {
	e, ok := cause.ByNumber(n)
	return e.ID, known && (ok || n == 0)
}

func actionNumber(a cause.Action) int {
	e, _ := cause.ActionByID(a)
	return e.Number // 0 for none
}

func actionOf(n int, known bool) (cause.Action, bool) {
	e, ok := cause.ActionByNumber(n)
	return e.Action, known && (ok || n == 0)
}

func index[T comparable](list []T, v T) int {
	for i, e := range list {
		if e == v {
			return i
		}
	}
	return 0
}

func entry[T any](list []T, i int, known bool) (T, bool) {
	if i >= len(list) {
		var zero T
		return zero, false
	}
	return list[i], known
}
