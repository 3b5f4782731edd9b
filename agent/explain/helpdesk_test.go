package explain

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

func questionTexts() []text {
	var ts []text
	for _, id := range slices.Sorted(maps.Keys(questions)) {
		q := questions[id]
		ts = append(ts, text{where: "question " + id, text: q.ask, question: true}, text{where: "answer to " + id, text: q.tells})
	}
	return ts
}

func TestEveryQuestionIsAskedAndEveryCauseHasOne(t *testing.T) {
	used := map[string]bool{}
	check := func(where string, ids []string) {
		if len(ids) == 0 {
			t.Errorf("%s has no question", where)
		}
		for _, id := range ids {
			used[id] = true
			if _, ok := questions[id]; !ok {
				t.Errorf("%s asks %q, which is no question", where, id)
			}
		}
	}
	for _, c := range cause.All {
		check(string(c.ID), asksFor[c.ID])
	}
	families := []cause.Family{cause.FamilyAccess, cause.FamilyBlocked, cause.FamilyDevice, cause.FamilySignIn, cause.FamilySite}
	for i, one := range families {
		for _, other := range families[i+1:] {
			check(string(one)+" and "+string(other), asksBetween[between{one, other}])
		}
	}
	for id := range questions {
		if !used[id] {
			t.Errorf("nobody asks %q", id)
		}
	}
}

// A helpdesk that asks for a password teaches people to tell it.
func TestNoQuestionAsksForASecret(t *testing.T) {
	tells := regexp.MustCompile(`(?i)\b(what|which|tell|say|read|spell|give)\b.*\b(password|code|pin|answer)\b`)
	for id, q := range questions {
		if tells.MatchString(q.ask) || tells.MatchString(q.tells) {
			t.Errorf("%s: %q %q", id, q.ask, q.tells)
		}
	}
	if !tells.MatchString("What is your password?") {
		t.Error("the test does not know a question for a secret")
	}
}

func asks(t *testing.T, in refusal.Refusal, h diagnosis.History) []string {
	t.Helper()
	var asked []string
	for _, q := range HelpdeskOf(incidentOf(t, in, h), Options{Now: now}).Ask {
		asked = append(asked, q.Ask)
	}
	return asked
}

// What the evidence tells is not asked.
func TestWhatIsKnownIsNotAsked(t *testing.T) {
	cookies := refusal.Refusal{Status: 403, Request: refusal.Request{Cookies: refusal.KnownYes}}
	form := refusal.Refusal{Status: 403, Method: "POST", Request: refusal.Request{Cookies: refusal.KnownYes}, Body: "<p>CSRF verification failed. Request aborted.</p>"}
	probed := form
	probed.Probes = []refusal.Probe{{Kind: refusal.ProbeNoCookies, Status: 403}}
	blocked := refusal.Refusal{Status: 403, Title: "Request Rejected", Body: "<p>The requested URL was rejected. Your support ID is: 8301537732516648237</p>"}
	unnumbered := blocked
	unnumbered.Body = "<p>This request was blocked by the security rules.</p>"
	worded := cookies
	worded.Body = "<p>Nothing to see here.</p>"
	program := refusal.Refusal{Status: 401, ResourceType: "xmlhttprequest", ResponseHeaders: []refusal.Header{{Name: "WWW-Authenticate", Value: `Bearer error="invalid_token"`}}}
	for _, c := range []struct {
		name     string
		question string
		asked    refusal.Refusal
		silent   refusal.Refusal
		history  diagnosis.History // of the silent one
	}{
		{"when it last opened", "opened_before", sessionOver(), sessionOver(), signedIn},
		{"a private window, where a probe was refused", "private_window", form, probed, diagnosis.History{}},
		{"a reference number that the page shows", "reference", unnumbered, blocked, diagnosis.History{}},
		{"what the page says", "word_for_word", cookies, worded, diagnosis.History{}},
		{"which program it was, of a page", "program", program, sessionOver(), diagnosis.History{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, id := range []string{c.question} {
				w := newWriter(incidentOf(t, c.asked, diagnosis.History{}), Options{})
				if len(w.open([]string{id})) == 0 {
					t.Errorf("%s is never asked", id)
				}
				w = newWriter(incidentOf(t, c.silent, c.history), Options{})
				if len(w.open([]string{id})) != 0 || slices.Contains(asks(t, c.silent, c.history), questions[id].ask) {
					t.Errorf("%s is asked although it is known", id)
				}
			}
		})
	}
}

func TestAProgramIsNotAskedWhatItSees(t *testing.T) {
	program := refusal.Refusal{Status: 401, ResourceType: "xmlhttprequest", ResponseHeaders: []refusal.Header{{Name: "WWW-Authenticate", Value: `Bearer error="invalid_token"`}}}
	got := asks(t, program, diagnosis.History{})
	if !slices.Contains(got, questions["program"].ask) {
		t.Errorf("asked %q", got)
	}
	for id, q := range questions {
		if q.page && slices.Contains(got, q.ask) {
			t.Errorf("a program is asked %s", id)
		}
	}
}

