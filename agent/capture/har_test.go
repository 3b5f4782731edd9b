package capture

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/refusal"
)

func TestAnEntryIsReadAsFarAsItGoes(t *testing.T) {
	const here = "https://h.example/a"
	text := func(body, more string) string {
		return `,"content":{"mimeType":"text/html","text":` + quoted(body) + more + `}`
	}
	header := func(pairs ...string) string {
		var out []string
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, `{"name":`+quoted(pairs[i])+`,"value":`+quoted(pairs[i+1])+`}`)
		}
		return `,"headers":[` + strings.Join(out, ",") + `]`
	}
	latin := base64.StdEncoding.EncodeToString([]byte("<p>Zugriff f\xfcr Sie verweigert</p>"))
	for _, tc := range []struct {
		name, entry string
		is          func(r refusal.Refusal) string // what is wrong
	}{
		{"nothing but an address and a status", `{"request":{"url":"https://h.example/a"},"response":{"status":403}}`, func(r refusal.Refusal) string {
			return differ(r.URL, here, r.Method, "GET", r.Time.IsZero(), true, r.Request.Cookies, refusal.Known(""), r.Request.Authorization, "")
		}},
		{"no address", `{"response":{"status":401}}`, func(r refusal.Refusal) string { return differ(r.URL, refusal.UnknownURL) }},
		{"null everywhere", `{"startedDateTime":null,"time":null,"request":{"method":null,"url":"https://h.example/a","headers":null,"cookies":null},"response":{"status":403,"headers":null,"content":null,"redirectURL":null},"_resourceType":null}`,
			func(r refusal.Refusal) string { return differ(r.URL, here) }},
		{"other types everywhere", `{"startedDateTime":5,"time":"7.5","request":{"method":["GET"],"url":"https://h.example/a","headers":{"a":"b"},"cookies":"x"},"response":{"status":"403","headers":[1,"a",null,[],{"name":{"a":1},"value":7}],"content":[1],"redirectURL":{}},"_resourceType":{},"_fromCache":[]}`,
			func(r refusal.Refusal) string { return differ(r.URL, here, r.Status, 403, r.Method, "GET") }},
		{"names given twice", `{"request":{"url":"https://first.example/","url":"https://h.example/a"},"response":{"status":200,"status":403}}`,
			func(r refusal.Refusal) string { return differ(r.URL, here) }},
		{"the status behind the content", `{"response":{"content":{"text":"<p>no</p>"},"status":403},"request":{"url":"https://h.example/a"}}`,
			func(r refusal.Refusal) string { return differ(r.Body, "<p>no</p>") }},
		{"the value before the name", `{"request":{"url":"https://h.example/a"},"response":{"status":401,"headers":[{"value":"Negotiate","name":"WWW-Authenticate"}]}}`,
			func(r refusal.Refusal) string { return differ(r.Header("www-authenticate"), []string{"Negotiate"}) }},
		{"a method that is none", entryOf(here, 403, `,"method":"<script>"`, ""), func(r refusal.Refusal) string { return differ(r.Method, "GET") }},
		{"a date before the web", `{"startedDateTime":"0001-01-01T00:00:00+14:00","request":{"url":"https://h.example/a"},"response":{"status":403}}`,
			func(r refusal.Refusal) string { return differ(r.Time.IsZero(), true) }},
		{"a duration that is no number", entryOf(here, 403, "", "")[:1] + `"time":"NaN",` + entryOf(here, 403, "", "")[1:],
			func(r refusal.Refusal) string { return differ(r.Time.Format("15:04:05.000"), "10:00:00.005") }},
		{"a websocket", entryOf("wss://h.example/a", 403, "", ""), func(r refusal.Refusal) string { return differ(r.URL, here) }},
		{"text in base64", entryOf(here, 403, "", text(base64.StdEncoding.EncodeToString([]byte("<p>no</p>")), `,"encoding":"base64"`)),
			func(r refusal.Refusal) string { return differ(r.Body, "<p>no</p>", r.BodyTruncated, false) }},
		{"base64 without its padding", entryOf(here, 403, "", text("PHA+bm88L3A+IQ", `,"encoding":"base64"`)),
			func(r refusal.Refusal) string { return differ(r.Body, "<p>no</p>!") }},
		{"base64 with a wrong padding", entryOf(here, 403, "", text("PHA+bm88L3A+IQ=", `,"encoding":"base64"`)),
			func(r refusal.Refusal) string { return differ(r.Body, "<p>no</p>!") }},
		{"base64 in lines", entryOf(here, 403, "", text("PHA+bm88\r\nL3A+IQ==\r\n", `,"encoding":"base64"`)),
			func(r refusal.Refusal) string { return differ(r.Body, "<p>no</p>!") }},
		{"base64 that stops being it", entryOf(here, 403, "", text("PHA+bm88L3A+****", `,"encoding":"base64"`)),
			func(r refusal.Refusal) string { return differ(r.Body, "<p>no</p>") }},
		{"base64 of another charset", entryOf(here, 403, "", header("Content-Type", "text/html; charset=ISO-8859-1")+text(latin, `,"encoding":"base64"`)),
			func(r refusal.Refusal) string { return differ(r.Body, "<p>Zugriff für Sie verweigert</p>") }},
		{"the page's own word for its charset", entryOf(here, 403, "", text(base64.StdEncoding.EncodeToString([]byte("<meta charset=shift_jis>\x8b\x91\x94\xdb")), `,"encoding":"base64"`)),
			func(r refusal.Refusal) string { return differ(r.Body, "<meta charset=shift_jis>拒否") }},
		{"a long page in base64", entryOf(here, 403, "", text(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("<p>words</p>", 1e5))), `,"encoding":"base64"`)),
			func(r refusal.Refusal) string {
				return differ(len(r.Body) > refusal.MaxBody-64, true, r.BodyTruncated, true)
			}},
		{"a megabyte of challenge", entryOf(here, 401, "", header("WWW-Authenticate", `Basic realm="`+strings.Repeat("word ", 1<<18))),
			func(r refusal.Refusal) string { return differ(len(r.Header("www-authenticate")), 1) }},
		{"a hundred thousand headers", entryOf(here, 403, "", header(slices.Repeat([]string{"Server", "nginx"}, 1e5)...)),
			func(r refusal.Refusal) string { return differ(len(r.ResponseHeaders), refusal.MaxHeaders) }},
		{"a key in place of a scheme", entryOf(here, 403, header("Authorization", "s3cr3tkey"), ""),
			func(r refusal.Refusal) string { return differ(r.Request.Authorization, "other") }},
		{"a password before a blank", entryOf(here, 403, header("Authorization", "hunter2 x"), ""),
			func(r refusal.Refusal) string { return differ(r.Request.Authorization, "other") }},
		{"a session cookie of Chromium", entryOf(here, 403, `,"cookies":[{"name":"sid","value":"x","expires":"1969-12-31T23:59:59.000Z"}]`, ""),
			func(r refusal.Refusal) string {
				return differ(len(r.Cookies), 1, r.Cookies[0].Expires.IsZero(), true, r.Request.Cookies, refusal.KnownYes)
			}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			list, summary := found(t, harOf(tc.entry))
			if len(list) != 1 || summary.Broken != nil {
				t.Fatalf("%d refusals, %+v", len(list), summary)
			}
			if wrong := tc.is(list[0].Refusal); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}

