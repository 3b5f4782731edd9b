package agent

import (
	"fmt"
	"testing"

	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

func asking(id string) rpc.AskParams { return rpc.AskParams{IncidentID: id} }

func TestOneQuestionAtATimeOverTwoBrowsers(t *testing.T) {
	h := startHub(t)
	p, q := h.browser(), h.browser()
	first, second := h.report(p, "/a"), h.report(q, "/b")
	call[nothing](p, rpc.MethodCredentialAsk, asking(first))
	q.refused(rpc.MethodCredentialAsk, asking(second), rpc.CodeBusy)
	// Nor may another browser end what it does not ask.
	call[nothing](q, rpc.MethodCredentialAsk, rpc.AskParams{IncidentID: first, Over: true})
	q.refused(rpc.MethodCredentialAsk, asking(second), rpc.CodeBusy)
	call[nothing](p, rpc.MethodCredentialAsk, rpc.AskParams{IncidentID: first, Over: true})
	call[nothing](q, rpc.MethodCredentialAsk, asking(second))
	p.refused(rpc.MethodCredentialAsk, asking(h.report(p, "/c")), rpc.CodeBusy)
}

func TestAQuestionEndsWithItsBrowser(t *testing.T) {
	h := startHub(t)
	p, q := h.browser(), h.browser()
	call[nothing](p, rpc.MethodCredentialAsk, asking(h.report(p, "/a")))
	second := h.report(q, "/b")
	q.refused(rpc.MethodCredentialAsk, asking(second), rpc.CodeBusy)
	_ = p.conn.Close()
	h.until(func() bool {
		_, fault := q.ask(rpc.MethodCredentialAsk, asking(second))
		return fault == nil
	})
}

func TestAQuestionThatNobodyEndsHoldsUpOthersForFiveMinutes(t *testing.T) {
	h := startHub(t)
	p, q := h.browser(), h.browser()
	call[nothing](p, rpc.MethodCredentialAsk, asking(h.report(p, "/a")))
	h.clock.forward(release.MaxAge - 1)
	q.refused(rpc.MethodCredentialAsk, asking(h.report(q, "/b")), rpc.CodeBusy)
	h.clock.forward(1)
	call[nothing](q, rpc.MethodCredentialAsk, asking(h.report(q, "/b")))
}

func TestTheWindowThatTurnsAfterARefusalGoesOn(t *testing.T) {
	h := startHub(t)
	p, q := h.browser(), h.browser()
	id := h.report(p, "/a")
	call[nothing](p, rpc.MethodCredentialAsk, asking(id))
	call[nothing](p, rpc.MethodCredentialSave, save(id, "anna", "wrong", false))
	call[rpc.ReleaseResult](p, rpc.MethodCredentialRelease, releaseOf(id, rpc.ConsentOnce))
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultRefused))
	q.refused(rpc.MethodCredentialAsk, asking(h.report(q, "/b")), rpc.CodeBusy)
	if again := h.report(p, "/a"); again != id {
		t.Fatalf("the same page opened another incident: %s, then %s", id, again)
	}
	call[nothing](p, rpc.MethodCredentialAsk, asking(id))
}

func TestOnlyAHeldChallengeIsAskedAbout(t *testing.T) {
	h := startHub(t)
	p, q := h.browser(), h.browser()
	id := h.report(p, "/a")
	q.refused(rpc.MethodCredentialAsk, asking(id), rpc.CodeNotAllowed)
	p.refused(rpc.MethodCredentialAsk, asking("01jdf3k9a0b1c2d3e4f5"), rpc.CodeNotFound)
	call[rpc.ViewResult](p, rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultDeclined))
	p.refused(rpc.MethodCredentialAsk, asking(id), rpc.CodeNotAllowed)
	plain := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.forbidden("/no")).IncidentID
	p.refused(rpc.MethodCredentialAsk, asking(plain), rpc.CodeNotAllowed)
}

// 1,000 challenges of 50 origins: one question in all, and no more entries in
// memory than the book holds.
func TestAFloodOfChallengesOpensOneQuestion(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	granted := 0
	for i := range 1000 {
		r := h.basicRefusal(fmt.Sprintf("/p%d", i))
		origin := fmt.Sprintf("http://127.0.0.%d:8080", 1+i%50)
		r.Refusal.URL, r.Challenger, r.TopOrigin = origin+fmt.Sprintf("/p%d", i), origin, origin
		id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, r).IncidentID
		if _, fault := p.ask(rpc.MethodCredentialAsk, asking(id)); fault == nil {
			granted++
		} else if fault.Code != rpc.CodeBusy && fault.Code != rpc.CodeNotFound {
			t.Fatal(fault)
		}
		if i%3 == 0 {
			_, _ = p.ask(rpc.MethodRecoveryOutcome, outcome(id, recovery.ResultDeclined)) // not known: the book was full
		}
	}
	if granted != 1 {
		t.Errorf("%d questions were granted", granted)
	}
	h.server.book.mu.Lock()
	defer h.server.book.mu.Unlock()
	if n := len(h.server.book.entries); n > maxEntries {
		t.Errorf("%d entries are held", n)
	}
}
