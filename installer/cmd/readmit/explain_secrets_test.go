package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canary stands in every secret that is planted. It reads like no word, so that
// nothing but redaction keeps it back.
const canary = "c4n4ry"

// planted are secrets of every known kind, by where they may stand.
var planted = struct{ authorization, cookies, setCookies, bodies, addresses, forms []string }{
	authorization: []string{
		"Basic " + base64.StdEncoding.EncodeToString([]byte("anna:"+canary+"Passw0rd")),
		"Bearer " + canary + canary + canary, "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0." + canary + canary,
		`Digest username="anna", realm="r", nonce="n", uri="/", response="` + canary + canary + `", cnonce="` + canary + `"`,
		"Negotiate YIIGeg" + canary + canary, "NTLM TlRMTVNTUAAD" + canary + canary, "Token " + canary + canary, "ApiKey " + canary,
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/" + canary + ", SignedHeaders=host, Signature=" + canary + canary,
		canary, canary + "secret", canary + " " + canary, "hunter2" + canary + " x",
	},
	cookies:    []string{"sid=" + canary + canary, "a=b; auth=" + canary, canary + "=" + canary},
	setCookies: []string{"sid=" + canary + canary + "; Path=/; HttpOnly", "t=" + canary + "; Domain=h.example; Path=/" + canary + canary + canary + "9"},
	bodies: []string{
		`<input type="hidden" name="csrf" value="` + canary + canary + `">`, `<input type=password value='` + canary + `'>`,
		`{"error":"denied","access_token":"` + canary + canary + `"}`, `{"password": "` + canary + `"}`,
		"<script>document.cookie='sid=" + canary + canary + "'</script>", "<meta name=csrf-token content=" + canary + canary + ">",
		"password: " + canary, "api_key=" + canary + canary, "Authorization: Bearer " + canary + canary + canary + "1",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0." + canary + canary, "ghp_" + strings.Repeat(canary, 6), "xoxb-" + canary + canary + canary,
		"sk_live_" + canary + canary + canary, "glpat-" + canary + canary + canary, "AIza" + strings.Repeat(canary, 6), "npm_" + strings.Repeat(canary, 6),
		"SG." + strings.Repeat(canary, 4) + "." + strings.Repeat(canary, 4),
		"-----BEGIN PRIVATE KEY-----\n" + canary + "\n-----END PRIVATE KEY-----",
		"https://u:" + canary + "@h.example/x?code=" + canary + "#" + canary,
	},
	addresses: []string{
		"https://anna:" + canary + "@h.example/a", "https://h.example/a?token=" + canary + "&" + canary + canary + canary + "77=1",
		"https://h.example/a#access_token=" + canary, "https://h.example/reset/" + canary + canary + canary + "77",
		"https://h.example/a;jsessionid=" + canary + canary,
	},
	forms: []string{"user=anna&password=" + canary, `{"password":"` + canary + `"}`},
}

