package explain

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

var (
	berlin = time.FixedZone("CET", 3600)
	now    = time.Date(2026, 11, 2, 13, 5, 0, 0, berlin)
)

// incidentOf opens an incident as the agent does.
func incidentOf(t *testing.T, in refusal.Refusal, h diagnosis.History) *incident.Incident {
	t.Helper()
	if in.URL == "" {
		in.URL = "https://intranet.example:8443/page"
	}
	if in.Method == "" {
		in.Method = "GET"
	}
	if in.ResourceType == "" {
		in.ResourceType = "main_frame"
	}
	in.Time = now
	r, err := refusal.New(in)
	if err != nil {
		t.Fatal(err)
	}
	d := diagnosis.Of(&r, &diagnosis.Facts{History: h})
	return incident.New(r, d, recovery.Plan(d, recovery.Rules{}, recovery.Experience{}), now, "0000000000aaaaaaaaaa")
}

func basic(realm string) refusal.Refusal {
	return refusal.Refusal{Status: 401, ResponseHeaders: []refusal.Header{{Name: "WWW-Authenticate", Value: `Basic realm="` + realm + `"`}},
		Request: refusal.Request{Authorization: "none"}}
}

var signedIn = diagnosis.History{LastSuccess: time.Date(2026, 11, 2, 10, 0, 0, 0, berlin)}

// sessionOver is a page that opened until its session ended.
func sessionOver() refusal.Refusal {
	return refusal.Refusal{Status: 401, Request: refusal.Request{Cookies: refusal.KnownYes},
		Cookies: []refusal.Cookie{{Name: "staff_session", Domain: "intranet.example", Path: "/", HostOnly: true}}}
}

func TestASessionThatIsOverNamesTheTime(t *testing.T) {
	inc := incidentOf(t, sessionOver(), signedIn)
	v := Of(inc, Options{Now: now, SignInURL: "https://sso.example/start"})
	if v.Title != "You have been signed out." || !strings.HasPrefix(v.Summary, "intranet.example:8443 last opened after 10:00.") {
		t.Errorf("title %q, summary %q", v.Title, v.Summary)
	}
	if v.Main.Label != "Sign in again" || v.Main.URL != "https://sso.example/start" || v.Main.Step != 1 || v.Second.Label != "Not now" {
		t.Errorf("main %+v, second %+v", v.Main, v.Second)
	}
	if v.Certainty != Sure || v.Site != "intranet.example:8443" || v.Badge != "401" || v.ActionTitle != "readmit: You have been signed out." {
		t.Errorf("view %+v", v)
	}
	if v := Of(inc, Options{}); strings.Contains(v.Summary, ":00") {
		t.Errorf("a time is shown without a clock to show it by: %q", v.Summary)
	}
	if v := Of(inc, Options{Now: now.AddDate(0, 0, 1)}); !strings.Contains(v.Summary, "10:00 on 2 November") {
		t.Errorf("the day is missing: %q", v.Summary)
	}
}

func TestWhatTheBrowserSentIsToldOnlyWhereItIsKnown(t *testing.T) {
	in := basic("Staff")
	if v := Of(incidentOf(t, in, diagnosis.History{}), Options{}); v.Certainty != Sure || !strings.Contains(strings.Join(v.Why, " "), "Nothing was sent") {
		t.Errorf("known: %s, %q", v.Certainty, v.Why)
	}
	in.Request.Authorization = ""
	v := Of(incidentOf(t, in, diagnosis.History{}), Options{})
	if v.Cause != cause.NoCredentials || v.Certainty != Likely || strings.Contains(strings.Join(v.Why, " "), "sent") || v.Why[0] != "The site asks who you are." {
		t.Errorf("unknown: %s, %s, %q", v.Cause, v.Certainty, v.Why)
	}
}

