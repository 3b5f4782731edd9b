package vault

import (
	"context"
	"errors"
	"sync"
	"time"
)

// gate lets one operation through at a time and bounds the wait for it. A
// keyring may hang for ever (Secret Service: an unlock prompt that nobody
// sees), and its goroutine cannot be stopped: it is left behind, and until it
// returns every call is answered with ErrTimeout at once.
type gate struct {
	limit time.Duration // 0: no bound
	slot  chan struct{}

	mu    sync.Mutex
	stuck bool // whoever holds the slot is past the limit
}

func newGate(limit time.Duration) *gate {
	return &gate{limit: limit, slot: make(chan struct{}, 1)}
}

func (g *gate) isStuck() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stuck
}

// run does f behind the gate. f has its own bound and runs to its end also
// when the caller goes away, so that a change is never half recorded.
func run[T any](ctx context.Context, g *gate, f func(context.Context) (T, error)) (T, error) {
	var zero T
	if g.isStuck() {
		return zero, errTimeout()
	}
	wait, cancelWait := g.bound(ctx)
	defer cancelWait()
	select {
	case g.slot <- struct{}{}:
	case <-wait.Done():
		return zero, gaveUp(ctx)
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	own, cancelOwn := g.bound(context.WithoutCancel(ctx))
	ended := false // guarded by g.mu
	expire := func() (stuck bool) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if !ended {
			g.stuck = true
		}
		return !ended
	}
	stop := context.AfterFunc(own, func() { expire() })
	go func() {
		value, err := f(own)
		stop()
		g.mu.Lock()
		ended, g.stuck = true, false
		g.mu.Unlock()
		cancelOwn()
		done <- result{value, err}
		<-g.slot
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return zero, gaveUp(ctx)
	case <-own.Done():
	}
	// An operation that has ended all the same says more than the bound does.
	if expire() {
		return zero, errTimeout()
	}
	r := <-done
	return r.value, r.err
}

func (g *gate) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, g.limit)
}

func errTimeout() error {
	return &Error{ErrTimeout, nil, unlockHint}
}

// gaveUp tells the bound of the gate from a caller who went away.
func gaveUp(ctx context.Context) error {
	if err := context.Cause(ctx); errors.Is(err, context.Canceled) {
		return err
	}
	return errTimeout()
}
