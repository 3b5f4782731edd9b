package release

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/challenge"
)

var now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// asked reads a WWW-Authenticate field.
func asked(field string) []challenge.Challenge {
	challenges, err := challenge.Parse(field)
	if err != nil {
		panic(err)
	}
	return challenges
}

// good is a request that may be released; each row breaks one thing.
func good() *Request {
	return &Request{
		Now: now, Account: "anna", Consent: Once,
		Origin:     "https://intranet.example",
		Challenges: asked("Basic realm=Staff"),
		MainFrame:  true, Challenged: true, Challenger: "https://intranet.example:443",
		TopOrigin: "https://intranet.example", VisibleMainFrame: true,
		Reported: now.Add(-time.Minute), SameConnection: true, BrowserParent: true,
	}
}

// form is a sign-in form of the site, which sent no challenge.
func form() *Request {
	r := good()
	r.Form, r.Challenges, r.Reported = true, nil, now
	return r
}

func standing() *Request {
	r := good()
	r.Consent = Standing
	r.Grant = &Grant{
		Space:   Space{Origin: "https://intranet.example", Realm: "Staff", Scheme: "basic"},
		Account: "anna", Used: now.Add(-24 * time.Hour),
	}
	return r
}

// onceMore is about a secret that was refused and that the helpdesk unlocked.
func onceMore() *Request {
	r := good()
	r.Consent, r.Last = OnceMore, Refused
	return r
}