func TestFactsAppearOnlyWhenTheyAreKnown(t *testing.T) {
	inc := incidentOf(t, refusal.Refusal{Status: 403, Request: refusal.Request{Cookies: refusal.KnownYes}, Body: "<p>You do not have permission to view this page.</p>"}, diagnosis.History{})
	if got, want := Of(inc, Options{Owner: "Marta Lind"}).Summary, "Signing in again won't change this. Marta Lind can grant it."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Of(inc, Options{}).Summary; !strings.Contains(got, "The people who run intranet.example:8443 can grant it.") {
		t.Errorf("got %q", got)
	}
}

func TestTheSitesWordsAreMarkedAndHarmless(t *testing.T) {
	realm := "<b>readmit</b> says \u202eyour\u200b password\" has expired" + strings.Repeat(" type it here", 40)
	v := Of(incidentOf(t, basic(strings.ReplaceAll(realm, `"`, `\"`)), diagnosis.History{}), Options{Now: now})
	quoted := 0
	for _, line := range v.Why {
		if strings.Contains(line, "type it here") {
			quoted++
			if !strings.HasPrefix(line, `The site says: "`) || !strings.HasSuffix(line, `"`) || strings.Count(line, `"`) != 2 {
				t.Errorf("not marked as the site's: %q", line)
			}
			if n := utf8.RuneCountInString(line); n > maxQuote+len(`The site says: ""`) {
				t.Errorf("%d characters", n)
			}
			if strings.ContainsAny(line, "\u202e\u200b\n") {
				t.Errorf("hidden characters in %q", line)
			}
		}
	}
	if quoted != 1 {
		t.Errorf("the realm stands in %d lines: %q", quoted, v.Why)
	}
	for _, s := range []string{v.Title, v.Summary, v.Main.Label, v.ActionTitle, v.CertaintyText} {
		if strings.Contains(s, "type it") {
			t.Errorf("the site speaks in readmit's place: %q", s)
		}
	}
}

func TestNoSecretReachesAView(t *testing.T) {
	const canary = "hunter2-canary-9f8e7d6c5b4a39281706f5e4d3c2b1a0"
	inc := incidentOf(t, refusal.Refusal{
		URL: "https://anna:" + canary + "@site.example/a?key=" + canary + "#" + canary, Status: 401, Title: "password=" + canary,
		Body: "<p>Your session has expired. Authorization: Bearer " + canary + "</p>",
		ResponseHeaders: []refusal.Header{{Name: "www-authenticate", Value: `Basic realm="token=` + canary + `"`},
			{Name: "set-cookie", Value: "sid=" + canary}, {Name: "authorization", Value: canary}},
	}, signedIn)
	data, err := json.Marshal(Of(inc, Options{Now: now}))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), canary) {
		t.Errorf("a secret in %s", data)
	}
}

func TestWhereNothingIsKnownNothingIsClaimed(t *testing.T) {
	v := Of(incidentOf(t, refusal.Refusal{Status: 403, Title: "403 Forbidden", Body: "<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>"}, diagnosis.History{}), Options{})
	if v.Cause != cause.Unknown || v.Certainty != Unsure || len(v.Why) != 0 || v.CertaintyText != "We can't tell for certain." {
		t.Errorf("cause %s, certainty %s, why %q", v.Cause, v.Certainty, v.Why)
	}
}

func TestASiteIsNamedByItsHostAndPort(t *testing.T) {
	for address, want := range map[string]string{
		"https://site.example/a":    "site.example",
		"http://site.example:8080/": "site.example:8080",
		"http://[::1]:8080/x":       "[::1]:8080",
		"http://[2001:db8::1]/":     "[2001:db8::1]",
	} {
		if v := Of(incidentOf(t, refusal.Refusal{URL: address, Status: 403}, diagnosis.History{}), Options{}); v.Site != want || !strings.HasPrefix(v.Title, want) {
			t.Errorf("%s is called %q in %q, want %q", address, v.Site, v.Title, want)
		}
	}
}

