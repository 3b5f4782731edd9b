package samplesite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Running is a site that is being served on loopback.
type Running struct {
	Site    *Site
	URL     string // the site
	Other   string // the same site on a second port: cookies are shared with it, origins are not
	Control string // the control API

	servers []*http.Server
	done    sync.WaitGroup
}

// Serve serves a new site on three free loopback ports until Close.
func Serve(ctx context.Context, cfg Config) (*Running, error) {
	var listeners []net.Listener
	closeAll := func() {
		for _, l := range listeners {
			_ = l.Close()
		}
	}
	for range 3 {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			closeAll()
			return nil, fmt.Errorf("listening on loopback: %w", err)
		}
		listeners = append(listeners, l)
	}
	address := func(i int) string { return "http://" + listeners[i].Addr().String() }
	if cfg.OtherOrigin == "" {
		cfg.OtherOrigin = address(1)
	}
	run := &Running{Site: New(cfg), URL: address(0), Other: address(1), Control: address(2)}
	handlers := []http.Handler{run.Site.Handler(), run.Site.Handler(), run.Site.ControlHandler()}
	for i, l := range listeners {
		server := &http.Server{
			Handler:           handlers[i],
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       30 * time.Second,
			IdleTimeout:       time.Minute,
			MaxHeaderBytes:    64 << 10,
		}
		run.servers = append(run.servers, server)
		run.done.Go(func() { _ = server.Serve(l) })
	}
	return run, nil
}

// Close ends the serving, open connections included.
func (run *Running) Close() error {
	var errs []error
	for _, server := range run.servers {
		errs = append(errs, server.Close())
	}
	run.done.Wait()
	return errors.Join(errs...)
}

// Main serves a site until stdin ends, after one line of JSON on stdout that
// says where: {"site", "site2", "control"}. It returns the exit code.
func Main(stdin io.Reader, stdout, stderr io.Writer) int {
	run, err := Serve(context.Background(), Config{})
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "samplesite: %v\n", err)
		return 1
	}
	where := map[string]string{"site": run.URL, "site2": run.Other, "control": run.Control}
	if err := json.NewEncoder(stdout).Encode(where); err != nil {
		_, _ = fmt.Fprintf(stderr, "samplesite: saying where the site is: %v\n", err)
		_ = run.Close()
		return 1
	}
	_, _ = io.Copy(io.Discard, stdin)
	if err := run.Close(); err != nil {
		_, _ = fmt.Fprintf(stderr, "samplesite: closing: %v\n", err)
		return 1
	}
	return 0
}
