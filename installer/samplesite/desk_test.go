package samplesite

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func deskForm(account, password string) url.Values {
	return url.Values{"account": {account}, "password": {password}}
}

func TestTheDeskLocksAnAccountAndOthersStayOpen(t *testing.T) {
	s := New(Config{})
	v := visit(t, s)
	wrong := Send{Method: http.MethodPost, Path: "/desk/login", Form: deskForm(SecondAccount, "x")}
	right := Send{Method: http.MethodPost, Path: "/desk/login", Form: deskForm(SecondAccount, s.PasswordOf(SecondAccount))}
	for range maxTries - 1 {
		v.status(401, wrong)
	}
	v.status(303, right) // a right one ends the count
	for range maxTries - 1 {
		v.status(401, wrong)
	}
	v.status(403, wrong)
	v.status(403, right)
	v.status(303, Send{Method: http.MethodPost, Path: "/desk/login", Form: deskForm("anna", "correct horse")})
	v.status(401, Send{Method: http.MethodPost, Path: "/desk/login", Form: deskForm("nobody", "")})
	s.Unlock(SecondAccount)
	v.status(303, right)
}

func TestTheDeskEndsASessionThatNobodyUses(t *testing.T) {
	now := time.Now()
	s := New(Config{Now: func() time.Time { return now }})
	v := visit(t, s)
	v.status(303, Send{Method: http.MethodPost, Path: "/desk/login", Form: deskForm("anna", "correct horse")})
	for range 3 {
		now = now.Add(deskLife - time.Minute)
		v.status(200, Send{Path: "/desk/plan"})
	}
	now = now.Add(deskLife)
	v.status(401, Send{Path: "/desk/plan"})
}

func TestARightThatIsTakenIsGoneAtOnce(t *testing.T) {
	s := New(Config{})
	v := visit(t, s)
	v.status(303, Send{Method: http.MethodPost, Path: "/desk/login", Form: deskForm("anna", "correct horse")})
	v.status(200, Send{Path: "/desk/salaries"})
	s.Revoke("anna", RightPayroll)
	v.status(403, Send{Path: "/desk/salaries"})
	v.status(200, Send{Path: "/desk/reports"})
	s.Grant("anna", RightPayroll)
	s.Grant("nobody", RightPayroll) // there is no such account, and none is made
	v.status(200, Send{Path: "/desk/salaries"})
	if n := len(s.desk.people); n != 2 {
		t.Errorf("%d accounts", n)
	}
}

func TestAGateAnswersForItsHostAlone(t *testing.T) {
	s := New(Config{})
	v := visit(t, s)
	s.Shut(Gate{Host: "a.localhost", Path: "/wiki", Kind: GateMaintenance})
	v.status(403, Send{Path: "/wiki/start"}, "Host", "a.localhost:80")
	v.status(200, Send{Path: "/desk/"}, "Host", "a.localhost")
	v.status(200, Send{Path: "/wiki/start"}, "Host", "b.localhost")
	s.Open("a.localhost", GateMaintenance)
	v.status(200, Send{Path: "/wiki/start"}, "Host", "a.localhost")

	s.Shut(Gate{Host: "a.localhost", Path: "/desk", Kind: GateDevice})
	v.status(403, Send{Path: "/desk/"}, "Host", "a.localhost")
	v.status(200, Send{Method: http.MethodPost, Path: "/enrol"}, "Host", "a.localhost")
	v.status(200, Send{Path: "/desk/"}, "Host", "a.localhost")
}

func TestWhatTheAreasKeepIsBoundedAndForgotten(t *testing.T) {
	s := New(Config{})
	for i := range 2 * maxSessions {
		s.openDesk("anna")
		s.Shut(Gate{Host: fmt.Sprintf("h%d.localhost", i), Kind: GateVPN})
	}
	v := visit(t, s)
	for range fastReloads + 5 {
		v.send(Send{Path: "/busy/shop"})
	}
	if d := s.desk; len(d.sessions) != maxSessions || len(d.order) != maxSessions || len(s.gates) != maxGates || len(s.shelf.asked) != fastReloads {
		t.Errorf("kept: %d sessions, %d in order, %d gates, %d requests", len(d.sessions), len(d.order), len(s.gates), len(s.shelf.asked))
	}
	v.status(403, Send{Path: "/busy/shop"})
	link := s.Link()
	s.Reset()
	v.status(200, Send{Path: "/busy/shop"})
	v.status(403, Send{Path: link})
	if len(s.gates) != 0 || len(s.desk.sessions) != 0 {
		t.Errorf("after a reset: %d gates, %d sessions", len(s.gates), len(s.desk.sessions))
	}
}

func TestALinkRunsOutAndCannotBeMadeUp(t *testing.T) {
	now := time.Now()
	s := New(Config{Now: func() time.Time { return now }})
	v := visit(t, s)
	link := s.Link()
	v.status(200, Send{Path: link})
	for _, c := range []struct{ path, code string }{
		{link[:len(link)-1], "SignatureDoesNotMatch"},
		{strings.Replace(link, "X-Amz-Date=1", "X-Amz-Date=2", 1), "SignatureDoesNotMatch"},
		{s.LinkAt(now.Add(2 * linkLife)), "RequestTimeTooSkewed"},
		{s.LinkAt(now.Add(-2 * linkLife)), "AccessDenied"},
	} {
		if answer, body := v.send(Send{Path: c.path}); answer.StatusCode != 403 || !strings.Contains(body, c.code) {
			t.Errorf("%s answered %d %s", c.path, answer.StatusCode, body)
		}
	}
	now = now.Add(2 * linkLife)
	v.status(403, Send{Path: link})
}