// plantings builds one recording of each kind around one secret of each place.
func plantings() map[string]string {
	p, all := planted, map[string]string{}
	most := max(len(p.authorization), len(p.bodies), len(p.addresses))
	for i := range most {
		auth, cookie, set := p.authorization[i%len(p.authorization)], p.cookies[i%len(p.cookies)], p.setCookies[i%len(p.setCookies)]
		body, address, form := p.bodies[i%len(p.bodies)], p.addresses[i%len(p.addresses)], p.forms[i%len(p.forms)]
		path := "/" + strings.SplitN(strings.SplitN(address, "://", 2)[1], "/", 2)[1]
		path, _, _ = strings.Cut(path, "#")
		answer := "HTTP/1.1 403 Forbidden\nServer: nginx\nSet-Cookie: " + set + "\nX-Secret: " + canary + "\nLocation: " + address +
			"\nContent-Type: text/html\n\n" + body + "\n"
		request := "POST " + path + " HTTP/1.1\nHost: h.example\nAuthorization: " + auth + "\nCookie: " + cookie + "\nReferer: " + address + "\nX-Api-Key: " + canary + "\n"
		all[fmt.Sprintf("wire %d", i)] = request + "\n" + form + answer
		all[fmt.Sprintf("curl -i %d", i)] = "$ curl -i -u anna:" + canary + " -d '" + form + "' -H 'Cookie: " + cookie + "' '" + address + "'\n" + answer
		all[fmt.Sprintf("curl -v %d", i)] = "* Server auth using Basic with user '" + canary + "'\n* h2h3 [authorization: " + auth + "]\n> " +
			strings.ReplaceAll(request, "\n", "\n> ") + "\n< " + strings.ReplaceAll(strings.SplitN(answer, "\n\n", 2)[0], "\n", "\n< ") + "\n<\n" + body +
			"\n* Issue another request to this URL: '" + address + "'\n"
		for _, encoding := range []string{"", "base64"} {
			text := body
			if encoding != "" {
				text = base64.StdEncoding.EncodeToString([]byte(body))
			}
			all[fmt.Sprintf("HAR %d %s", i, encoding)] = fmt.Sprintf(`{"log":{"comment":%q,"entries":[`+
				`{"request":{"method":"POST","url":%q,"headers":[{"name":"Host","value":"h.example"}],"postData":{"text":%q}},"response":{"status":302,"redirectURL":%q}},`+
				`{"comment":%q,"request":{"method":"GET","url":%q,"headers":[{"name":"Host","value":"h.example"},{"name":"Authorization","value":%q},{"name":"Cookie","value":%q},{"name":"Referer","value":%q}],`+
				`"cookies":[{"name":"sid","value":%q,"path":"/"}],"queryString":[{"name":"a","value":%q}],"postData":{"text":%q}},`+
				`"response":{"status":401,"headers":[{"name":"WWW-Authenticate","value":"Bearer realm=\"x\", access_token=\"%s\""},{"name":"Set-Cookie","value":%q}],`+
				`"content":{"mimeType":"text/html","text":%q,"encoding":%q},"cookies":[{"name":"s","value":%q}]},"_initiator":{"url":%q}}]}}`,
				canary, address, form, address, canary, address, auth, cookie, address, canary, canary, form, canary+canary, set, text, encoding, canary, address)
		}
		all[fmt.Sprintf("refusal %d", i)] = fmt.Sprintf(`{"url":%q,"queryKeys":["password=%s"],"method":"GET","status":403,"resourceType":"main_frame","time":"2026-11-24T09:00:00Z","title":%q,"body":%q,`+
			`"responseHeaders":[{"name":"Set-Cookie","value":%q},{"name":"X-Secret","value":%q},{"name":"Location","value":%q}],"request":{"authorization":%q,"referrerOrigin":%q},"redirects":[{"url":%q,"status":302}],"cookies":[{"name":"sid","domain":"h.example","path":"/","value":%q}]}`,
			address, canary, "password: "+canary, body, set, canary, address, auth, address, address, canary)
		// Where reading fails or stops, the message must not quote it either.
		all[fmt.Sprintf("broken %d", i)] = `{"log":{"entries":[{"request":{"url":"` + address + `"},"response":{"status":403}},{"` + canary + `":` + canary
		all[fmt.Sprintf("nothing %d", i)] = "GET " + path + " HTTP/1.1\nHost: h.example\nAuthorization: " + auth + "\n\nHTTP/1.1 200 OK\nX: " + canary + "\n\n" + body
		all[fmt.Sprintf("other JSON %d", i)] = fmt.Sprintf(`{"url":"ftp://u:%s@h.example/","status":403,"password":%q}`, canary, canary)
		all[fmt.Sprintf("no JSON %d", i)] = `{"password": ` + canary
		all[fmt.Sprintf("no capture %d", i)] = auth + "\n" + cookie + "\n" + form
	}
	return all
}

func TestNoSecretOfARecordingIsPrinted(t *testing.T) {
	recordings := plantings()
	for _, pattern := range []string{"har", "curl", "raw"} {
		files, err := filepath.Glob("../../../agent/capture/testdata/" + pattern + "/*")
		if err != nil || len(files) == 0 {
			t.Fatalf("no fixtures: %v", err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			recordings[filepath.Base(file)] = string(data)
		}
	}
	// The fixtures of curl hold these.
	secrets := []string{canary, base64.RawStdEncoding.EncodeToString([]byte(canary))[:7], "geheim", "YW5uYTp3cm9uZw", "hop=1", "anna:"}
	for name, recording := range recordings {
		t.Run(name, func(t *testing.T) {
			for _, args := range []string{"--json", "--for user", "--for helpdesk", "--for developer", "--url https://u:" + canary + "@h.example/?x=" + canary} {
				var out, errOut bytes.Buffer
				code := run(append([]string{"explain"}, strings.Fields(args)...), streams{in: strings.NewReader(recording), out: &out, err: &errOut}, emptyComputer(t))
				printed := strings.ToLower(out.String() + errOut.String())
				for _, secret := range secrets {
					if i := strings.Index(printed, strings.ToLower(secret)); i >= 0 {
						t.Errorf("readmit explain %s (exit code %d) prints %q", args, code, printed[max(0, i-80):min(len(printed), i+40)])
					}
				}
			}
		})
	}
}
