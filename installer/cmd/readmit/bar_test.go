package main

import (
	"bytes"
	"testing"
	"time"
)

func TestTheBarShowsOnlyWhatTakesLong(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)
	b := newBar(streams{err: &out}, 200, func() time.Time { return now })
	if b.on {
		t.Fatal("a buffer counts as a terminal")
	}
	b.on = true
	b.add(50)
	now = now.Add(barAfter)
	b.add(0)
	if out.Len() > 0 {
		t.Errorf("shown within a second: %q", &out)
	}
	now = now.Add(time.Millisecond)
	b.add(50)
	if want := "\r[###############...............] 50 %"; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}
	out.Reset()
	b.add(50) // at once
	if out.Len() > 0 {
		t.Errorf("shown twice at a time: %q", &out)
	}
	now = now.Add(barEvery + time.Millisecond)
	b.add(100) // a file may grow while it is read
	if want := "\r[##############################] 100 %"; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}
	out.Reset()
	b.end()
	b.end()
	if want := "\r                                        \r"; out.String() != want {
		t.Errorf("taken away with %q, want %q", &out, want)
	}
}

func TestTheBarCountsWhereTheSizeIsNotKnown(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)
	b := newBar(streams{err: &out}, 0, func() time.Time { return now })
	b.on = true
	now = now.Add(2 * barAfter)
	b.add(5 << 20)
	if want := "\r5 MiB read"; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}
}

func TestTheBarIsNotShownWhereNobodyLooks(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)
	b := newBar(streams{err: &out}, 0, func() time.Time { return now })
	now = now.Add(time.Hour)
	b.add(1)
	b.end()
	if out.Len() > 0 {
		t.Errorf("printed %q", &out)
	}
}
