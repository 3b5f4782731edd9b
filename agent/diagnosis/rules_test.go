package diagnosis_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

func of(c cause.ID, d diagnosis.Diagnosis) float64 {
	for _, r := range d.Ranked {
		if r.Cause == c {
			return r.Probability
		}
	}
	return 0
}

// Each fact must move the cause it is about in the direction that it says.
func TestEachFactMovesItsCause(t *testing.T) {
	stale := refused(403, cookies(yes))
	negotiate := refused(401, header("www-authenticate", "Negotiate"))
	for _, c := range []struct {
		name   string
		before *refusal.Refusal
		after  *refusal.Refusal
		facts  *diagnosis.Facts
		cause  cause.ID
		up     bool
	}{
		{"a probe that opens without cookies", stale, refused(403, cookies(yes), probe(refusal.ProbeNoCookies, 200)), nil, cause.StaleSiteData, true},
		{"a probe that is refused without cookies", stale, refused(403, cookies(yes), probe(refusal.ProbeNoCookies, 403)), nil, cause.StaleSiteData, false},
		{"a probe that is sent to sign in", stale, refused(403, cookies(yes), probe(refusal.ProbeNoCookies, 302)), nil, cause.NoPermission, true},
		{"a probe that failed on the way", stale, refused(403, cookies(yes), func(r *refusal.Refusal) {
			r.Probes = []refusal.Probe{{Kind: refusal.ProbeNoCookies, Error: "timeout"}}
		}, cookies(yes)), nil, cause.StaleSiteData, false},
		{"no cookies at all", stale, refused(403, cookies(no)), nil, cause.StaleSiteData, false},
		{"a start page that opens", stale, refused(403, cookies(yes), probe(refusal.ProbeRoot, 200)), nil, cause.ServiceOutage, false},
		{"a start page that is refused too", stale, refused(403, cookies(yes), probe(refusal.ProbeRoot, 403)), nil, cause.IPOrGeoBlocked, true},
		{"a start page that is refused too, as behind a guest network's page", stale, refused(403, cookies(yes), probe(refusal.ProbeRoot, 403)), nil, cause.CaptivePortal, true},
		{"a start page that has a fault", stale, refused(403, cookies(yes), probe(refusal.ProbeRoot, 503)), nil, cause.ServiceOutage, true},
		{"a fresh copy that opens", stale, refused(403, cookies(yes), probe(refusal.ProbeNoCache, 200)), nil, cause.StaleSiteData, true},
		{"an answer that the browser had kept", refused(401, cookies(yes)), refused(401, cookies(yes), fromCache), nil, cause.StaleSiteData, true},
		{"what an answer says that the browser had kept", refused(401, cookies(yes)), refused(401, cookies(yes), fromCache), nil, cause.NoCredentials, false},
		{"a link that is signed", refused(403), refused(403, func(r *refusal.Refusal) { r.QueryKeys = []string{"X-Amz-Signature"} }), nil, cause.SignatureMismatch, true},
		{"a signed request of a page", refused(403, background), refused(403, background, func(r *refusal.Refusal) { r.QueryKeys = []string{"sig"} }), nil, cause.SignatureMismatch, false},
		{"a probe that is sent to sign in, where a licence is missing", stale, refused(403, cookies(yes), probe(refusal.ProbeNoCookies, 302)), nil, cause.SubscriptionRequired, true},
		{"a probe that is sent to sign in, where a password is too old", stale, refused(403, cookies(yes), probe(refusal.ProbeNoCookies, 302)), nil, cause.PasswordExpired, true},
		{"a site that opened before, with some cookie", refused(401, cookies(yes)), refused(401, cookies(yes)), &opened, cause.SessionExpired, true},
		{"a site that opened before, with a session's cookie", refused(401, held("sid")), refused(401, held("sid")), &opened, cause.SessionExpired, true},
		{"a cookie that looks like a session's", refused(401, held("theme")), refused(401, held("sid")), nil, cause.SessionExpired, true},
		{"a site that opened before and is refused now", stale, stale, &opened, cause.IPOrGeoBlocked, false},
		{"the same step helped last time", stale, stale, history(diagnosis.History{LastHelped: cause.SwitchAccount}), cause.WrongAccount, true},
		{"a page that never opened", stale, stale, history(diagnosis.History{Refusals: 5}), cause.NoPermission, true},
		{"an account refused before", refused(401, header("www-authenticate", "Basic")), refused(401, header("www-authenticate", "Basic")), history(diagnosis.History{RefusedAccounts: []string{"anna"}}), cause.WrongCredentials, true},
		{"a form that was sent", stale, refused(403, cookies(yes), method("POST")), nil, cause.CSRFOrStaleForm, true},
		{"a picture on another site's page", refused(403, kind("image")), refused(403, kind("image"), func(r *refusal.Refusal) { r.Request.InitiatorOrigin = "https://other.example" }), nil, cause.HotlinkOrReferer, true},
		{"a picture that names where it stands", refused(403, kind("image")), refused(403, kind("image"), func(r *refusal.Refusal) { r.Request.ReferrerOrigin = "https://other.example" }), nil, cause.HotlinkOrReferer, true},
		{"a private window", refused(401), refused(401, func(r *refusal.Refusal) { r.Request.Private = true }), nil, cause.NoCredentials, true},
		{"a clock ten minutes off", stale, refused(403, cookies(yes), header("date", noon.Add(10*time.Minute).Format("Mon, 02 Jan 2006 15:04:05 GMT"))), nil, cause.ClockSkew, true},
		{"a clock that is right", stale, refused(403, cookies(yes), header("date", noon.Format("Mon, 02 Jan 2006 15:04:05 GMT"))), nil, cause.ClockSkew, false},
		{"a machine whose clock is known to be off", stale, stale, &diagnosis.Facts{Machine: diagnosis.Machine{ClockOffset: -time.Hour}}, cause.ClockSkew, true},
		{"a Kerberos ticket that is over", negotiate, negotiate, machineFacts(diagnosis.Machine{Ticket: diagnosis.Ticket{State: diagnosis.TicketExpired}}), cause.SSORequired, true},
		{"no Kerberos ticket", negotiate, negotiate, machineFacts(diagnosis.Machine{Ticket: diagnosis.Ticket{State: diagnosis.TicketNone}}), cause.SSORequired, true},
		{"a Kerberos ticket that is good", negotiate, negotiate, machineFacts(diagnosis.Machine{Ticket: diagnosis.Ticket{State: diagnosis.TicketValid}}), cause.SSORequired, false},
		{"a ticket that nobody asked for", refused(401), refused(401), machineFacts(diagnosis.Machine{Ticket: diagnosis.Ticket{State: diagnosis.TicketExpired}}), cause.SSORequired, false},
		{"a VPN that is down", stale, stale, machineFacts(diagnosis.Machine{VPN: refusal.KnownNo}), cause.VPNOrNetworkRequired, true},
		{"a VPN that is up", stale, stale, machineFacts(diagnosis.Machine{VPN: refusal.KnownYes}), cause.VPNOrNetworkRequired, false},
		{"a cookie that has run out", refused(401, cookies(yes)), refused(401, cookies(yes), func(r *refusal.Refusal) {
			r.Cookies = []refusal.Cookie{{Name: "x", Domain: "site.example", Path: "/", Expires: noon.Add(-time.Minute)}}
		}), nil, cause.SessionExpired, true},
		{"a cookie that has not", refused(401, cookies(yes)), refused(401, cookies(yes), func(r *refusal.Refusal) {
			r.Cookies = []refusal.Cookie{{Name: "x", Domain: "site.example", Path: "/", Expires: noon.Add(time.Minute)}}
		}), nil, cause.SessionExpired, false},
		{"a cookie that the answer takes back", refused(401, cookies(yes)), refused(401, cookies(yes), header("set-cookie", "x=; Max-Age=0")), nil, cause.SessionExpired, true},
		{"a cookie taken back by its date", refused(401, cookies(yes)), refused(401, cookies(yes), header("set-cookie", "x=; Expires=Thu, 01-Jan-1970 00:00:10 GMT")), nil, cause.SessionExpired, true},
		{"a cookie that the answer sets", refused(401, cookies(yes)), refused(401, cookies(yes), header("set-cookie", "x=1; Max-Age=600")), nil, cause.SessionExpired, false},
		{"a step that helped twice", refused(403, cookies(yes)), refused(403, cookies(yes)), &diagnosis.Facts{History: diagnosis.History{
			LastHelped: cause.SwitchAccount, Helped: map[cause.Action]int{cause.SwitchAccount: 2},
		}}, cause.WrongAccount, true},
		{"an address that opened after a sign-in", refused(403), refused(403), &diagnosis.Facts{History: diagnosis.History{Later: diagnosis.LaterSignedIn}}, cause.NoPermission, false},
		{"an address that opened by itself", refused(403), refused(403), &diagnosis.Facts{History: diagnosis.History{Later: diagnosis.LaterOpened}}, cause.WrongURL, false},
		{"a key that was not taken", refused(401, background), refused(401, background, auth("bearer")), nil, cause.TokenInvalid, true},
		{"a password that was not taken", refused(401, background), refused(401, background, auth("basic")), nil, cause.WrongCredentials, true},
		{"a page that stays empty", refused(401, background), refused(401, background, func(r *refusal.Refusal) { r.Request.EmptyPage = yes }), nil, cause.TokenExpired, true},
		{"coming back from the sign-in page without cookies", refused(401, cookies(no)), refused(401, cookies(no), func(r *refusal.Refusal) {
			r.Redirects = []refusal.Hop{{URL: "https://sso.example/", Status: 302}}
		}), nil, cause.CookiesBlocked, true},
		{"a challenge on 403 without cookies", refused(403, cookies(no)), refused(403, cookies(no), header("www-authenticate", `Basic realm="x"`)), nil, cause.NoCredentials, true},
		{"a stale nonce", refused(401, auth("digest"), header("www-authenticate", `Digest realm="x", nonce="a"`)),
			refused(401, auth("digest"), header("www-authenticate", `Digest realm="x", nonce="a", stale=true`)), nil, cause.WrongCredentials, false},
		{"a tunnel that a proxy refuses", refused(403), refused(403, method("CONNECT")), nil, cause.ProxyOrFilterBlock, true},
		{"a tunnel, which is no form", refused(403), refused(403, method("CONNECT")), nil, cause.CSRFOrStaleForm, false},
		{"what a form may have sent", refused(401, cookies(no), auth("none")), refused(401, cookies(no), auth("none"), method("POST")), nil, cause.WrongCredentials, true},
		{"a reason that the answer gives, to somebody known", refused(403, background, auth("bearer")),
			refused(403, background, auth("bearer"), header("www-authenticate", `Bearer error="insufficient_scope"`)), nil, cause.NoPermission, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := of(c.cause, diagnosis.Of(c.before, nil)), of(c.cause, diagnosis.Of(c.after, c.facts))
			if c.up && after <= before || !c.up && after > before {
				t.Errorf("%s went from %.4f to %.4f", c.cause, before, after)
			}
		})
	}
}

