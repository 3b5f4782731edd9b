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
	ended, left := false, false // guarded by g.mu
	// leave gives up on the operation, unless it has ended: that says more.
	leave := func(stuck bool) bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		left = !ended
		g.stuck = g.stuck || (stuck && left)
		return left
	}
	stop := context.AfterFunc(own, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if !ended {
			g.stuck = true
		}
	})
	go func() {
		value, err := f(own)
		stop()
		g.mu.Lock()
		ended, g.stuck = true, false
		unwanted := left
		g.mu.Unlock()
		cancelOwn()
		if unwanted {
			discard(value)
		} else {
			done <- result{value, err}
		}
		<-g.slot
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		if leave(false) {
			return zero, gaveUp(ctx)
		}
	case <-own.Done():
		if leave(true) {
			return zero, errTimeout()
		}
	}
	r := <-done
	return r.value, r.err
}

// discard wipes a secret that came too late for its caller.
func discard(value any) {
	if secret, ok := value.(interface{ Wipe() }); ok {
		secret.Wipe()
	}
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
