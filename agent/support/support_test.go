package support

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

var opened = time.Date(2026, 11, 24, 10, 42, 7, 0, time.UTC)

func sample() *incident.Incident {
	return &incident.Incident{
		ID: "0abc", Opened: opened,
		Refusal: refusal.Refusal{URL: "https://example.org:8443/staff/{...}", Method: "GET", Status: 403, ResourceType: "main_frame", Time: opened},
		Diagnosis: diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{
			{Cause: cause.NoPermission, Probability: 0.91, Evidence: []diagnosis.Evidence{
				{Rule: "says_no_permission", Cause: cause.NoPermission, Weight: 3.5, Source: diagnosis.SourceResponse},
			}},
			{Cause: cause.WrongAccount, Probability: 0.05},
		}},
		Plan: []recovery.Step{
			{N: 1, Action: cause.SwitchAccount, State: recovery.StateFailed},
			{N: 2, Action: cause.RequestAccess, State: recovery.StateNext},
		},
	}
}

func TestCodeSaysWhatTheIncidentIs(t *testing.T) {
	inc := sample()
	code := Code(inc, explain.Likely)
	if !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$`).MatchString(code) {
		t.Fatalf("code %q", code)
	}
	want := Facts{
		Cause: cause.NoPermission, Second: cause.WrongAccount, Status: 403, Certainty: explain.Likely,
		Action: cause.RequestAccess, Hour: opened.Truncate(time.Hour), Tag: tag("0abc"),
	}
	for _, spoken := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "-", "")} {
		got, err := Decode(spoken)
		if err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("Decode(%q): %v\n%s", spoken, err, cmp.Diff(want, got))
		}
	}
}

func TestEveryCauseAndActionFits(t *testing.T) {
	inc := sample()
	for _, c := range cause.All {
		for _, a := range cause.Actions {
			for _, closing := range closings {
				inc.Diagnosis.Ranked[0].Cause, inc.Plan[1].Action, inc.Closing = c.ID, a.Action, closing
				got, err := Decode(Code(inc, explain.Sure))
				if err != nil || got.Cause != c.ID || got.Action != a.Action || got.Closing != closing {
					t.Fatalf("%s %s %q came back as %+v, %v", c.ID, a.Action, closing, got, err)
				}
			}
		}
	}
}

func TestTheZeroIncidentHasACode(t *testing.T) {
	if _, err := Decode(Code(&incident.Incident{}, "")); err != nil {
		t.Error(err)
	}
}

// One wrong letter and two swapped neighbours are what goes wrong on a
// telephone; the checksum finds every one of them.
func TestSlipsAreFound(t *testing.T) {
	code := strings.ReplaceAll(Code(sample(), explain.Sure), "-", "")
	refused := func(s string) {
		t.Helper()
		f, err := Decode(s)
		if !errors.Is(err, ErrNotACode) || f != (Facts{}) {
			t.Errorf("Decode(%q) = %+v, %v", s, f, err)
		}
	}
	for i := range code {
		for _, r := range alphabet {
			if slip := code[:i] + string(r) + code[i+1:]; slip != code {
				refused(slip)
			}
		}
		if i > 0 && code[i] != code[i-1] {
			refused(code[:i-1] + string(code[i]) + string(code[i-1]) + code[i+1:])
		}
	}
	for _, s := range []string{"", "-", code[:13], code + "0", code[:13] + "U", code[:13] + "é", "🙂"} {
		refused(s)
	}
}

func TestLookAlikesAreRead(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := strings.NewReplacer("1", "l", "0", "o")
	for range 1000 {
		f := Facts{Status: 401, Certainty: explain.Unsure, Tag: random.IntN(512), Hour: epoch.Add(time.Duration(random.IntN(1<<20)) * time.Hour)}
		got, err := Decode(letters.Replace(encode(f)))
		if err != nil || got != f {
			t.Fatalf("%+v came back as %+v, %v", f, got, err)
		}
	}
}

func TestACodeOfALaterVersionSaysSo(t *testing.T) {
	var p packer
	p.put(codeVersion+1, versionBits)
	p.put(0, dataBits-versionBits)
	if _, err := Decode(p.word()); !errors.Is(err, ErrNewerCode) {
		t.Error(err)
	}
	var q packer
	q.put(codeVersion, versionBits)
	q.put(63, causeBits)
	q.put(0, dataBits-versionBits-causeBits)
	if _, err := Decode(q.word()); !errors.Is(err, ErrNewerCode) {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Code(sample(), explain.Sure))
	f.Add("0000-00000-00000")
	f.Fuzz(func(t *testing.T, s string) {
		facts, err := Decode(s)
		if err != nil {
			if facts != (Facts{}) {
				t.Errorf("an error with facts: %+v", facts)
			}
			return
		}
		again, err := Decode(encode(facts))
		if err != nil || again != facts {
			t.Errorf("%+v came back as %+v, %v", facts, again, err)
		}
	})
}

func TestReport(t *testing.T) {
	inc := sample()
	inc.Outcomes = []recovery.Outcome{{Action: cause.SwitchAccount, Result: recovery.ResultRefused, Unix: opened.Unix() + 30}}
	inc.Refusal.ResponseHeaders = []refusal.Header{{Name: "x-request-id", Value: "req-42"}}
	v := &explain.View{Certainty: explain.Sure, CertaintyText: "We are sure.", Title: "Your account does not have access here."}
	got := Report(inc, v, Context{Now: opened.Add(time.Hour), Version: "0.1.0", HostVersion: "0.1.0", Engine: "firefox"})
	want := "Support code: " + Code(inc, explain.Sure) + `
Site: example.org (https port 8443)
Page: /staff/{...}
Answer: 403 to GET (main\_frame)
Refused at: 2026-11-24 10:42:07 UTC
What the person was told: Your account does not have access here. We are sure.
Cause 1: no_permission, 91 %
  evidence: says_no_permission +3.5 (response)
Cause 2: wrong_account, 5 %
Id x-request-id: req-42
Tried: switch_account: refused at 2026-11-24 10:42:37 UTC
State: open since 2026-11-24 10:42:07 UTC
Request: cookies sent unknown
readmit: 0.1.0, host 0.1.0, firefox
Written at: 2026-11-24 11:42:07 UTC
Left out: passwords, cookie values, query values, page text
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	v.CertaintyText = "" // as of an incident that has ended
	if got := Report(inc, v, Context{}); strings.Contains(got, " \n") {
		t.Errorf("a line ends with a blank:\n%s", got)
	}
}