func TestAReasonThatTheAnswerGivesLeadsAlone(t *testing.T) {
	d := diagnosis.Of(refused(403, background, cookies(yes), auth("bearer"), header("www-authenticate", `Bearer realm="x", error="insufficient_scope"`)), nil)
	if d.Unsure || d.Ranked[0].Cause != cause.InsufficientScope {
		t.Errorf("unsure %t: %s %.2f, then %s %.2f", d.Unsure, d.Ranked[0].Cause, d.Ranked[0].Probability, d.Ranked[1].Cause, d.Ranked[1].Probability)
	}
}

// Where no name and password was judged, none is called wrong.
func TestWhatIsNoWrongPassword(t *testing.T) {
	for name, c := range map[string]struct {
		refusal *refusal.Refusal
		want    cause.ID
	}{
		"the second message of a handshake": {refused(401, auth("ntlm"), header("www-authenticate", "NTLM TlRMTVNTUAACAAAA")), cause.Unknown},
		"a key, where a password would be taken too": {refused(401, auth("bearer"), header("www-authenticate", `Basic realm="x"`),
			header("www-authenticate", `Bearer realm="x", error="invalid_token"`)), cause.TokenInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if top := diagnosis.Of(c.refusal, nil).Ranked[0]; top.Cause != c.want {
				t.Errorf("%s leads with %.2f, want %s", top.Cause, top.Probability, c.want)
			}
		})
	}
	if top := diagnosis.Of(refused(401, auth("ntlm"), header("www-authenticate", "NTLM")), nil).Ranked[0]; top.Cause != cause.WrongCredentials {
		t.Errorf("a handshake that begins anew: %s leads", top.Cause)
	}
}

