package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// refusalReport diagnoses one refused response and opens an incident, or goes
// on with that of the same page.
func (s *server) refusalReport(_ context.Context, c *conn, p *rpc.ReportParams) (*rpc.ViewResult, error) {
	r, err := refusal.New(p.Refusal)
	if err != nil {
		return nil, inputError(err)
	}
	now := s.now()
	id, err := incident.NewID(now, s.random)
	if err != nil {
		return nil, err
	}
	report := *p
	report.Refusal = refusal.Refusal{}
	s.sawDate(&r)
	if !r.Request.Private {
		s.journal.Success(r.Origin(), lastSuccess(p, now))
	}
	s.recallVisit(c, &r, now)
	earlier, refused := s.book.earlier(c, &r, now)
	d, plan := s.judge(&r, s.facts(&r, &report, earlier, refused))

	inc := s.book.report(c, &report, &r, now, func(e *entry) *entry {
		if e != nil && e.inc.Amend(r, d, plan) {
			return e
		}
		fresh := incident.New(r, d, recovery.CarryOver(s.book.failedHere(c, &r, now), plan), now, id)
		fresh.Engine = c.caller.Engine
		return &entry{inc: fresh}
	})
	s.log.Info().Str("part", "hub").Uint64("conn", c.id).Str("incident", inc.ID).
		Str("cause", string(leading(&inc))).Int("status", r.Status).Msg("refusal diagnosed")
	s.keep(&inc)
	return s.view(c, &inc), nil
}

// imfFixdate is the one form in which dates are sent (RFC 9110, 5.6.7).
const imfFixdate = "Mon, 02 Jan 2006 15:04:05 GMT"

// sawDate compares this computer's clock with a fresh response's.
func (s *server) sawDate(r *refusal.Refusal) {
	date := r.Header("date")
	if len(date) != 1 || len(r.Header("age")) > 0 || r.Request.FromCache == refusal.KnownYes {
		return
	}
	if at, err := time.Parse(imfFixdate, date[0]); err == nil {
		s.machine.SawDate(r.Origin(), at, r.Time)
	}
}

func leading(inc *incident.Incident) cause.ID {
	if len(inc.Diagnosis.Ranked) == 0 {
		return cause.Unknown
	}
	return inc.Diagnosis.Ranked[0].Cause
}

func inputError(err error) error {
	var input *refusal.InputError
	if errors.As(err, &input) {
		return invalid(fmt.Sprintf("refusal.%s: %s", input.Field, input.Problem))
	}
	return err
}
