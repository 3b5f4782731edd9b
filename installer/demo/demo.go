// Package demo shows readmit at work on the sample site.
//
// It promises to leave nothing behind and to touch nothing of the person's
// own: agent, host, browser profile, vault and journal live in one throw-away
// folder, the vault is a file with a random passphrase, the system's keyring
// is never asked, and everything that was started is ended again, also when
// the demo fails or is interrupted.
//
// Limits: on a system whose browsers are not in the table, and for a browser
// that takes no extension from the command line, the person loads the
// extension by hand; the demo says how.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"golang.org/x/term"

	"github.com/readmit/readmit/installer/samplesite"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Options say which demo to run. Bin, Out and Err are required.
type Options struct {
	Headless bool   // no browser, even where one could be shown
	Browser  string // id of the browser to show; empty means the first that is found, if any
	Bin      string // folder of the three programs
	// Extension is the folder of the extension; empty means extension/src
	// beside Bin.
	Extension string
	Out, Err  io.Writer

	cases []samplesite.Case // nil means all
}

// Error is a demo that could not be run, with what helps.
type Error struct {
	Err  error
	Hint string
}

// Error implements error; the hint is printed apart.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Run runs the demo until it is over, the browser ends or ctx does, and
// returns the exit code: 0 when everything shown was right, 1 when not, 2 when
// the options name no browser that could be shown.
func Run(ctx context.Context, o Options) (exit int, err error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// Caught, a reader that goes away makes a write fail instead of killing the
	// demo before it has cleared up. Ignored, it would be so in a browser too.
	gone := make(chan os.Signal, 1)
	signal.Notify(gone, syscall.SIGPIPE)
	defer signal.Stop(gone)
	out := &output{w: o.Out, stop: stop}
	o.Out = out
	chosen, err := choose(o, isTerminal(o.Out))
	if err != nil {
		return exitUsage, err
	}
	before := snapshot()
	site, err := samplesite.Serve(ctx, samplesite.Config{})
	if err != nil {
		return exitFailed, fmt.Errorf("serving the sample site: %w", err)
	}
	defer func() { err = errors.Join(err, site.Close()) }()
	s, err := raise(ctx, o.Bin)
	if err != nil {
		return exitFailed, err
	}
	defer func() {
		if cleared := s.clear(); cleared != nil {
			exit, err = exitFailed, errors.Join(err, cleared)
		}
	}()
	defer func() {
		if out.err == nil {
			return
		}
		exit, err = exitFailed, out.err
		if errors.Is(out.err, syscall.EPIPE) {
			err = nil // whoever went away knows
		}
	}()
	if chosen != nil {
		return show(ctx, o, s, site, *chosen)
	}
	return tell(ctx, o, s, site, before)
}

// extension is the folder of the extension, which must hold a manifest.
func (o Options) extension() (string, error) {
	folder := o.Extension
	if folder == "" {
		folder = filepath.Join(filepath.Dir(o.Bin), "extension", "src")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("finding the extension: %w", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "manifest.json")); err != nil {
		return "", &Error{Err: fmt.Errorf("finding the extension: %w", err), Hint: "run the demo from a source folder, or with --headless"}
	}
	return folder, nil
}

func isTerminal(w any) bool {
	if out, ok := w.(*output); ok {
		w = out.w
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
