package diagnosis_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/signature"
)

// portal is a page of 4 KiB as applications answer with: a style, a script,
// the frame of the site, and in the middle what it has to say.
var portal = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Access denied &ndash; Portal</title>
<link rel="stylesheet" href="/assets/site-4f2c1102.css"><link rel="icon" href="/favicon.ico">
<style>
` + strings.Repeat("body{margin:0;font:16px/1.5 sans-serif;color:#333}.card{max-width:40em;margin:4em auto;padding:2em;border:1px solid #ddd}\n", 11) + `</style>
<script>window.addEventListener("load",function(){var e=document.getElementById("more");e&&(e.onclick=function(){e.className="open"})});
` + strings.Repeat(`window.dataLayer=window.dataLayer||[];dataLayer.push({"event":"refused","area":"portal"});`, 9) + `</script>
</head><body><header><a class="logo" href="/"><img src="/assets/logo.svg" alt="Portal"></a><nav><ul>
` + strings.Repeat(`<li class="nav-item"><a class="nav-link" href="/help/contact">Contact the help desk</a></li>
`, 6) + `</ul></nav></header><main class="card"><h1>Access denied</h1>
` + strings.Repeat(`<p class="line">We are sorry, but your account does not let you see <b>this part</b> of the site &mdash; its owner decides who may read it.</p>
`, 5) + `<p>You do not have permission to view this page. Reference&nbsp;#18.4f2c1102.1699</p></main><footer><small>&copy; 2026 Example</small></footer></body></html>`

// manyRows puts the built-in rows in force and as many made up ones beside
// them as make 600: of products with a header and wordings of their own, which
// share many words with the page and never hold for it.
func manyRows(b *testing.B) {
	b.Helper()
	built, err := os.ReadFile("../signature/rows.json")
	if err != nil {
		b.Fatal(err)
	}
	var all []json.RawMessage
	if err := json.Unmarshal(built, &all); err != nil {
		b.Fatal(err)
	}
	for i := 0; len(all) < 600; i++ {
		condition := fmt.Sprintf([]string{
			`{"body":["you do not have permission to view zone %[1]d","your account may not see area %[1]d","contact the owner of %[1]d"]}`,
			`{"status":[403],"title":["access denied by gateway %[1]d"],"body":["access denied - %[1]d","denied by rule %[1]d"]}`,
			`{"header":{"name":"x-gateway-%[1]d"}}`,
			`{"header":{"name":"server","has":"edge-%[1]d"},"body":["blocked by edge %[1]d"]}`,
			`{"any":[{"markup":["/assets/vendor-%[1]d/","class=\"vendor%[1]d-card\""]},{"all":[{"body":["reference number %[1]d"]},{"title":["vendor %[1]d"]}]}],"not":[{"body":["sign in"]}]}`,
			`{"status":[401],"error":["vendor_%[1]d"],"detail":["expired"]}`,
		}[i%6], i)
		all = append(all, json.RawMessage(fmt.Sprintf(`{"id":"made_up_%d","group":"banner","identifies":"Product %d","when":%s,"causes":[{"cause":"no_permission","strength":"says"}]}`, i, i, condition)))
	}
	rows, err := json.Marshal(all)
	if err != nil {
		b.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	set, err := signature.Load(signature.Seal(2099010101, rows, key), key.Public().(ed25519.PublicKey))
	if err != nil {
		b.Fatal(err)
	}
	signature.Use(set)
	b.Cleanup(func() { signature.Use(nil) })
}

// BenchmarkOf is the budget of a diagnosis: at most 25 us and 20 allocations
// for a page of 4 KiB with 600 rows in force.
func BenchmarkOf(b *testing.B) {
	manyRows(b)
	r, err := refusal.New(refusal.Refusal{
		URL: "https://portal.example.org/team/reports/2026", Method: "GET", Status: 403, ResourceType: "main_frame", Time: noon, Body: portal,
		ResponseHeaders: []refusal.Header{
			{Name: "Server", Value: "nginx"}, {Name: "Date", Value: noon.Format("Mon, 02 Jan 2006 15:04:05 GMT")}, {Name: "Content-Type", Value: "text/html; charset=utf-8"},
			{Name: "Cache-Control", Value: "no-store"}, {Name: "X-Request-Id", Value: "7f0a"}, {Name: "Via", Value: "1.1 edge"}, {Name: "Vary", Value: "Accept-Encoding"},
		},
		Request: refusal.Request{Cookies: refusal.KnownYes, TopFrame: true},
		Cookies: []refusal.Cookie{{Name: "theme", Domain: "portal.example.org", Path: "/"}, {Name: "sid", Domain: "portal.example.org", Path: "/"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(r.Body)))
	b.ReportAllocs()
	for b.Loop() {
		diagnosis.Of(&r, nil)
	}
}