func TestA401WithoutWordsPointsToTheSignIn(t *testing.T) {
	v := Of(incidentOf(t, refusal.Refusal{Status: 401, Request: refusal.Request{Cookies: refusal.KnownYes},
		Cookies: []refusal.Cookie{{Name: "cookie_consent", Domain: "intranet.example", Path: "/"}}}, signedIn), Options{Now: now})
	if v.Cause != cause.Unknown || v.Certainty != Unsure || !strings.Contains(v.Summary, "may want you to sign in") || v.Main.Action != cause.LoginAgain || v.Main.Label != "Sign in" || v.Second.Action != cause.ReloadPage {
		t.Errorf("%s, %s: %q, main %+v, second %+v", v.Cause, v.Certainty, v.Summary, v.Main, v.Second)
	}
}

func TestTheGuardOfASiteIsNamedAndItsSoftwareIsNot(t *testing.T) {
	guard := Of(incidentOf(t, refusal.Refusal{Status: 403, ResponseHeaders: []refusal.Header{{Name: "cf-mitigated", Value: "challenge"}}}, diagnosis.History{}), Options{})
	if !strings.Contains(strings.Join(guard.Why, " "), "Cloudflare") {
		t.Errorf("why %q", guard.Why)
	}
	software := Of(incidentOf(t, refusal.Refusal{Status: 403, Method: "POST", Body: "<p>CSRF verification failed. Request aborted.</p>"}, diagnosis.History{}), Options{})
	if why := strings.Join(software.Why, " "); strings.Contains(why, "Django") || !strings.Contains(why, ownWords) {
		t.Errorf("why %q", software.Why)
	}
}

func TestClearingSaysBeforehandWhatIsLost(t *testing.T) {
	stale := refusal.Refusal{Status: 403, Request: refusal.Request{Cookies: refusal.KnownYes}, Probes: []refusal.Probe{{Kind: refusal.ProbeNoCookies, Status: 200}}}
	v := Of(incidentOf(t, stale, diagnosis.History{}), Options{})
	if v.Main.Action != cause.ClearSiteData || v.Main.Label != "Clear intranet.example:8443 data and reload" || v.Second.Label != "Keep it" {
		t.Fatalf("main %+v, second %+v", v.Main, v.Second)
	}
	notes := strings.Join(v.Notes, "\n")
	for _, want := range []string{"signs you out of intranet.example:8443", "undo", "intranet.example with another port"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes do not say %q: %q", want, v.Notes)
		}
	}
	if strings.Contains(notes, "ends in") || strings.Contains(notes, "Drafts") {
		t.Errorf("the notes say more than cookies of this host: %q", v.Notes)
	}
	stale.URL = "https://site.example/"
	stale.Cookies = []refusal.Cookie{{Name: "a", Domain: "example", Path: "/"}, {Name: "b", Domain: "site.example", Path: "/", HostOnly: true}}
	v = Of(incidentOf(t, stale, diagnosis.History{}), Options{})
	if notes := strings.Join(v.Notes, " "); !strings.Contains(notes, "another port number") || strings.Contains(notes, "ends in") {
		t.Errorf("an address without a port: %q", v.Notes)
	}
	stale.Cookies = append(stale.Cookies, refusal.Cookie{Name: "c", Domain: "site.example", Path: "/"})
	v = Of(incidentOf(t, stale, diagnosis.History{}), Options{})
	if notes := strings.Join(v.Notes, " "); !strings.Contains(notes, "ends in .site.example") {
		t.Errorf("sites below the host are not mentioned: %q", v.Notes)
	}
}

func TestTheLeastClearingThatCanHelpIsNamed(t *testing.T) {
	opened := refusal.Refusal{URL: "https://site.firm.example/", Status: 403, Request: refusal.Request{Cookies: refusal.KnownYes},
		Cookies: []refusal.Cookie{{Name: "a", Domain: "site.firm.example", Path: "/", HostOnly: true}},
		Probes:  []refusal.Probe{{Kind: refusal.ProbeNoCookies, Status: 200}}}
	shared := opened
	shared.Cookies = []refusal.Cookie{{Name: "a", Domain: "firm.example", Path: "/"}}
	kept := opened
	kept.Request.FromCache = refusal.KnownYes
	for _, c := range []struct {
		name string
		in   refusal.Refusal
		want string
	}{
		{"nothing is known", refusal.Refusal{Status: 403}, ""},
		{"a page opened without cookies", opened, "cookies"},
		{"all cookies are shared with other sites", shared, "shared"},
		{"the answer was a kept one", kept, "page"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if v := Of(incidentOf(t, c.in, diagnosis.History{}), Options{}); v.Clear != c.want {
				t.Errorf("%q, want %q", v.Clear, c.want)
			}
		})
	}
}

