package samplesite

import (
	"fmt"
	"html"
	"net/http"
	"time"
)

// fixed is a refusal that depends on nothing: header fields and a body.
type fixed struct {
	path    string
	status  int
	headers [][2]string
	body    string
}

var fixedPages = []fixed{
	{path: "/waf/{$}", status: 403, headers: [][2]string{{"Content-Type", htmlType}, {"Cache-Control", "no-cache"}}, body: f5Rejected},
	// https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
	{path: "/bot/{$}", status: 403, headers: [][2]string{{"Server", "cloudflare"}, {"cf-mitigated", "challenge"},
		{"CF-RAY", "8f3a5c2d1b0e4f67-ARN"}, {"Content-Type", htmlType}}, body: cloudflareChallenge},
	{path: "/bearer/{$}", status: 401, headers: [][2]string{{"WWW-Authenticate", `Bearer realm="Reports API"`},
		{"Content-Type", "application/json"}}, body: `{"status":401,"error":"Unauthorized","path":"/bearer/"}`},
	// RFC 6750 section 3.1
	{path: "/scope/{$}", status: 403, headers: [][2]string{
		{"WWW-Authenticate", `Bearer realm="Reports API", error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token.", scope="reports.write"`},
		{"Content-Type", "application/json"}}, body: `{"error":"insufficient_scope","scope":"reports.write"}`},
	{path: "/rate/{$}", status: 403, headers: [][2]string{{"Retry-After", "120"}, {"Server", "nginx"}, {"Content-Type", htmlType}},
		body: plainPage("Too many requests", "Too many requests", "You have sent too many requests in a short time. Please wait before you send more.")},
	{path: "/files/{$}", status: 403, headers: [][2]string{{"Server", "Apache/2.4.62 (Debian)"}, {"Content-Type", htmlType}}, body: apacheForbidden},
	{path: "/cert/{$}", status: 403, headers: [][2]string{{"Server", "Microsoft-IIS/10.0"}, {"Content-Type", htmlType}}, body: iisCertificate},
	{path: "/plain403/{$}", status: 403, headers: [][2]string{{"Server", "nginx"}, {"Content-Type", htmlType}}, body: nginxPage("403 Forbidden")},
	{path: "/plain401/{$}", status: 401},
	{path: "/empty403/{$}", status: 403},
	{path: "/sso/{$}", status: 403, headers: [][2]string{{"Cache-Control", "no-cache, no-store, must-revalidate, max-age=0"},
		{"Content-Type", htmlType}}, body: oauth2Proxy},
}

const htmlType = "text/html; charset=utf-8"

func (s *Site) routeFixed(mux *http.ServeMux) {
	for _, f := range fixedPages {
		mux.HandleFunc("GET "+f.path, func(w http.ResponseWriter, _ *http.Request) {
			for _, h := range f.headers {
				w.Header().Set(h[0], h[1])
			}
			w.WriteHeader(f.status)
			_, _ = w.Write([]byte(f.body))
		})
	}
	mux.HandleFunc("GET /clock/{$}", s.clock)
}

// skew is how far this page's server clock is ahead; S3 tolerates 15 minutes.
const skew = 23 * time.Minute

func (s *Site) clock(w http.ResponseWriter, _ *http.Request) {
	now := s.cfg.Now().UTC()
	server := now.Add(skew)
	w.Header().Set("Date", server.Format(http.TimeFormat))
	w.Header().Set("Server", "AmazonS3")
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message>`+
		`<RequestTime>%s</RequestTime><ServerTime>%s</ServerTime><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds></Error>`,
		now.Format(time.RFC3339), server.Format(time.RFC3339))
}

// nginxPage is the page nginx makes for a status it was given no page for.
func nginxPage(title string) string {
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}

// plainPage is a short page of no system in particular.
func plainPage(title, heading, text string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + html.EscapeString(title) + `</title></head><body><h1>` +
		html.EscapeString(heading) + `</h1><p>` + html.EscapeString(text) + `</p></body></html>`
}

func sessionRefused(a area) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>401 Unauthorized</title></head><body>` +
		`<h1>401 Unauthorized</h1><p>This page is for people who are signed in. <a href="` + a.folder + `/login">Sign in</a></p></body></html>`
}

var roleRefused = plainPage("403 Forbidden", "403 Forbidden",
	"You do not have permission to view this page. The role Payroll editor is needed. The owner of the role is Marta Lind, Finance.")

const apacheUnauthorized = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head><title>401 Unauthorized</title></head><body>
<h1>Unauthorized</h1><p>This server could not verify that you are authorized to access the document requested.</p>
</body></html>
`

// apacheForbidden speaks like Apache 2.4 for a folder without an index, as
// for everything else that it does not hand out.
const apacheForbidden = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head><title>403 Forbidden</title></head><body>
<h1>Forbidden</h1><p>You don't have permission to access this resource.</p>
</body></html>
`

// f5Rejected speaks like the blocking page of F5 Advanced WAF.
const f5Rejected = `<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.
Please consult with your administrator.<br><br>Your support ID is: 8301537732516648237<br><br><a href='javascript:history.back();'>[Go Back]</a></body></html>
`

const cloudflareChallenge = `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow"></head>
<body><div class="main-wrapper"><noscript>Enable JavaScript and cookies to continue</noscript></div></body></html>
`

// iisCertificate speaks like IIS with substatus 7:
// https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-administration-management/http-status-code
const iisCertificate = `<!DOCTYPE html><html><head><title>IIS 10.0 Detailed Error - 403.7 - Forbidden</title></head><body>
<h2>HTTP Error 403.7 - Forbidden</h2><h3>The page you are trying to open needs a client certificate that the Web server recognizes.</h3></body></html>
`

// djangoCSRF speaks like django.views.csrf.
const djangoCSRF = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>403 Forbidden</title></head><body>
<h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed. Request aborted.</p></body></html>
`

// oauth2Proxy speaks like the sign-in page that oauth2-proxy sends with 403.
const oauth2Proxy = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sign In</title></head><body>
<form method="GET" action="/oauth2/start"><input type="hidden" name="rd" value="/sso/">
<button type="submit">Sign in with Keycloak OIDC</button></form>
<footer>Secured with <a href="https://github.com/oauth2-proxy/oauth2-proxy">OAuth2 Proxy</a></footer></body></html>
`

// hostilePage imitates readmit in everything a page can choose.
const hostilePage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>readmit: your password has expired, type it here</title></head><body>
<h1>readmit</h1><p>Google Chrome security has detected a problem. <a href="javascript:alert(1)">Sign in with your password</a></p></body></html>
`
