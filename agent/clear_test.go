package agent

import (
	"testing"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
)

func TestTheHistoryForgetsOneASiteOrAll(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	report := func(r rpc.ReportParams) string { return call[rpc.ViewResult](p, rpc.MethodRefusalReport, r).IncidentID }
	other := h.forbidden("/a")
	other.Refusal.URL = "https://other.example.org/a"
	first, second, third := report(h.forbidden("/a")), report(h.forbidden("/b")), report(other)
	known := func(id string) bool {
		for _, l := range call[rpc.ListIncidentsResult](p, rpc.MethodIncidentList, rpc.ListIncidentsParams{}).Incidents {
			if l.IncidentID == id {
				return true
			}
		}
		return false
	}
	call[nothing](p, rpc.MethodIncidentClear, rpc.ClearParams{IncidentID: first})
	if known(first) || !known(second) || !known(third) {
		t.Error("not exactly the one incident is forgotten")
	}
	p.refused(rpc.MethodIncidentClear, rpc.ClearParams{IncidentID: first}, rpc.CodeNotFound)
	p.refused(rpc.MethodIncidentClear, rpc.ClearParams{IncidentID: second, Origin: site}, rpc.CodeBadParams)
	call[nothing](p, rpc.MethodIncidentClear, rpc.ClearParams{Origin: site})
	if known(second) || !known(third) {
		t.Error("not exactly the site is forgotten")
	}
	p.refused(rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: second}, rpc.CodeNotFound)
	call[nothing](p, rpc.MethodIncidentClear, rpc.ClearParams{})
	if known(third) {
		t.Error("something is left")
	}
}

func TestTheHistorySaysWhatHelped(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, h.signedOut("/a")).IncidentID
	step(p, id, cause.LoginAgain, recovery.ResultRecovered)
	list := call[rpc.ListIncidentsResult](p, rpc.MethodIncidentList, rpc.ListIncidentsParams{}).Incidents
	if len(list) != 1 || list[0].Past == nil || list[0].Past.Outcome != "Signing in again helped." || list[0].Past.Origin != site || list[0].Closed != "recovered" {
		t.Errorf("%+v", list)
	}
}
