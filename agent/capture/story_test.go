package capture

import (
	"fmt"
	"strings"
	"testing"
)

// act is one exchange of a story.
type act struct {
	at              int // seconds
	method, url     string
	status          int
	request, answer string // header fields, as "name: value"
}

func (a act) entry() string {
	list := func(field string) string {
		if field == "" {
			return ""
		}
		name, value, _ := strings.Cut(field, ": ")
		return `,{"name":` + quoted(name) + `,"value":` + quoted(value) + `}`
	}
	return fmt.Sprintf(`{"startedDateTime":"2026-11-24T10:00:%02dZ","request":{"method":%q,"url":%s,"headers":[{"name":"Host","value":"h"}%s]},`+
		`"response":{"status":%d,"headers":[{"name":"x","value":"y"}%s]},"_resourceType":"document"}`,
		a.at, a.method, quoted(a.url), list(a.request), a.status, list(a.answer))
}

func TestOtherEntriesOfTheOriginAreHistory(t *testing.T) {
	const app, other = "https://h.example/app", "https://other.example/app"
	for _, tc := range []struct {
		name string
		acts []act
		want string // of the last refusal: opened, later, before, authorization, cookies, hops
	}{
		{"nothing else", []act{{1, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"it opened before", []act{{1, "GET", "https://h.example/", 200, "", ""}, {2, "GET", app, 403, "", ""}}, "opened=01 later= before=0 auth= cookies= hops=0"},
		{"another origin opened before", []act{{1, "GET", other, 200, "", ""}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"the same origin, spelled otherwise", []act{{1, "GET", "https://H.EXAMPLE:443/", 200, "", ""}, {2, "GET", app, 403, "", ""}}, "opened=01 later= before=0 auth= cookies= hops=0"},
		{"only its sign-in page opened", []act{{1, "GET", "https://h.example/login", 200, "", ""}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"it only redirected", []act{{1, "GET", "https://h.example/", 302, "", "Location: https://h.example/welcome"}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"it opened while this was under way", []act{{9, "GET", "https://h.example/", 200, "", ""}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"a preflight is no page", []act{{1, "OPTIONS", app, 204, "", ""}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"refused for the third time", []act{{1, "GET", app, 403, "", ""}, {2, "GET", app, 403, "", ""}, {3, "GET", app, 403, "", ""}}, "opened=- later= before=2 auth= cookies= hops=0"},
		{"another method is another thing", []act{{1, "POST", app, 403, "", ""}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"it opened later", []act{{1, "GET", app, 403, "", ""}, {2, "GET", app, 200, "", ""}}, "opened=- later=opened before=0 auth= cookies= hops=0"},
		{"it redirected later", []act{{1, "GET", app, 403, "", ""}, {2, "GET", app, 302, "", "Location: /login"}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"asked, answered, opened", []act{{1, "GET", app, 401, "", ""}, {2, "GET", app, 200, "Authorization: Basic eA==", ""}}, "opened=- later=signed_in before=0 auth=none cookies= hops=0"},
		{"a token renewed", []act{{1, "GET", app, 401, "Authorization: Bearer a", ""}, {2, "GET", app, 200, "Authorization: Bearer b", ""}}, "opened=- later=opened before=0 auth=bearer cookies= hops=0"},
		{"past a sign-in page", []act{{1, "GET", app, 401, "", ""}, {2, "POST", "https://h.example/login", 302, "", "Location: /app"}, {3, "GET", app, 200, "", ""}}, "opened=- later=signed_in before=0 auth= cookies= hops=0"},
		{"past a sign-in page elsewhere", []act{{1, "GET", app, 401, "", ""}, {2, "GET", "https://login.example.org/common", 200, "", ""}, {3, "GET", app, 200, "", ""}}, "opened=- later=signed_in before=0 auth= cookies= hops=0"},
		{"sent there by redirects", []act{{1, "GET", "https://h.example/go", 302, "", "Location: go2"}, {2, "GET", "https://h.example/go2", 307, "", "Location: /app#x"}, {3, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=2"},
		{"a form that turned into a page", []act{{1, "POST", "https://h.example/form", 303, "", "Location: /app"}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=1"},
		{"a form sent on as a form", []act{{1, "POST", "https://h.example/form", 308, "", "Location: /app"}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"cookies of others show that none were sent", []act{{1, "GET", "https://h.example/", 302, "Cookie: a=b", ""}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies=no hops=0"},
		{"cookies that were set later show it too", []act{{1, "GET", app, 403, "", "Set-Cookie: a=b"}}, "opened=- later= before=0 auth= cookies=no hops=0"},
		{"cookies of another origin show nothing", []act{{1, "GET", other, 302, "Cookie: a=b", ""}, {2, "GET", app, 403, "", ""}}, "opened=- later= before=0 auth= cookies= hops=0"},
		{"cookies were sent", []act{{1, "GET", app, 403, "Cookie: a=b", ""}}, "opened=- later= before=0 auth= cookies=yes hops=0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var entries []string
			for _, a := range tc.acts {
				entries = append(entries, a.entry())
			}
			list, _ := found(t, harOf(entries...))
			if len(list) == 0 {
				t.Fatal("no refusal")
			}
			last := list[len(list)-1]
			opened := "-"
			if !last.Story.LastSuccess.IsZero() {
				opened = last.Story.LastSuccess.Format("05")
			}
			r := &last.Refusal
			got := fmt.Sprintf("opened=%s later=%s before=%d auth=%s cookies=%s hops=%d", opened, last.Story.Later, last.Story.Refusals,
				r.Request.Authorization, r.Request.Cookies, len(r.Redirects))
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestARequestThatWasNotSeenAsSentProvesNothing(t *testing.T) {
	// Without its host a request is what the browser meant to send.
	first := act{1, "GET", "https://h.example/", 302, "Cookie: a=b", ""}.entry()
	list, _ := found(t, harOf(first, entryOf("https://h.example/a", 403, `,"headers":[{"name":"Referer","value":"https://h.example/"}]`, "")))
	if len(list) != 1 || list[0].Refusal.Request.Cookies != "" {
		t.Errorf("got %+v", list)
	}
}

func TestAnswersWithoutAnAddressAreNotThoseOfOneAddress(t *testing.T) {
	list, _ := found(t, "HTTP/1.1 401 No\r\nA: b\r\n\r\nHTTP/1.1 401 No\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n")
	for _, r := range list {
		if r.Story != (Story{}) {
			t.Errorf("%s: %+v", r.Source, r.Story)
		}
	}
	list, _, err := all(strings.NewReader("HTTP/1.1 401 No\r\nA: b\r\n\r\nHTTP/1.1 401 No\r\nA: b\r\n\r\n"), Options{URL: "https://h.example/a"})
	if err != nil || len(list) != 2 || list[1].Story.Refusals != 1 || list[0].Refusal.URL != "https://h.example/a" {
		t.Errorf("with an address: %+v, %v", list, err)
	}
}
