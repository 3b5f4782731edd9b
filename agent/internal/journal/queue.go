package journal

import (
	"errors"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// queue holds what waits to be written, so that a reply never waits for a
// disk: one write for all that came within groupWait.
type queue struct {
	mu        sync.Mutex
	incidents map[string]stored
	leaving   map[string]stored // being written now; still to be found here
	success   map[string]time.Time
	rates     map[string]rate // to be added
	adding    map[string]rate // being added now
	timer     *time.Timer
	timers    sync.WaitGroup // timer functions that may still run
	closed    bool

	writing sync.Mutex // one write at a time, in order
}

func (q *queue) put(j *Journal, id string, s stored) error {
	q.mu.Lock()
	if q.incidents == nil {
		q.incidents = map[string]stored{}
	}
	q.incidents[id] = s
	full := len(q.incidents) >= maxPending
	q.arm(j)
	q.mu.Unlock()
	if full {
		return q.flush(j)
	}
	return nil
}

func (q *queue) putSuccess(j *Journal, origin string, hour time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.success == nil {
		q.success = map[string]time.Time{}
	}
	if len(q.success) < maxPending && hour.After(q.success[origin]) {
		q.success[origin] = hour
		q.arm(j)
	}
}

func (q *queue) putRate(j *Journal, key string, r rate) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.rates == nil {
		q.rates = map[string]rate{}
	}
	if _, known := q.rates[key]; known || len(q.rates) < maxPending {
		q.rates[key] = q.rates[key].plus(r)
		q.arm(j)
	}
}

// arm starts the timer of a group unless one runs. The caller holds mu.
func (q *queue) arm(j *Journal) {
	if q.timer != nil || q.closed {
		return
	}
	q.timers.Add(1)
	q.timer = time.AfterFunc(groupWait, func() {
		defer q.timers.Done()
		if err := q.flush(j); err != nil && j.conf.OnError != nil {
			j.conf.OnError(err)
		}
	})
}

// flush writes all that waits. A journal that takes no entries loses them.
func (q *queue) flush(j *Journal) error {
	q.writing.Lock()
	defer q.writing.Unlock()
	q.mu.Lock()
	if q.timer != nil && q.timer.Stop() {
		q.timers.Done()
	}
	q.timer = nil
	incidents, success, rates := q.incidents, q.success, q.rates
	q.incidents, q.success, q.rates, q.leaving, q.adding = nil, nil, nil, incidents, rates
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		q.leaving, q.adding = nil, nil
		q.mu.Unlock()
	}()
	if len(incidents) == 0 && len(success) == 0 && len(rates) == 0 {
		return nil
	}
	err := j.update(func(tx *bolt.Tx) error {
		for id, s := range incidents {
			if err := putStored(tx, id, s); err != nil {
				return err
			}
		}
		for key, r := range rates {
			if err := addRate(tx, key, r); err != nil {
				return err
			}
		}
		for origin, hour := range success {
			if err := putSuccess(tx, origin, hour); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrReadOnly) {
		return nil
	}
	return err
}

func (q *queue) close(j *Journal) error {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	err := q.flush(j)
	q.timers.Wait()
	return err
}

func (q *queue) raw(id string) ([]byte, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s, ok := q.incidents[id]
	if !ok {
		s, ok = q.leaving[id]
	}
	return s.raw, ok
}

// pages returns the waiting index entries of an origin, by id.
func (q *queue) pages(origin string) map[string]page {
	q.mu.Lock()
	defer q.mu.Unlock()
	var found map[string]page
	for _, waiting := range []map[string]stored{q.leaving, q.incidents} {
		for id, s := range waiting {
			if s.page.origin == origin {
				if found == nil {
					found = map[string]page{}
				}
				found[id] = s.page
			}
		}
	}
	return found
}

func (q *queue) lastSuccess(origin string) time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.success[origin]
}

// waitingRates returns what is to be added to the rates on disk. What is being
// added may be counted twice for a moment, or not yet: an order does not turn
// on it.
func (q *queue) waitingRates() map[string]rate {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := map[string]rate{}
	for _, rates := range []map[string]rate{q.adding, q.rates} {
		for key, r := range rates {
			waiting[key] = waiting[key].plus(r)
		}
	}
	return waiting
}
