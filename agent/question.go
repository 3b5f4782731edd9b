package agent

import (
	"time"

	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/rpc"
)

// question is readmit's one window on this desktop: the incident that it asks
// about and the connection whose browser shows it. A person answers one at a
// time, whatever number of tabs, windows and browsers is challenged.
type question struct {
	incident string
	owner    *conn
	until    time.Time // a browser that forgot to end it holds up the others no longer
}

// ask gives the one window to an incident, or says why not. The window that
// asks already may go on, as after a refused password.
func (b *book) ask(c *conn, id string, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[id]
	switch {
	case e == nil:
		return notFound("this incident")
	case e.owner != c || c.gone.Load() || !e.waits(now):
		return notAllowed("the browser holds no request for it")
	}
	if q := b.question; q != nil && q.incident != id && now.Before(q.until) {
		return &rpc.Error{Code: rpc.CodeBusy, Message: "readmit asks about another page", Hint: "answer that first", Retryable: true}
	}
	b.question = &question{incident: id, owner: c, until: now.Add(release.MaxAge)}
	return nil
}

// asked ends the question about an incident, if this connection asks it.
func (b *book) asked(c *conn, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.question != nil && b.question.incident == id && b.question.owner == c {
		b.question = nil
	}
}