// A program that said nothing of who it is lacks a sign-in before it lacks rights.
func TestNobodyLacksNoRights(t *testing.T) {
	d := diagnosis.Of(refused(403, program, cookies(no), auth("none"), func(r *refusal.Refusal) { r.Body = `{"status":403,"error":"Forbidden","path":"/x"}` }), nil)
	if of(cause.NoCredentials, d) <= of(cause.NoPermission, d) {
		t.Errorf("no credentials %.2f, no permission %.2f", of(cause.NoCredentials, d), of(cause.NoPermission, d))
	}
}

// Words about permission beside a challenge that nobody has answered are said
// to everybody; after an answer they count.
func TestAChallengeIsAskedBeforeItsPageIsBelieved(t *testing.T) {
	page := func(r *refusal.Refusal) { r.Body = "<p>You do not have permission to view this page.</p>" }
	open := diagnosis.Of(refused(401, header("www-authenticate", `Basic realm="x"`), page), nil)
	if open.Ranked[0].Cause == cause.NoPermission {
		t.Errorf("no permission leads with %.2f although nobody has signed in", open.Ranked[0].Probability)
	}
	answered := diagnosis.Of(refused(401, auth("basic"), header("www-authenticate", `Basic realm="x"`), page), nil)
	if of(cause.NoPermission, answered) <= of(cause.NoPermission, open) {
		t.Errorf("after an answer %.4f, before %.4f", of(cause.NoPermission, answered), of(cause.NoPermission, open))
	}
}

