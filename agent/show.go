package agent

import (
	"errors"

	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/agent/support"
)

// look returns an incident as it stands, from memory or from the journal.
func (s *server) look(id string) (incident.Incident, error) {
	if inc, ok := s.book.with(id, func(*entry) {}); ok {
		return inc, nil
	}
	inc, err := s.journal.Get(id)
	if errors.Is(err, journal.ErrNotFound) {
		return incident.Incident{}, notFound("this incident")
	}
	if err != nil {
		return incident.Incident{}, journalError(err)
	}
	inc.Expire(s.now())
	return *inc, nil
}

// recall brings an incident of an earlier connection or agent back into the
// book, so that it can go on; in the browser that reported it alone.
func (s *server) recall(c *conn, id string) error {
	if _, ok := s.book.with(id, func(*entry) {}); ok {
		return nil
	}
	inc, err := s.look(id)
	if err != nil {
		return err
	}
	if inc.Engine != c.caller.Engine {
		return notFound("this incident")
	}
	now := s.now()
	s.book.mu.Lock()
	defer s.book.mu.Unlock()
	if s.book.entries[id] == nil {
		s.book.add(&entry{inc: &inc, owner: c, touched: now}, now)
	}
	return nil
}

// changed keeps an incident that c changed, and tells the connection that
// reported it when that is another one.
func (s *server) changed(c *conn, inc *incident.Incident) {
	s.keep(inc)
	var owner *conn
	s.book.with(inc.ID, func(e *entry) { owner = e.owner })
	if owner != nil && owner != c && !owner.gone.Load() {
		owner.notify(rpc.NotifyIncidentUpdated, s.view(owner, inc))
	}
}

// keep has the journal write an incident, soon; never one of a private window.
func (s *server) keep(inc *incident.Incident) {
	if inc.Refusal.Request.Private {
		return
	}
	if err := s.journal.Put(inc); err != nil {
		s.log.Warn().Err(err).Str("part", "journal").Str("incident", inc.ID).Msg("keeping an incident")
	}
}

func (s *server) view(c *conn, inc *incident.Incident) *rpc.ViewResult {
	return &rpc.ViewResult{IncidentID: inc.ID, View: s.explain(c, inc)}
}

func (s *server) explain(c *conn, inc *incident.Incident) explain.View {
	v := explain.Of(inc, explain.Options{Now: s.now(), Language: c.language()})
	v.SupportCode = support.Code(inc, v.Certainty)
	return v
}
