package diagnosis_test

import (
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
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

// BenchmarkOf is the budget of a diagnosis: at most 25 us and 20 allocations
// for a page of 4 KiB with all rows.
func BenchmarkOf(b *testing.B) {
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
