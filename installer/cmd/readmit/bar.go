package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

const (
	barWidth = 30
	barAfter = time.Second // what is over sooner needs no bar
	barEvery = 100 * time.Millisecond
)

// bar shows on a terminal how much of an input has been read, once that takes
// longer than barAfter. Where the size is not known it counts.
type bar struct {
	w     io.Writer
	on    bool
	size  int64
	read  int64
	now   func() time.Time
	next  time.Time
	shown bool
}

func newBar(s streams, size int64, now func() time.Time) *bar {
	f, ok := s.err.(*os.File)
	return &bar{w: s.err, on: ok && term.IsTerminal(int(f.Fd())), size: size, now: now, next: now().Add(barAfter)}
}

func (b *bar) add(n int) {
	b.read += int64(n)
	if !b.on {
		return
	}
	if now := b.now(); now.After(b.next) {
		b.next = now.Add(barEvery)
		b.show()
	}
}

func (b *bar) show() {
	b.shown = true
	if b.size <= 0 {
		_, _ = fmt.Fprintf(b.w, "\r%d MiB read", b.read>>20)
		return
	}
	full := int(barWidth * min(b.read, b.size) / b.size)
	_, _ = fmt.Fprintf(b.w, "\r[%s%s] %d %%", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), 100*min(b.read, b.size)/b.size)
}

// end takes the bar away; what is printed after it starts a line of its own.
func (b *bar) end() {
	if b.shown {
		_, _ = fmt.Fprintf(b.w, "\r%s\r", strings.Repeat(" ", barWidth+10))
		b.shown = false
	}
}
