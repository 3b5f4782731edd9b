package agent

import (
	"testing"

	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/rpc"
)

// Promise 1: the challenge that a secret answers was sent, not guessed.
func TestASecretAnswersNoChallengeThatIsAGuess(t *testing.T) {
	h := startHub(t)
	p := h.browser()
	h.signIn(p, "/a", rpc.ConsentAlways)
	for name, fields := range map[string][]string{
		"no comma after the realm":               {`Basic realm="Staff" charset="UTF-8"`},
		"a semicolon after the realm":            {`Basic realm="Staff"; charset="UTF-8"`},
		"a comma glued to the scheme":            {`Basic, realm="Staff"`},
		"a realm that is never closed":           {`Basic realm="Staff`},
		"a realm with rubbish behind it":         {`Basic realm="Staff"]`},
		"a realm of two words without quotes":    {`Basic realm=Staff area`, `Basic realm="Staff"`},
		"two realms":                             {`Basic realm="Staff", realm="Other"`},
		"a realm in the next line":               {`Basic`, `realm="Staff"`},
		"token68 besides the realm":              {`Basic abcd==, realm="Staff"`},
		"the field's name inside the value":      {`WWW-Authenticate: Basic realm="Staff"`},
		"a guess beside a challenge that is not": {`Digest realm="Staff" nonce="n"`, `Basic realm="Staff"`},
		"a Digest that Chromium passes over":     {`Digest realm="Other"`, `Basic realm="Staff"`},
		"text beside a challenge that is not":    {`@`, `Basic realm="Staff"`},
		"a quote that swallows a challenge":      {`Digest realm="x, nonce=n, Basic realm="Staff", y="`},
	} {
		t.Run(name, func(t *testing.T) {
			p.t = t
			report := h.basicRefusal("/b")
			report.Refusal.ResponseHeaders = nil
			for _, f := range fields {
				report.Refusal.ResponseHeaders = append(report.Refusal.ResponseHeaders, refusal.Header{Name: "WWW-Authenticate", Value: f})
			}
			if lenient, err := challenge.Parse(fields...); err != nil || len(lenient) == 0 {
				t.Fatalf("reads as nothing, so this test shows nothing: %v", err)
			}
			id := call[rpc.ViewResult](p, rpc.MethodRefusalReport, report).IncidentID
			if list := accounts(p, id); list.Space != nil || len(list.Accounts) != 0 {
				t.Errorf("offered: %+v", list)
			}
			for _, consent := range []rpc.Consent{rpc.ConsentOnce, rpc.ConsentAlways, rpc.ConsentStanding} {
				p.refused(rpc.MethodCredentialRelease, releaseOf(id, consent), rpc.CodeNotAllowed)
			}
		})
	}
}

// What is unusual and leaves no doubt is answered.
func TestAHarmlessOddityKeepsNoSecretBack(t *testing.T) {
	for name, field := range map[string]string{
		"empty list elements":           `,, Basic ,, realm="Staff",`,
		"a realm without quotes":        `Basic realm=Staff`,
		"blanks around the equals sign": `Basic realm = "Staff"`,
		"a folded line":                 "Basic\r\n realm=\"Staff\"",
		"a scheme nobody registered":    `ApiKey, Basic realm="Staff"`,
	} {
		t.Run(name, func(t *testing.T) {
			r := refusal.Refusal{URL: site, ResponseHeaders: []refusal.Header{{Name: "www-authenticate", Value: field}}}
			space, ok := spaceOf(&r)
			if want := (release.Space{Origin: site, Realm: "Staff", Scheme: "basic"}); !ok || space != want {
				t.Errorf("%v, %v", space, ok)
			}
		})
	}
}
