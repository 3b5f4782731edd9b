package rpc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/rpc"
)

func TestASecretShowsOnTheWireAlone(t *testing.T) {
	const canary = "correct horse"
	m := rpc.ReleaseResult{Account: "anna", Secret: rpc.NewWireSecret(canary)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{m, &m, m.Secret, &m.Secret, []rpc.WireSecret{m.Secret}} {
			if s := fmt.Sprintf(verb, value); strings.Contains(s, canary) || strings.Contains(s, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T shows it: %s", verb, value, s)
			}
		}
	}
	raw, err := json.Marshal(m)
	if err != nil || string(raw) != `{"account":"anna","secret":"correct horse"}` {
		t.Errorf("on the wire: %s, %v", raw, err)
	}
	var back rpc.ReleaseResult
	if err := json.Unmarshal(raw, &back); err != nil || back.Secret.Reveal() != canary {
		t.Errorf("read back: %v", err)
	}
}