func TestTheTextOfAFormComesFirst(t *testing.T) {
	over := sessionOver()
	over.Method = "POST"
	v := Of(incidentOf(t, over, signedIn), Options{Now: now})
	if v.Cause != cause.SessionExpired || v.Main.Action != cause.ReturnToText || v.Second.Action != cause.LoginAgain || !strings.Contains(v.Summary, "Go back and copy it") {
		t.Errorf("%s: %q, main %+v, second %+v", v.Cause, v.Summary, v.Main, v.Second)
	}
	over.ResourceType = "xmlhttprequest"
	if v := Of(incidentOf(t, over, signedIn), Options{Now: now}); v.Main.Action == cause.ReturnToText || strings.Contains(v.Summary, "Go back") {
		t.Errorf("a script's request: %q, main %+v", v.Summary, v.Main)
	}
}

func TestAPasswordThatReadmitSentIsSaidToHaveStopped(t *testing.T) {
	v := Of(incidentOf(t, basic("Staff"), diagnosis.History{CredentialRefused: true}), Options{})
	if v.Cause != cause.WrongCredentials || !strings.Contains(v.Summary, "readmit has stopped sending it") {
		t.Errorf("%s: %q", v.Cause, v.Summary)
	}
	in := basic("Staff")
	in.Request.Authorization = "basic"
	v = Of(incidentOf(t, in, diagnosis.History{}), Options{})
	if v.Cause != cause.WrongCredentials || strings.Contains(v.Summary, "readmit") {
		t.Errorf("what the browser sent is claimed by readmit: %s: %q", v.Cause, v.Summary)
	}
}

func TestAStepThatFailedMakesRoomForTheNext(t *testing.T) {
	inc := incidentOf(t, sessionOver(), signedIn)
	inc.Apply(recovery.Outcome{N: 1, Action: cause.LoginAgain, Result: recovery.ResultRefused, Unix: now.Unix()})
	v := Of(inc, Options{Now: now})
	if v.Main.Action == cause.LoginAgain || v.Why[0] != tried[cause.LoginAgain] || len(v.Why) > maxWhy {
		t.Errorf("main %+v, why %q", v.Main, v.Why)
	}
	for i, s := range inc.Plan {
		inc.Plan[i] = recovery.Advance([]recovery.Step{s}, recovery.Outcome{Action: s.Action, Result: recovery.ResultRefused})[0]
	}
	if v := Of(inc, Options{}); v.Main == nil || v.Main.Action != cause.ContactSupport {
		t.Errorf("with nothing left to try the main step is %+v", v.Main)
	}
}

func TestAClosedIncidentSaysHowItEnded(t *testing.T) {
	inc := incidentOf(t, basic("Staff"), diagnosis.History{})
	inc.Apply(recovery.Outcome{N: 1, Action: cause.SupplyCredentials, Result: recovery.ResultRecovered, Unix: now.Unix()})
	v := Of(inc, Options{})
	if v.Title != "You are back." || v.Closed != "recovered" || v.Badge != "" || v.Main.Action != cause.None || v.Help.Label != "Get help" {
		t.Errorf("view %+v", v)
	}
	if v.Certainty != Sure || v.CertaintyText != "" {
		t.Errorf("what has ended is %q, %q", v.Certainty, v.CertaintyText)
	}
}