func TestALinkThatRanOutIsToldByItsService(t *testing.T) {
	d := diagnosis.Of(refused(403, func(r *refusal.Refusal) {
		r.Body = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
	}), nil)
	if d.Ranked[0].Cause != cause.TokenExpired || !d.Seen(diagnosis.RuleSignedLink) {
		t.Errorf("%s, signed link seen: %t", d.Ranked[0].Cause, d.Seen(diagnosis.RuleSignedLink))
	}
}

func TestAnOldAnswerSaysNothingOfTheClock(t *testing.T) {
	old := header("date", noon.Add(-time.Hour).Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	for name, r := range map[string]*refusal.Refusal{
		"an answer that a cache kept for an hour": refused(403, old, header("age", "3600")),
		"an answer of the browser's own cache":    refused(403, old, fromCache),
		"a file without a time":                   refused(403, old, func(r *refusal.Refusal) { r.Time = time.Time{} }),
		"an age that is no number":                refused(403, old, header("age", "old")),
	} {
		t.Run(name, func(t *testing.T) {
			if diagnosis.Of(r, nil).Seen("clock_off") {
				t.Error("the clock is blamed")
			}
		})
	}
}

func TestRetryAfterIsReadAsSecondsAndAsDate(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{"120", "2026-11-02T12:02:00Z"},
		{"Mon, 02 Nov 2026 12:30:00 GMT", "2026-11-02T12:30:00Z"},
		{"Monday, 02-Nov-26 12:30:00 GMT", "2026-11-02T12:30:00Z"},
		{"soon", ""},
		{"99999999999999999999", ""},
	} {
		d := diagnosis.Of(refused(403, header("retry-after", c.value)), nil)
		if got := d.Arg(diagnosis.RuleRetryAfter, "at"); got != c.want {
			t.Errorf("Retry-After: %s gives %q, want %q", c.value, got, c.want)
		}
		if !d.Seen(diagnosis.RuleRetryAfter) {
			t.Errorf("Retry-After: %s is not seen", c.value)
		}
	}
}

