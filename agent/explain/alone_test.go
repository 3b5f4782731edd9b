package explain

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/refusal"
)

var update = flag.Bool("update", false, "write the files that the tests compare with")

// aloneFile is read by the extension.
var aloneFile = filepath.Join("..", "..", "extension", "src", "lib", "alone.js")

const aloneHost = "site.invalid"

// aloneViews are what the extension says when it has nobody to ask: general
// advice for what it can see by itself, and the faults of readmit's other
// parts. {site} is filled in by the extension.
func aloneViews(t *testing.T) map[string]View {
	t.Helper()
	views := map[string]View{}
	for _, status := range []int{401, 403} {
		for kind, change := range map[string]func(*refusal.Refusal){
			"":            func(*refusal.Refusal) {},
			"_cookies":    func(r *refusal.Refusal) { r.Request.Cookies = refusal.KnownYes },
			"_background": func(r *refusal.Refusal) { r.ResourceType, r.Request.TopFrame = "xmlhttprequest", false },
			"_empty_page": func(r *refusal.Refusal) {
				r.ResourceType, r.Request.TopFrame, r.Request.EmptyPage = "xmlhttprequest", false, refusal.KnownYes
			},
			"_challenge": func(r *refusal.Refusal) {
				r.ResponseHeaders = []refusal.Header{{Name: "www-authenticate", Value: "Basic"}}
			},
		} {
			in := refusal.Refusal{URL: "https://" + aloneHost + "/", Method: "GET", Status: status, ResourceType: "main_frame",
				Time: time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC), Request: refusal.Request{TopFrame: true}}
			in.Request.InitiatorOrigin = "https://" + aloneHost // browsers name it
			change(&in)
			r, err := refusal.New(in)
			if err != nil {
				t.Fatal(err)
			}
			d := diagnosis.Of(&r, nil)
			v := Of(incident.New(r, d, recovery.Plan(d, recovery.Rules{}, recovery.Experience{}), r.Time, ""), Options{})
			v.ForIT = []string{fmt.Sprintf("Status: %d", status)} // the figures are no evidence without an agent
			views[fmt.Sprintf("%d%s", status, kind)] = v
		}
	}
	for _, name := range Others() {
		v, _ := Otherwise(name, aloneHost)
		views["answer_"+name] = v
	}
	for code := range faults {
		views[code] = Fault(code, Options{})
	}
	return views
}

func TestTheExtensionsOwnTextsAreFresh(t *testing.T) {
	want := aloneJS(t, aloneViews(t))
	if *update {
		if err := os.WriteFile(aloneFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(aloneFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("alone.js is out of date, run go test ./agent/explain -update (-want +file):\n%s", diff)
	}
}

func aloneJS(t *testing.T, views map[string]View) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("// What the extension says when it can ask nobody: explain.View by situation or\n" +
		"// fault. Written by `go test ./agent/explain -update`; do not edit.\n\n" +
		"export const alone = Object.freeze({\n")
	for _, key := range slices.Sorted(maps.Keys(views)) {
		var v bytes.Buffer
		enc := json.NewEncoder(&v)
		enc.SetEscapeHTML(false)
		enc.SetIndent("  ", "  ")
		if err := enc.Encode(views[key]); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "  %q: %s,\n", key, strings.ReplaceAll(strings.TrimSpace(v.String()), aloneHost, "{site}"))
	}
	b.WriteString("});\n")
	return b.Bytes()
}

func TestTheExtensionAloneIsHonestAndSafe(t *testing.T) {
	views := aloneViews(t)
	for _, key := range []string{"401", "401_challenge", "401_cookies", "401_background", "403", "403_cookies", "403_empty_page",
		"host_missing", "agent_unavailable", "keyring_locked", "keyring_absent", "keyring_timeout", "keyring_broken", "journal_unavailable", "internal"} {
		if _, ok := views[key]; !ok {
			t.Errorf("no view for %s", key)
		}
	}
	for key, v := range views {
		if v.Main == nil || v.Help.Action != cause.ContactSupport {
			t.Errorf("%s is a dead end", key)
		}
		if v.Main.Action == cause.ClearSiteData {
			t.Errorf("%s leads with clearing", key)
		}
		if v.Fault == "" && strings.HasPrefix(key, "403") && key != "403_challenge" && v.Certainty != Unsure {
			t.Errorf("%s claims %s", key, v.Cause)
		}
	}
	if got := views["401_challenge"].Main.Action; got != cause.SupplyCredentials {
		t.Errorf("401_challenge leads with %s", got)
	}
}
