package agent

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// Threat 17: whatever a site or a caller says, one event is one line of JSON,
// without control characters, and no site is named.
func TestNothingOfASiteReachesTheLog(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	const evil = "\r\n{\"level\":\"error\",\"msg\":\"forged\"}\x1b[31m"
	report := h.basicRefusal("/logged-page")
	report.Refusal.Title, report.Refusal.Body = evil, evil
	report.Refusal.ResponseHeaders = []refusal.Header{
		{Name: "WWW-Authenticate", Value: `Basic realm="forged` + evil + `"`}, {Name: "Server", Value: evil},
	}
	id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
	_, _ = p.ask("forged"+evil, nothing{})
	_, _ = p.ask(rpc.MethodCredentialSave, save(id, "forged"+evil, "forged"+evil, true))
	_, _ = p.ask(rpc.MethodCredentialRelease, rpc.ReleaseParams{IncidentID: "forged" + evil, Account: "forged" + evil, Consent: rpc.ConsentOnce})
	_, _ = p.ask(rpc.MethodIncidentShow, rpc.IncidentParams{IncidentID: "forged" + evil})
	_, _ = p.ask(rpc.MethodInitialize, rpc.InitializeParams{Protocol: 1, Language: "forged" + evil})
	h.close()
	log := h.log.String()
	for line := range strings.Lines(log) {
		var event map[string]any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Errorf("no line of JSON: %q", line)
		}
		if event["msg"] == "forged" || event["level"] == "error" {
			t.Errorf("forged: %q", line)
		}
	}
	if strings.ContainsAny(log, "\x1b\r") {
		t.Error("the log holds control characters")
	}
	for _, word := range []string{"forged", "127.0.0.1", "logged-page"} {
		if strings.Contains(log, word) {
			t.Errorf("the log holds %q", word)
		}
	}
}