// Threat 18: text of a site in a report is text wherever it is pasted.
func TestReportsCarryNoLinkMarkupOrFormula(t *testing.T) {
	hostile := []string{
		"[click](javascript:alert(1))", "<img src=x onerror=alert(1)>", "<https://evil.example>", "https://evil.example",
		"www.evil.example", "=HYPERLINK(\"https://evil.example\")", "+1+1", "-2", "@SUM(A1)", "|cell|", "`code`", "# heading",
		"a\r\nSupport code: FAKE", "\x1b[31mred\x1b[0m", "\u202eevil", "me@evil.example",
	}
	for _, text := range hostile {
		inc := sample()
		inc.Refusal.Method, inc.Refusal.ResourceType = text, text
		inc.Refusal.ResponseHeaders = []refusal.Header{{Name: "x-request-id", Value: text}}
		inc.Diagnosis.Ranked[0].Evidence[0].Args = map[string]string{"quote": text}
		clean := strings.Count(Report(sample(), &explain.View{}, Context{}), "\n")
		got := Report(inc, &explain.View{}, Context{Engine: text, HostVersion: text, Version: text})
		for _, bad := range []string{"](", "<", "://", " www.", "`code", ": =", ": +", ": -", ": @", "\x1b", "\r", "\u202e", " |", ": # ", "me@"} {
			for line := range strings.Lines(got) {
				if strings.Contains(unescaped(line), bad) {
					t.Errorf("%q: the report holds %q in %q", text, bad, line)
				}
			}
		}
		// The two lines that the sample lacks: the request's id and the quote.
		if n := strings.Count(got, "\n"); n != clean+2 {
			t.Errorf("%q: %d lines, want %d", text, n, clean+2)
		}
	}
}

// unescaped drops each escaped character, so that what is left has meaning.
func unescaped(s string) string { return regexp.MustCompile(`\\.`).ReplaceAllString(s, "_") }
