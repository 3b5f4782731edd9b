package demo

import (
	"fmt"
	"io"
	"strings"
)

// progress is a bar on a terminal, and nothing elsewhere.
type progress struct {
	w     io.Writer
	on    bool
	total int
}

const barWidth = 30

func (p progress) at(done int) {
	if !p.on {
		return
	}
	full := barWidth * done / max(p.total, 1)
	_, _ = fmt.Fprintf(p.w, "\r[%s%s] %d of %d", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, p.total)
}

// end takes the bar away.
func (p progress) end() {
	if p.on {
		_, _ = fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", barWidth+24))
	}
}
