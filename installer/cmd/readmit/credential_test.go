package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/netrc"
)

func TestASiteIsReadAsPeopleTypeIt(t *testing.T) {
	for typed, want := range map[string]string{
		"intranet.example.org":                      "https://intranet.example.org",
		"Intranet.Example.org:443":                  "https://intranet.example.org",
		"https://intranet.example.org/reports?q=1#": "https://intranet.example.org",
		"intranet:8443":                             "https://intranet:8443",
		"my_host":                                   "https://my_host",
		"http://127.0.0.1:8080/":                    "http://127.0.0.1:8080",
		"http://localhost:80":                       "http://localhost",
		"[0::1]:8443":                               "https://[::1]:8443",
		"bücher.example":                            "https://xn--bcher-kva.example",
		"BÜCHER.example":                            "https://xn--bcher-kva.example",
	} {
		if got, err := originOf(typed); err != nil || got != want {
			t.Errorf("%s: %q %v, want %s", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "https://", "ftp://h", "anna:canary@h", "https://anna@h", "h\x01canary", "%zz", "-ü-.example"} {
		got, err := originOf(typed)
		if err == nil || got != "" {
			t.Errorf("%q is a site: %q", typed, got)
		} else if strings.Contains(err.Error(), "canary") || hintOf(err) == "" {
			t.Errorf("%q: %v (%s)", typed, err, hintOf(err))
		}
	}
}

func TestASecretIsOneLine(t *testing.T) {
	for given, want := range map[string]string{"s": "s", "s\n": "s", "pässword \r\n": "pässword ", "": "", " x ": " x "} {
		if got, err := readSecret(strings.NewReader(given)); err != nil || got.Reveal() != want {
			t.Errorf("%q: %v", given, err)
		}
	}
	if _, err := readSecret(strings.NewReader("canary\nanother\n")); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("two lines: %v", err)
	}
}

func TestWhatAnImportDoes(t *testing.T) {
	entries, err := netrc.Parse(strings.NewReader(`
machine intranet.example.org login anna password p1
machine INTRANET.example.org login anna password p2
machine intranet.example.org login bert password p3
machine kept.example.org login anna password p4
machine mail.example.org protocol imap login anna password p5
machine wiki.example.org port 8443 login anna password p6
machine localhost protocol http port 8080 login anna password p7
machine nothing.example.org login anna
machine "a b" login anna password p8
default login anna password p9
`))
	if err != nil {
		t.Fatal(err)
	}
	kept := []rpc.StoredAccount{
		{Origin: "https://kept.example.org", AnyRealm: true, Account: "anna"},
		{Origin: "https://intranet.example.org", Realm: "Staff", Account: "bert"}, // another realm's is another
	}
	lines := func(replace bool) (all []string) {
		for _, row := range planImport(entries, kept, replace) {
			all = append(all, row.title+": "+row.left+row.would)
			if (row.left == "") != (row.params.Secret.Reveal() != "") {
				t.Errorf("%s: what is left out is stored, or the reverse", row.title)
			}
		}
		return all
	}
	want := []string{
		"https://intranet.example.org: would keep anna",
		"https://intranet.example.org: left out: anna stands further up already",
		"https://intranet.example.org: would keep bert",
		"https://kept.example.org: left as it is: anna is kept already; --replace replaces it",
		"line 6: left out: it is not for the web",
		"https://wiki.example.org:8443: would keep anna",
		"http://localhost:8080: would keep anna",
		"https://nothing.example.org: left out: no login or no password",
		"line 10: left out: its machine is no site",
		"line 11: left out: a default has no site",
	}
	if diff := cmp.Diff(want, lines(false)); diff != "" {
		t.Error(diff)
	}
	want[3] = "https://kept.example.org: would replace the password of anna"
	if diff := cmp.Diff(want, lines(true)); diff != "" {
		t.Error(diff)
	}
}

// answering is an agent that gives one answer and notes what it was asked.
type answering struct {
	answer any
	asked  *[]any
}

func (a answering) Call(_ context.Context, method string, params, result any) error {
	*a.asked = append(*a.asked, method, params)
	raw, err := json.Marshal(a.answer)
	if err != nil || result == nil {
		return err
	}
	return json.Unmarshal(raw, result)
}

func (answering) Close() error { return nil }

func TestAlwaysHereIsListedWithItsLastUseAndWithdrawn(t *testing.T) {
	used := time.Date(2026, 11, 24, 9, 0, 0, 0, time.Local)
	var asked []any
	c := emptyComputer(t)
	c.dial = func(context.Context, bool) (agent, error) {
		return answering{rpc.ListResult{Standing: []rpc.Standing{{
			ID: "a1b2c3", Account: "anna\x1b[2J", Used: used,
			Space: rpc.Space{Origin: "https://intranet.example.org", Realm: "Staff", Scheme: "basic"},
		}}}, &asked}, nil
	}
	say := func(args ...string) string {
		t.Helper()
		var out, errOut bytes.Buffer
		if code := run(args, streams{in: strings.NewReader(""), out: &out, err: &errOut}, c); code != exitDone {
			t.Fatalf("exit code %d: %s", code, &errOut)
		}
		return out.String()
	}
	table := say("credential", "list", "--always")
	for _, want := range []string{"ID ", "LAST USED", "a1b2c3", "https://intranet.example.org", `"Staff"`, "basic", "2026-11-24 09:00:00"} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is not in\n%s", want, table)
		}
	}
	if strings.Contains(table, "\x1b") {
		t.Errorf("a terminal control is printed: %q", table)
	}
	var answer struct{ Always []rpc.Standing }
	if err := json.Unmarshal([]byte(say("credential", "list", "--always", "--json")), &answer); err != nil || len(answer.Always) != 1 || !answer.Always[0].Used.Equal(used) {
		t.Errorf("%+v %v", answer, err)
	}
	asked = nil
	say("credential", "remove", "--always", "a1b2c3")
	if diff := cmp.Diff([]any{rpc.MethodCredentialForget, rpc.ForgetParams{StandingID: "a1b2c3"}}, asked); diff != "" {
		t.Error(diff)
	}
}