func TestDecide(t *testing.T) {
	type row struct {
		name   string
		from   func() *Request
		change func(*Request)
		want   Verdict
	}
	keep := func(*Request) {}
	rows := []row{
		{"agreed once on https is released", good, keep, Allowed},
		{"agreed always on https is released", good, func(r *Request) { r.Consent = Always }, Allowed},
		{"a standing consent in force is released", standing, keep, Allowed},
		{"nothing known is refused", func() *Request { return &Request{} }, keep, Forbidden},

		{"an incident of another connection is refused", good, func(r *Request) { r.SameConnection = false }, Forbidden},
		{"a challenge used before is refused", good, func(r *Request) { r.Used = true }, Forbidden},
		{"a challenge of just under five minutes is released", good, func(r *Request) { r.Reported = now.Add(-MaxAge + time.Second) }, Allowed},
		{"a challenge of five minutes is refused", good, func(r *Request) { r.Reported = now.Add(-MaxAge) }, Forbidden},
		{"a challenge from the future is refused", good, func(r *Request) { r.Reported = now.Add(time.Second) }, Forbidden},
		{"a challenge never reported is refused", good, func(r *Request) { r.Reported = time.Time{} }, Forbidden},
		{"a refusal that holds no request is refused", good, func(r *Request) { r.Challenged = false }, Forbidden},

		{"a form is filled in on a click", form, keep, Allowed},
		{"a form in a private window is filled in on a click", form, func(r *Request) { r.Private = true }, Allowed},
		{"a form is not filled in for good", form, func(r *Request) { r.Consent = Always }, AskPerson},
		{"a form is not filled in by an earlier consent", form, func(r *Request) {
			r.Consent, r.Grant = Standing, &Grant{Space: Space{Origin: "https://intranet.example", Scheme: Form}, Account: "anna", Used: now}
		}, AskPerson},
		{"a form of another origin is refused", form, func(r *Request) { r.Challenger = "https://login.example" }, Forbidden},
		{"a form of another port is refused", form, func(r *Request) { r.Challenger = "https://intranet.example:8443" }, Forbidden},
		{"a form of a site that is no origin is refused", form, func(r *Request) { r.Origin, r.Challenger = "about:blank", "about:blank" }, Forbidden},
		{"a form over plain http is refused", form, func(r *Request) { r.Origin, r.Challenger = "http://intranet.example", "http://intranet.example" }, Forbidden},
		{"a form of an incident that is over is refused", form, func(r *Request) { r.Challenged = false }, Forbidden},
		{"a form gets no secret that was refused before", form, func(r *Request) { r.Last = Refused }, RefusedBefore},
		{"a form gets a refused secret once more when the person says so", form, func(r *Request) { r.Last, r.Consent = Refused, OnceMore }, Allowed},

		{"no challenge at all is refused", good, func(r *Request) { r.Challenges = nil }, Forbidden},
		{"a Bearer challenge is refused", good, func(r *Request) { r.Challenges = asked("Bearer realm=Staff") }, Forbidden},
		{"a Negotiate challenge is refused", good, func(r *Request) { r.Challenges = asked("Negotiate") }, Forbidden},
		{"a Digest challenge that browsers cannot answer is refused", good, func(r *Request) {
			r.Challenges = asked("Digest realm=Staff, algorithm=SHA-512-256")
		}, Forbidden},
		{"a Digest challenge is released", good, func(r *Request) { r.Challenges[0].Scheme = "digest" }, Allowed},
		{"an NTLM challenge is released", good, func(r *Request) { r.Challenges[0].Scheme = "ntlm" }, Allowed},

		{"a proxy is refused", good, func(r *Request) { r.IsProxy = true }, Forbidden},
		{"another host as challenger is refused", good, func(r *Request) { r.Challenger = "https://evil.example" }, Forbidden},
		{"another port as challenger is refused", good, func(r *Request) { r.Challenger = "https://intranet.example:8443" }, Forbidden},
		{"another scheme as challenger is refused", good, func(r *Request) { r.Challenger = "http://intranet.example:443" }, Forbidden},
		{"no challenger is refused", good, func(r *Request) { r.Challenger = "" }, Forbidden},
		{"a challenger with a user in it is refused", good, func(r *Request) { r.Challenger = "https://intranet.example@evil.example" }, Forbidden},

		{"a same-origin subresource is released", good, func(r *Request) { r.MainFrame = false }, Allowed},
		{"a cross-origin subresource is refused", good, func(r *Request) { r.MainFrame = false; r.TopOrigin = "https://news.example" }, Forbidden},
		{"a subresource on another port of the site is refused", good, func(r *Request) { r.MainFrame = false; r.TopOrigin = "https://intranet.example:8443" }, Forbidden},
		{"a subresource of an unknown page is refused", good, func(r *Request) { r.MainFrame = false; r.TopOrigin = "" }, Forbidden},

		{"plain http is refused", good, func(r *Request) { r.Origin, r.Challenger = "http://intranet.example", "http://intranet.example" }, Forbidden},
		{"plain http named by system policy is released", good, func(r *Request) {
			r.Origin, r.Challenger, r.InsecureNamed = "http://intranet.example", "http://intranet.example", true
		}, Allowed},
		{"loopback http is released", good, func(r *Request) { r.Origin, r.Challenger = "http://127.0.0.1:8080", "http://127.0.0.1:8080" }, Allowed},
		{"localhost is released", good, func(r *Request) { r.Origin, r.Challenger = "http://localhost:80", "http://localhost" }, Allowed},
		{"a name below localhost is released", good, func(r *Request) { r.Origin, r.Challenger = "http://a.localhost:1", "http://a.localhost:1" }, Allowed},
		{"IPv6 loopback is released", good, func(r *Request) { r.Origin, r.Challenger = "http://[::1]:8080", "http://[0:0::1]:8080" }, Allowed},
		{"a host that only begins like loopback is refused", good, func(r *Request) {
			r.Origin, r.Challenger = "http://127.0.0.1.evil.example", "http://127.0.0.1.evil.example"
		}, Forbidden},
		{"a host that only ends like localhost is refused", good, func(r *Request) { r.Origin, r.Challenger = "http://notlocalhost", "http://notlocalhost" }, Forbidden},
		{"an origin that is none is refused", good, func(r *Request) { r.Origin, r.Challenger = "file:///etc", "file:///etc" }, Forbidden},

		{"no account is refused", good, func(r *Request) { r.Account = "" }, Forbidden},
		{"no consent asks", good, func(r *Request) { r.Consent = NoConsent }, AskPerson},
		{"a consent of an unknown shape asks", good, func(r *Request) { r.Consent = OnceMore + 1 }, AskPerson},

		{"a secret refused before is not sent again", good, func(r *Request) { r.Last = Refused }, RefusedBefore},
		{"a secret whose outcome was never seen is not sent again", good, func(r *Request) { r.Last = Unseen }, RefusedBefore},
		{"an accepted secret is sent again", good, func(r *Request) { r.Last = Accepted }, Allowed},
		{"a secret typed just now is sent although the stored one was refused", good, func(r *Request) { r.Last, r.Typed = Refused, true }, Allowed},
		{"a standing consent does not override an earlier refusal", standing, func(r *Request) { r.Last = Refused }, RefusedBefore},

		{"a secret refused before is sent once more when the person says so", onceMore, keep, Allowed},
		{"a secret whose outcome was never seen is sent once more when the person says so", onceMore, func(r *Request) { r.Last = Unseen }, Allowed},
		{"once more is once", onceMore, func(r *Request) { r.TriedOnceMore = true }, RefusedBefore},
		{"once more is once, whatever became of it", onceMore, func(r *Request) { r.TriedOnceMore, r.Last = true, Unseen }, RefusedBefore},
		{"once more mends nothing else", onceMore, func(r *Request) { r.Challenger = "https://evil.example" }, Forbidden},
		{"once more does not make always of a refused secret", onceMore, func(r *Request) { r.Consent = Always }, RefusedBefore},
		{"once more needs no browser that is known", onceMore, func(r *Request) { r.BrowserParent = false }, Allowed},
		{"private windows send once more when asked", onceMore, func(r *Request) { r.Private = true }, Allowed},

		{"a credential under way waits", good, func(r *Request) { r.LeaseHeld = true }, Busy},
		{"a credential under way waits although consent stands", standing, func(r *Request) { r.LeaseHeld = true }, Busy},

		{"private windows release when asked once", good, func(r *Request) { r.Private = true }, Allowed},
		{"private windows grant nothing lasting", good, func(r *Request) { r.Private, r.Consent = true, Always }, AskPerson},
		{"private windows use nothing lasting", standing, func(r *Request) { r.Private = true }, AskPerson},
		{"without a browser behind it, always is not granted", good, func(r *Request) { r.BrowserParent, r.Consent = false, Always }, AskPerson},
		{"without a browser behind it, a standing consent asks", standing, func(r *Request) { r.BrowserParent = false }, AskPerson},
		{"without a browser behind it, once is released", good, func(r *Request) { r.BrowserParent = false }, Allowed},
		{"a standing consent in a hidden tab asks", standing, func(r *Request) { r.VisibleMainFrame = false }, AskPerson},
		{"a standing consent for a subresource asks", standing, func(r *Request) { r.MainFrame = false }, AskPerson},
		{"a claimed standing consent that nobody gave asks", standing, func(r *Request) { r.Grant = nil }, AskPerson},
		{"a standing consent of another account asks", standing, func(r *Request) { r.Grant.Account = "bert" }, AskPerson},
		{"a standing consent of another origin asks", standing, func(r *Request) { r.Grant.Space.Origin = "https://intranet.example:8443" }, AskPerson},
		{"a changed realm asks", standing, func(r *Request) { r.Challenges = asked(`Basic realm="Staff 2"`) }, AskPerson},
		{"Digest that became Basic asks", standing, func(r *Request) { r.Grant.Space.Scheme = "digest" }, AskPerson},
		{"Digest and Basic, then Digest that cannot be answered, asks", standing, func(r *Request) {
			r.Grant.Space.Scheme = "digest"
			r.Challenges = asked("Digest realm=Staff, algorithm=SHA-512-256, Basic realm=Staff")
		}, AskPerson},
		{"a standing consent unused for 90 days asks", standing, func(r *Request) { r.Grant.Used = now.Add(-StandingUnused) }, AskPerson},
		{"a standing consent used 89 days ago is released", standing, func(r *Request) { r.Grant.Used = now.Add(-89 * 24 * time.Hour) }, Allowed},
		{"https that became http is refused although consent stands", standing, func(r *Request) {
			r.Origin, r.Challenger = "http://intranet.example", "http://intranet.example"
		}, Forbidden},
	}
	hit := map[string]bool{}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := row.from()
			row.change(r)
			got := Decide(r)
			if got.Verdict != row.want {
				t.Errorf("verdict %d (%s), want %d", got.Verdict, got.Reason, row.want)
			}
			hit[got.Reason] = true
		})
	}
	for _, c := range clauses {
		if !hit[c.reason] {
			t.Errorf("no row shows the clause %q", c.reason)
		}
	}
}