// differ compares pairs of values.
func differ(pairs ...any) string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		if got, want := fmt.Sprintf("%v", pairs[i]), fmt.Sprintf("%v", pairs[i+1]); got != want {
			out = append(out, fmt.Sprintf("got %s, want %s", got, want))
		}
	}
	return strings.Join(out, "; ")
}

func TestAddressesThatNoServerAnswersAreNotRefusals(t *testing.T) {
	for _, url := range []string{"data:text/html,x", "blob:https://h.example/1", "chrome-extension://abc/x", "file:///etc/passwd"} {
		if list, _ := found(t, harOf(refusedEntry(url))); len(list) != 0 {
			t.Errorf("%s counts as one", url)
		}
	}
}

func TestTheTypeOfARequestIsFound(t *testing.T) {
	req := func(name, value string) string {
		return `,"headers":[{"name":` + quoted(name) + `,"value":` + quoted(value) + `}]`
	}
	for _, tc := range []struct{ name, request, response, more, want string }{
		{"a page of Chromium", req("sec-fetch-dest", "document"), "", `,"_resourceType":"document"`, "main_frame"},
		{"a frame of Chromium", req("Sec-Fetch-Dest", "iframe"), "", `,"_resourceType":"document"`, "sub_frame"},
		{"a fetch", "", "", `,"_resourceType":"fetch"`, "xmlhttprequest"},
		{"a beacon is no fetch", req("sec-fetch-dest", "empty"), "", `,"_resourceType":"ping"`, "ping"},
		{"a type that is new", "", "", `,"_resourceType":"telepathy"`, "main_frame"},
		{"a frame of Firefox", req("Sec-Fetch-Dest", "iframe"), "", "", "sub_frame"},
		{"an image by its destination", req("Sec-Fetch-Dest", "image"), "", "", "image"},
		{"an image by what was accepted", req("Accept", "image/avif,image/webp,*/*;q=0.8"), "", "", "image"},
		{"a page by what was accepted", req("Accept", "text/html,*/*;q=0.8"), req("Content-Type", "application/json"), "", "main_frame"},
		{"a style sheet", req("Accept", "text/css,*/*;q=0.1"), "", "", "stylesheet"},
		{"a script by what came", req("Accept", "*/*"), req("Content-Type", "text/javascript"), "", "script"},
		{"data by the library that asked", req("X-Requested-With", "XMLHttpRequest"), req("Content-Type", "text/html"), "", "xmlhttprequest"},
		{"data by what a browser did not ask for", req("Accept", "*/*"), req("Content-Type", "text/html"), "", "xmlhttprequest"},
		{"data by what came", "", req("Content-Type", "application/problem+json"), "", "xmlhttprequest"},
		{"nothing known", "", "", "", "main_frame"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			entry := entryOf("https://h.example/a", 403, tc.request, tc.response)
			list, _ := found(t, harOf(entry[:len(entry)-1]+tc.more+"}"))
			if len(list) != 1 || list[0].Refusal.ResourceType != tc.want || list[0].Refusal.Request.TopFrame != (tc.want == "main_frame") {
				t.Errorf("got %+v, want %s", list, tc.want)
			}
		})
	}
}