// A server that writes its challenge carelessly still says what it wants.
func TestABrokenChallengeIsReadAsItWasMeant(t *testing.T) {
	for _, c := range []struct{ broken, sound string }{
		{`Basic realm="Staff"]`, `Basic realm="Staff"`},
		{`Basic realm="Staff" charset="UTF-8"`, `Basic realm="Staff", charset="UTF-8"`},
		{`Basic: realm="Staff"`, `Basic realm="Staff"`},
		{`WWW-Authenticate: Basic realm="Staff"`, `Basic realm="Staff"`},
		{`Bearer, error="invalid_token"`, `Bearer error="invalid_token"`},
		{`Bearer error='invalid_token'; scope='a'`, `Bearer error="invalid_token", scope="a"`},
		{`@, Bearer error=invalid_token error_description=The token has expired`, `Bearer error="invalid_token", error_description="The token has expired"`},
	} {
		broken := diagnosis.Of(refused(401, header("www-authenticate", c.broken)), nil)
		sound := diagnosis.Of(refused(401, header("www-authenticate", c.sound)), nil)
		if diff := cmp.Diff(sound, broken); diff != "" {
			t.Errorf("%s: %s", c.broken, diff)
		}
	}
}

func TestContradictingEvidenceStaysInTheList(t *testing.T) {
	d := diagnosis.Of(refused(401, held("sid"), page("", "<p>Your session has expired.</p>")), &opened)
	for _, r := range d.Ranked {
		for _, e := range r.Evidence {
			if r.Cause == cause.NoCredentials && e.Weight < 0 {
				return
			}
		}
	}
	t.Error("nothing speaks against no_credentials")
}

func TestTheSameInputGivesTheSameAnswer(t *testing.T) {
	for _, c := range cases {
		if diff := cmp.Diff(diagnosis.Of(c.r, &c.facts), diagnosis.Of(c.r, &c.facts)); diff != "" {
			t.Errorf("%s: two runs differ:\n%s", c.name, diff)
		}
	}
}

// No input may panic, and none may make an answer that is no answer.
func FuzzOf(f *testing.F) {
	for _, c := range cases {
		var www, other string
		for _, h := range c.r.ResponseHeaders {
			if h.Name == "www-authenticate" {
				www = h.Value
			} else {
				other = h.Value
			}
		}
		f.Add(c.r.Status == 401, c.r.ResourceType, c.r.Method, www, other, c.r.Title, c.r.Body, string(c.r.Request.Cookies))
	}
	f.Fuzz(func(t *testing.T, is401 bool, kind, verb, www, other, title, body, sent string) {
		status := 403
		if is401 {
			status = 401
		}
		r, err := refusal.New(refusal.Refusal{
			URL: "https://site.example/a", Method: verb, Status: status, ResourceType: kind, Time: noon, Title: title, Body: body,
			ResponseHeaders: []refusal.Header{{Name: "www-authenticate", Value: www}, {Name: "retry-after", Value: other}, {Name: "date", Value: other}, {Name: "age", Value: other}},
			Request:         refusal.Request{Cookies: refusal.Known(sent)},
		})
		if err != nil {
			return
		}
		d := diagnosis.Of(&r, &opened)
		if len(d.Ranked) != len(cause.All) || !(d.Ranked[0].Probability > 0 && d.Ranked[0].Probability <= 1) {
			t.Fatalf("%d causes, the first %+v", len(d.Ranked), d.Ranked[0])
		}
	})
}