func TestAddressesOfButtonsAreSafe(t *testing.T) {
	for address, want := range map[string]string{
		"https://help.example/a":     "https://help.example/a",
		"http://127.0.0.1:8080/help": "http://127.0.0.1:8080/help",
		"http://[::1]/help":          "http://[::1]/help",
		"http://help.localhost/":     "http://help.localhost/",
		"http://help.example/":       "",
		"http://localhost.example/":  "",
		"javascript:alert(1)":        "",
		"https://a:b@help.example/":  "",
		"//help.example/":            "",
		"":                           "",
	} {
		v := Of(incidentOf(t, basic("x"), diagnosis.History{}), Options{HelpURL: address})
		if v.Help.URL != want {
			t.Errorf("%q becomes %q, want %q", address, v.Help.URL, want)
		}
	}
}

func TestAFaultIsExplained(t *testing.T) {
	for code, f := range faults {
		v := Fault(code, Options{})
		if v.Title != f.title || v.Fault != code || v.Badge != "!" || v.Main == nil || v.Help.Label != "Get help" {
			t.Errorf("%s: %+v", code, v)
		}
		if v := Fault(code, Options{Managed: true}); v.ForIT != nil {
			t.Errorf("%s: a command where a policy manages the installation: %q", code, v.ForIT)
		}
	}
	if v := Fault("brand_new", Options{}); v.Title != faults["internal"].title || v.Fault != "brand_new" {
		t.Errorf("an unknown code: %+v", v)
	}
}

// Of every cause and every ending a person gets a whole view.
func TestEveryViewIsWhole(t *testing.T) {
	for _, c := range cause.All {
		for _, rules := range [][]string{nil, {diagnosis.RuleFormSent}, {diagnosis.RuleBackground}, {diagnosis.RuleProbeOpened}, {diagnosis.RuleChallenge}} {
			for _, closing := range []incident.Closing{"", incident.ClosingRecovered, incident.ClosingGivenUp, incident.ClosingExpired} {
				d := diagnosis.Diagnosis{Ranked: []diagnosis.Ranked{{Cause: c.ID, Probability: 0.9}, {Cause: cause.Unknown, Probability: 0.1}}}
				for _, r := range rules {
					d.Ranked[0].Evidence = append(d.Ranked[0].Evidence, diagnosis.Evidence{Rule: r, Cause: c.ID, Weight: 1})
				}
				r, err := refusal.New(refusal.Refusal{URL: "https://site.example/", Method: "GET", Status: 403, Time: now})
				if err != nil {
					t.Fatal(err)
				}
				inc := incident.New(r, d, recovery.Plan(d, recovery.Rules{}, recovery.Experience{}), now, "x")
				inc.Close(closing, now)
				v := Of(inc, Options{Now: now})
				if v.Title == "" || v.Summary == "" || v.Main == nil || v.Main.Label == "" || v.Main.Action == "" || v.Help.Label != "Get help" || (v.CertaintyText == "") != (closing != "") {
					t.Errorf("%s %v %q: %+v", c.ID, rules, closing, v)
				}
				for _, s := range append([]string{v.Title, v.Summary, v.Main.Label}, v.Notes...) {
					if strings.ContainsAny(s, "{}") {
						t.Errorf("%s %v: a fact is left open in %q", c.ID, rules, s)
					}
				}
				if v.Second != nil && (v.Second.Label == v.Main.Label || v.Second.Label == v.Help.Label) {
					t.Errorf("%s %v: two buttons say %q", c.ID, rules, v.Second.Label)
				}
				for _, b := range v.Other {
					if b.Label == v.Main.Label || b.Label == v.Help.Label {
						t.Errorf("%s %v: two buttons say %q", c.ID, rules, b.Label)
					}
				}
			}
		}
	}
}

func TestTheFiguresStandUnderForIT(t *testing.T) {
	inc := incidentOf(t, refusal.Refusal{Status: 403, Title: "Request Rejected", Body: "<p>The requested URL was rejected. Your support ID is: 8301537732516648237</p>"}, diagnosis.History{})
	v := Of(inc, Options{Now: now})
	text := strings.Join(v.ForIT, "\n")
	for _, want := range []string{"waf_block", "f5_support_id +6.0", "Support ID: 8301537732516648237"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if told := v.Title + v.Summary + strings.Join(v.Why, ""); strings.Contains(told, "f5_support_id") {
		t.Errorf("figures for a person: %q", told)
	}
}
