package signature_test

import (
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/signature"
)

func seen(t testing.TB, in refusal.Refusal) *refusal.Refusal {
	t.Helper()
	if in.URL == "" {
		in.URL = "https://shop.example.org/files/list"
	}
	if in.Status == 0 {
		in.Status = 403
	}
	in.Method, in.ResourceType, in.Time = "GET", "main_frame", time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r, err := refusal.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestWhatAConditionLooksAt(t *testing.T) {
	r := seen(t, refusal.Refusal{
		URL: "https://shop.example.org/files/list", QueryKeys: []string{"X-Amz-Signature"}, Title: "Not For You",
		Body: `<p>Ask <b>Anna</b></p><script src="/cdn-cgi/x.js"></script>`,
		ResponseHeaders: []refusal.Header{
			{Name: "Server", Value: "Apache/2.4"}, {Name: "Set-Cookie", Value: "SID=secret; Path=/"},
			{Name: "WWW-Authenticate", Value: `Bearer realm="Reports API", error="invalid_token", error_description="Too Old"`},
		},
		Cookies: []refusal.Cookie{{Name: "wp_Test", Domain: "shop.example.org", Path: "/"}},
	})
	holds := map[string]signature.Condition{
		"status":                 {Status: []int{401, 403}},
		"header is there":        {Header: &signature.HeaderTest{Name: "server"}},
		"header begins with":     {Header: &signature.HeaderTest{Name: "server", Prefix: "apache"}},
		"header holds":           {Header: &signature.HeaderTest{Name: "server", Has: "/2"}},
		"header is":              {Header: &signature.HeaderTest{Name: "server", Is: "apache/2.4"}},
		"cookie that is held":    {Cookie: []string{"wp_test"}},
		"cookie by its prefix":   {Cookie: []string{"wp_*"}},
		"cookie that is set":     {Cookie: []string{"sid"}},
		"held cookie by prefix":  {Held: []string{"wp_*"}},
		"held cookie by ending":  {Held: []string{"*_test", "!wp_other"}},
		"query key":              {Query: []string{"x-amz-signature"}},
		"scheme":                 {Scheme: []string{"basic", "bearer"}},
		"realm":                  {Realm: []string{"reports"}},
		"error":                  {Error: []string{"invalid_token"}},
		"detail":                 {Detail: []string{"too old"}},
		"host":                   {Host: []string{"shop.example.org"}},
		"parent domain":          {Host: []string{"example.org"}},
		"path":                   {Path: []string{"/list"}},
		"title":                  {Title: []string{"for you"}},
		"visible text over tags": {Body: []string{"ask anna"}},
		"markup":                 {Markup: []string{"/cdn-cgi/"}},
		"pattern in the title":   {Title: []string{"not"}, Pattern: &signature.Pattern{In: "title", Regexp: `^not \w+ you$`}},
		"pattern in the text":    {Body: []string{"ask"}, Pattern: &signature.Pattern{In: "body", Regexp: `ask an+a`}},
		"pattern in the markup":  {Body: []string{"ask"}, Pattern: &signature.Pattern{In: "markup", Regexp: `src="/cdn-cgi/[a-z]\.js"`}},
		"pattern in a header":    {Header: &signature.HeaderTest{Name: "server", Has: "apache"}, Pattern: &signature.Pattern{In: "header", Header: "server", Regexp: `/\d\.\d$`}},
		"all":                    {All: []signature.Condition{{Status: []int{403}}, {Title: []string{"not"}}}},
		"any":                    {Any: []signature.Condition{{Status: []int{401}}, {Title: []string{"not"}}}},
		"not":                    {Not: []signature.Condition{{Status: []int{401}}, {Title: []string{"yes"}}}},
	}
	for name, c := range holds {
		if !signature.Holds(c, r) {
			t.Errorf("%s does not hold", name)
		}
	}
	fails := map[string]signature.Condition{
		"status":                    {Status: []int{401}},
		"header is there":           {Header: &signature.HeaderTest{Name: "via"}},
		"header is":                 {Header: &signature.HeaderTest{Name: "server", Is: "apache"}},
		"cookie":                    {Cookie: []string{"wp"}},
		"cookie that is only set":   {Held: []string{"sid"}},
		"cookie passed over":        {Held: []string{"*_test", "!wp_test"}},
		"query key":                 {Query: []string{"x-amz"}},
		"scheme":                    {Scheme: []string{"basic"}},
		"error":                     {Error: []string{"invalid"}},
		"domain that only ends so":  {Host: []string{"ample.org"}},
		"path":                      {Path: []string{"/"}},
		"script is no text":         {Body: []string{"cdn-cgi"}},
		"all":                       {All: []signature.Condition{{Status: []int{403}}, {Title: []string{"yes"}}}},
		"any":                       {Any: []signature.Condition{{Status: []int{401}}, {Title: []string{"yes"}}}},
		"not":                       {Not: []signature.Condition{{Title: []string{"not"}}}},
		"pattern":                   {Body: []string{"ask"}, Pattern: &signature.Pattern{In: "body", Regexp: `ask bert`}},
		"pattern that is not gated": {Body: []string{"asks"}, Pattern: &signature.Pattern{In: "body", Regexp: `ask`}},
		"pattern of another header": {Body: []string{"ask"}, Pattern: &signature.Pattern{In: "header", Header: "via", Regexp: `.`}},
		"one of two":                {Status: []int{403}, Title: []string{"yes"}},
	}
	for name, c := range fails {
		if signature.Holds(c, r) {
			t.Errorf("%s holds", name)
		}
	}
}

func TestTheNumberToQuoteIsFound(t *testing.T) {
	for _, c := range []struct {
		name, id, want string
		r              refusal.Refusal
	}{
		{"in a header", "cloudflare_challenge", "Ray ID: 8f0c2d4ee8a1b2c3-FRA",
			refusal.Refusal{ResponseHeaders: []refusal.Header{{Name: "cf-mitigated", Value: "challenge"}, {Name: "cf-ray", Value: "8f0c2d4ee8a1b2c3-FRA"}}}},
		{"on the page", "f5_support_id", "Support ID: 8301537732516648237",
			refusal.Refusal{Title: "Request Rejected", Body: "<p>Your support ID is: <b>8301537732516648237</b>.</p>"}},
		{"not where nothing stands", "f5_support_id", "", refusal.Refusal{Title: "Request Rejected", Body: "<p>Your support ID is: </p>"}},
		{"not where letters change their length", "f5_support_id", "", refusal.Refusal{Title: "Request Rejected", Body: "<p>İİİ Your support ID is: 12345</p>"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, h := range signature.Match(seen(t, c.r)) {
				if h.ID == c.id {
					if h.Quote != c.want {
						t.Errorf("quote %q, want %q", h.Quote, c.want)
					}
					return
				}
			}
			t.Errorf("%s does not hit", c.id)
		})
	}
}

func TestTheQuoteOfAPatternIsItsGroup(t *testing.T) {
	row := signature.Row{ID: "a_row", When: signature.Condition{Body: []string{"incident"}}, Quote: &signature.Quote{Label: "Incident", Regexp: `incident (?:id|no)[: ]+([0-9a-z-]{4,40})`}}
	for body, want := range map[string]string{
		"<p>Incident ID: <b>AB-12c</b></p>": "Incident: AB-12c",
		"<p>Incident ID: x</p>":             "",
		"<p>İ Incident ID: AB-12c</p>":      "",
	} {
		signature.With([]signature.Row{row}, func() {
			hs := signature.Match(seen(t, refusal.Refusal{Body: body}))
			if len(hs) != 1 || hs[0].Quote != want {
				t.Errorf("%s: got %+v, want %q", body, hs, want)
			}
		})
	}
}

func TestAllMatchesCount(t *testing.T) {
	hs := signature.Match(seen(t, refusal.Refusal{Title: "Request Rejected", Body: "<p>The requested URL was rejected. Your support ID is: 1</p>"}))
	if !hits(hs, "f5_support_id") || !hits(hs, "words_request_blocked") {
		t.Errorf("got %+v", hs)
	}
}

// A 4 KiB page, which is more than most refusals have.
func BenchmarkMatch(b *testing.B) {
	r := seen(b, refusal.Refusal{Title: "403 Forbidden", Body: "<html><body>" + strings.Repeat("<p>Nothing that any row knows, line after line.</p>\n", 80) + "</body></html>"})
	b.ReportAllocs()
	for b.Loop() {
		signature.Match(r)
	}
}