// The rooms that judge and speak do no I/O and read no clock: the same input
// gives the same answer, here and in ten years.
func TestThePureRoomsArePure(t *testing.T) {
	const module = "github.com/readmit/readmit/agent/"
	reasons := map[string]string{
		"os": "reads files or the environment", "net": "opens connections", "net/http": "opens connections", "os/exec": "starts programs",
		"io/ioutil": "reads files", "syscall": "asks the system", "crypto/rand": "is not a parameter", "math/rand": "is not a parameter",
		"math/rand/v2": "is not a parameter", "log": "writes", "github.com/rs/zerolog": "writes",
	}
	list := []string{"list", "-f", `{{.ImportPath}} {{.Dir}} {{join .GoFiles ","}} -,{{join .Imports ","}}`}
	for _, room := range []string{"cause", "signature", "diagnosis", "recovery", "incident", "explain"} {
		list = append(list, module+room)
	}
	out, err := exec.Command("go", list...).Output()
	if err != nil {
		t.Fatalf("go %v: %v", list, err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		room, dir, files, imports := strings.TrimPrefix(fields[0], module), fields[1], fields[2], fields[3]
		for imported := range strings.SplitSeq(imports, ",") {
			if why := reasons[imported]; why != "" {
				t.Errorf("%s imports %s, which %s", room, imported, why)
			}
			if rest, ours := strings.CutPrefix(imported, module); ours && !slices.Contains(pure, rest) {
				t.Errorf("%s imports %s, which is no pure room", room, imported)
			}
		}
		for file := range strings.SplitSeq(files, ",") {
			text, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			if found := clock.Find(text); found != nil {
				t.Errorf("%s/%s asks for %s", room, file, found)
			}
		}
	}
}

var (
	pure  = []string{"cause", "challenge", "redact", "refusal", "signature", "diagnosis", "recovery", "incident"}
	clock = regexp.MustCompile(`time\.(Now|Since|Until|Sleep|After|Tick|NewTimer|NewTicker|Local)\b`)
)

func fromCache(r *refusal.Refusal) { r.Request.FromCache = yes }

func TestDataOfAParentDomainIsTold(t *testing.T) {
	own := refusal.Cookie{Name: "a", Domain: "site.example", Path: "/", HostOnly: true}
	below := refusal.Cookie{Name: "b", Domain: "site.example", Path: "/"}
	shared := refusal.Cookie{Name: "c", Domain: "example", Path: "/"}
	for _, c := range []struct {
		name    string
		cookies []refusal.Cookie
		want    string
	}{
		{"all are of the parent", []refusal.Cookie{shared, shared}, "example"},
		{"one is the site's own", []refusal.Cookie{shared, own}, ""},
		{"one is the site's and sent below it", []refusal.Cookie{below, shared}, ""},
		{"none is known", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := diagnosis.Of(refused(403, cookies(yes), probe(refusal.ProbeNoCookies, 200), func(r *refusal.Refusal) { r.Cookies = c.cookies }), nil)
			if got := d.Arg(diagnosis.RuleSharedData, "parent"); got != c.want {
				t.Errorf("shared with %q, want %q", got, c.want)
			}
		})
	}
}

// Of two histories of the same refusal, the second says more for a cause.
func TestWhatTheHistoryAdds(t *testing.T) {
	down := diagnosis.Machine{VPN: refusal.KnownNo}
	twice := map[cause.Action]int{cause.SwitchAccount: 2}
	for _, c := range []struct {
		name       string
		less, more *diagnosis.Facts
		cause      cause.ID
	}{
		{"refused for days, not for minutes", history(diagnosis.History{Refusals: 5, Since: noon.Add(-time.Minute)}),
			history(diagnosis.History{Refusals: 5, Since: noon.Add(-72 * time.Hour)}), cause.NoPermission},
		{"helped on this very page, not elsewhere on the site", history(diagnosis.History{LastHelped: cause.SwitchAccount}),
			history(diagnosis.History{LastHelped: cause.SwitchAccount, HelpedHere: true}), cause.WrongAccount},
		{"helped here and before, not only here", history(diagnosis.History{LastHelped: cause.SwitchAccount, HelpedHere: true}),
			history(diagnosis.History{LastHelped: cause.SwitchAccount, HelpedHere: true, Helped: twice}), cause.WrongAccount},
		{"opened before, which speaks for no other network while the VPN is down", machineFacts(down),
			&diagnosis.Facts{Machine: down, History: opened.History}, cause.VPNOrNetworkRequired},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := refused(403, cookies(yes))
			less, more := of(c.cause, diagnosis.Of(r, c.less)), of(c.cause, diagnosis.Of(r, c.more))
			if more <= less {
				t.Errorf("%s went from %.4f to %.4f", c.cause, less, more)
			}
		})
	}
}

func history(h diagnosis.History) *diagnosis.Facts { return &diagnosis.Facts{History: h} }

func machineFacts(m diagnosis.Machine) *diagnosis.Facts { return &diagnosis.Facts{Machine: m} }