func TestWhatFollowsAFileIsRead(t *testing.T) {
	one := harOf(refusedEntry("https://h.example/a"))
	for _, tc := range []struct {
		name, input string
		refusals    int
		broken      string
	}{
		{"another file", one + "\n" + one, 2, ""},
		{"a line break", one + "\r\n", 1, ""},
		{"zeros, as crashed editors leave them", one + "\x00\x00\x00", 1, "what follows is not JSON"},
		{"a comma too many", strings.Replace(one, "]}}", ",]}}", 1), 1, "what follows is not JSON"},
		{"an entry that is none", strings.Replace(one, "]}}", ",nonsense]}}", 1), 1, "what follows is not JSON"},
		{"nesting without end", strings.Replace(one, "]}}", ","+strings.Repeat("[", 1e6), 1), 1, "what follows is JSON that no program writes"},
		{"a number without end", strings.Replace(one, "]}}", ","+strings.Repeat("7", 1e7), 1), 1, "what follows is JSON that no program writes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			list, summary := found(t, tc.input)
			problem := ""
			if summary.Broken != nil {
				problem = summary.Broken.Problem
				if summary.Broken.After != "entry 1" || summary.Broken.Offset < int64(len(one))-5 || summary.Broken.Offset > int64(len(one))+16<<10 {
					t.Errorf("broken at %+v", summary.Broken)
				}
			}
			if len(list) != tc.refusals || problem != tc.broken {
				t.Errorf("%d refusals, %q", len(list), problem)
			}
		})
	}
}

func TestARefusalThatBreaksOffIsExplainedAsFarAsItIsThere(t *testing.T) {
	input := harOf(refusedEntry("https://h.example/a"), entryOf("https://h.example/b", 401, "", `,"headers":[{"name":"Server","value":"nginx"},{"name":"WWW-Auth`))
	input, _, _ = strings.Cut(input, "Auth")
	list, summary := found(t, input)
	if len(list) != 2 || list[1].Refusal.URL != "https://h.example/b" || len(list[1].Refusal.ResponseHeaders) != 1 {
		t.Errorf("got %+v", list)
	}
	if b := summary.Broken; b == nil || b.After != "entry 1" || b.Offset != int64(len(input)) || b.Problem != "the file ends in the middle" {
		t.Errorf("broken: %+v", b)
	}
}
