package demo

import (
	"context"
	"fmt"
	"io"
)

// output is where the demo's answer goes. The first write that fails ends the
// demo: nobody would read the rest, and half an answer is none.
type output struct {
	w    io.Writer
	stop context.CancelFunc
	err  error
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil && o.err == nil {
		o.err = fmt.Errorf("writing the answer: %w", err)
		o.stop()
	}
	return n, err
}