func TestEveryDiagnosisLeavesAtMostThreeQuestions(t *testing.T) {
	for _, c := range cause.All {
		for _, second := range cause.All {
			if c.ID == second.ID {
				continue
			}
			inc := incidentOf(t, refusal.Refusal{Status: 403}, diagnosis.History{})
			inc.Diagnosis = diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: c.ID, Probability: 0.6}, {Cause: second.ID, Probability: 0.3}}}
			n := HelpdeskOf(inc, Options{})
			if len(n.Ask) == 0 || len(n.Ask) > 3 {
				t.Errorf("%s before %s: %d questions", c.ID, second.ID, len(n.Ask))
			}
			if second.ID != cause.Unknown && (len(n.RunnersUp) != 1 || n.RunnersUp[0].Decide == nil || n.RunnersUp[0].Title == "") {
				t.Errorf("%s before %s: %+v", c.ID, second.ID, n.RunnersUp)
			}
		}
	}
}

// Where two causes compete, what tells them apart comes first; where none
// leads, what fits them all.
func TestTheFirstQuestionFitsTheDoubt(t *testing.T) {
	inc := incidentOf(t, refusal.Refusal{Status: 403}, diagnosis.History{})
	for _, c := range []struct {
		d    diagnosis.Diagnosis
		want string
	}{
		{diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: cause.StaleSiteData, Probability: 0.95}, {Cause: cause.NoPermission, Probability: 0.05}}}, asksFor[cause.StaleSiteData][0]},
		{diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: cause.WAFBlock, Probability: 0.6}, {Cause: cause.WrongURL, Probability: 0.3}}}, "other_pages"},
		{diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: cause.WAFBlock, Probability: 0.2}, {Cause: cause.WrongURL, Probability: 0.2}}, Unsure: true}, "word_for_word"},
	} {
		inc.Diagnosis = c.d
		if got := HelpdeskOf(inc, Options{}).Ask; got[0].Ask != questions[c.want].ask {
			t.Errorf("%v: %q is asked first, not %s", c.d, got[0].Ask, c.want)
		}
	}
}

func TestRunnersUpAreThoseWorthAThought(t *testing.T) {
	inc := incidentOf(t, refusal.Refusal{Status: 403}, diagnosis.History{})
	inc.Diagnosis.Ranked = []diagnosis.Ranked{{Cause: cause.NoPermission, Probability: 0.5}, {Cause: cause.Unknown, Probability: 0.2}, {Cause: cause.WAFBlock, Probability: 0.1},
		{Cause: cause.WrongAccount, Probability: 0.06}, {Cause: cause.BotChallenge, Probability: 0.05}, {Cause: cause.WrongURL, Probability: 0.05}, {Cause: cause.RateLimited, Probability: 0.04}}
	var got []cause.ID
	for _, u := range HelpdeskOf(inc, Options{}).RunnersUp {
		got = append(got, u.ID)
	}
	if diff := cmp.Diff([]cause.ID{cause.WAFBlock, cause.WrongAccount, cause.BotChallenge}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	inc.Diagnosis.Ranked = []diagnosis.Ranked{{Cause: cause.NoPermission, Probability: 0.97}, {Cause: cause.WAFBlock, Probability: 0.03}}
	if u := HelpdeskOf(inc, Options{}).RunnersUp; u == nil || len(u) != 0 {
		t.Errorf("runners-up %+v", u)
	}
}

func TestTheNumbersToQuote(t *testing.T) {
	in := refusal.Refusal{Status: 403, Title: "Attention Required! | Cloudflare", Body: `<p>Sorry, you have been blocked</p><p>Cloudflare Ray ID: <strong>8f2a1b3c4d5e6f70</strong></p>`,
		ResponseHeaders: []refusal.Header{{Name: "Server", Value: "cloudflare"}, {Name: "CF-RAY", Value: "8f2a1b3c4d5e6f70-FRA"}, {Name: "X-Request-Id", Value: "req-42"}, {Name: "X-Correlation-ID", Value: "corr-7"}}}
	n := HelpdeskOf(incidentOf(t, in, diagnosis.History{}), Options{})
	want := []Quote{{"Ray ID", "8f2a1b3c4d5e6f70-FRA", runsTheSite}, {"Request ID", "req-42", runsTheSite}, {"Correlation ID", "corr-7", runsTheSite}}
	if diff := cmp.Diff(want, n.Quote); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	in.ResponseHeaders = []refusal.Header{{Name: "X-Request-Id", Value: "\x1b[31m" + strings.Repeat("a-", 200)}}
	for _, q := range HelpdeskOf(incidentOf(t, in, diagnosis.History{}), Options{}).Quote {
		if strings.Contains(q.Value, "\x1b") || len([]rune(q.Value)) > maxQuote {
			t.Errorf("a number as long or as wild as the site likes: %q", q.Value)
		}
	}
}

func TestAFilterIsAskedByThoseWhoRunIt(t *testing.T) {
	inc := incidentOf(t, refusal.Refusal{Status: 403, ResponseHeaders: []refusal.Header{{Name: "X-Request-Id", Value: "req-42"}}}, diagnosis.History{})
	inc.Diagnosis = diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: cause.ProxyOrFilterBlock, Probability: 0.9}, {Cause: cause.Unknown, Probability: 0.1}}}
	if q := HelpdeskOf(inc, Options{}).Quote; len(q) != 1 || q[0].To != "the people who run the web filter" {
		t.Errorf("%+v", q)
	}
}