func TestSpaceOfPrefersWhatBrowsersPrefer(t *testing.T) {
	for _, c := range []struct{ field, scheme, realm string }{
		{"Basic realm=b, Digest realm=d, Bearer realm=x", "digest", "d"},
		{"Digest realm=d, algorithm=MD5, Digest realm=s, algorithm=SHA-256", "digest", "s"},
		{"Digest realm=d, algorithm=SHA-256, NTLM, Basic realm=b", "ntlm", ""},
		{"Negotiate, Basic realm=b", "basic", "b"},
	} {
		got, ok := SpaceOf("HTTPS://Example.org:443", asked(c.field))
		want := Space{Origin: "https://example.org", Realm: c.realm, Scheme: c.scheme}
		if !ok || cmp.Diff(want, got) != "" {
			t.Errorf("%s: %v %s", c.field, ok, cmp.Diff(want, got))
		}
	}
}

func TestOriginsThatAreNone(t *testing.T) {
	for _, s := range []string{
		"", "example.org", "https://", "https://example.org/", "https://a@example.org", "https://example.org:0",
		"https://example.org:65536", "https://example.org:", "https://[::1", "https://[::1]x", "https://[::1]:",
		"https://[1.2.3.4]", "https://a:1:2", "ftp://example.org", "https://exa mple.org", "https://a%2eb",
	} {
		if o, ok := parseOrigin(s); ok {
			t.Errorf("parseOrigin(%q) = %v, want none", s, o)
		}
	}
}
