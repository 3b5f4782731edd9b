package demo

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/installer/samplesite"
)

// built are the programs that the demo starts, built once.
func built(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "../../agent/cmd/readmit-agent", "../../nativehost/cmd/readmit-host")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return bin
}

func TestTheWholeDemo(t *testing.T) {
	bin := built(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)

	t.Run("everything is right and nothing stays behind", func(t *testing.T) {
		var out, talk bytes.Buffer
		exit, err := Run(t.Context(), Options{Headless: true, Bin: bin, Out: &out, Err: &talk})
		if exit != exitDone || err != nil {
			t.Fatalf("exit %d, error %v\n%s%s", exit, err, out.String(), talk.String())
		}
		if n := strings.Count(out.String(), "ok    4"); n != len(samplesite.Cases) {
			t.Errorf("%d refusals are called right, want %d:\n%s", n, len(samplesite.Cases), out.String())
		}
		if talk.Len() != 0 {
			t.Errorf("said besides: %s", talk.String())
		}
	})
	t.Run("one wrong cause fails it", func(t *testing.T) {
		wrong := samplesite.Cases[0]
		wrong.Want = cause.WAFBlock
		var out bytes.Buffer
		exit, err := Run(t.Context(), Options{Headless: true, Bin: bin, Out: &out, Err: io.Discard, cases: []samplesite.Case{wrong}})
		if exit != exitFailed || err != nil || !strings.Contains(out.String(), "FAIL  401 /basic/") {
			t.Errorf("exit %d, error %v\n%s", exit, err, out.String())
		}
	})
	t.Run("a reader that goes ends it in order", func(t *testing.T) {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = reader.Close()
		defer func() { _ = writer.Close() }()
		exit, err := Run(t.Context(), Options{Headless: true, Bin: bin, Out: writer, Err: io.Discard})
		if exit != exitFailed || err != nil {
			t.Errorf("exit %d, error %v", exit, err)
		}
	})
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAnExplanationIsJudged(t *testing.T) {
	for _, test := range []struct {
		name  string
		want  cause.ID
		view  explain.View
		right bool
	}{
		{"the cause it was built for", cause.WAFBlock, explain.View{Cause: cause.WAFBlock, Certainty: explain.Likely}, true},
		{"another cause", cause.WAFBlock, explain.View{Cause: cause.NoPermission, Certainty: explain.Sure}, false},
		{"an honest doubt where nothing is given away", cause.Unknown, explain.View{Cause: cause.NoPermission, Certainty: explain.Unsure}, true},
		{"a guess dressed as a fact", cause.Unknown, explain.View{Cause: cause.NoPermission, Certainty: explain.Likely}, false},
		{"a doubt where the cause is plain", cause.WAFBlock, explain.View{Cause: cause.Unknown, Certainty: explain.Unsure}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.view.Main = &explain.Button{Label: "Reload"}
			var out bytes.Buffer
			if got := report(Options{Out: &out}, samplesite.Case{Path: "/x", Want: test.want}, test.view); got != test.right {
				t.Errorf("called right: %v, want %v", got, test.right)
			}
			if strings.HasPrefix(out.String(), "FAIL") == test.right {
				t.Errorf("printed %q", out.String())
			}
		})
	}
}

func TestWhatIsPrintedCannotSteerATerminal(t *testing.T) {
	var out bytes.Buffer
	report(Options{Out: &out}, samplesite.Case{}, explain.View{Title: "a\x1b[2Jb\nc", Main: &explain.Button{Label: "\u202ed"}})
	if strings.ContainsAny(out.String(), "\x1b\u202e") || strings.Contains(out.String(), "b\nc") {
		t.Errorf("printed %q", out.String())
	}
}

// TestAVisitTellsWhatABrowserWould looks at the facts that decide: cookies,
// what was sent, what the site did before.
func TestAVisitTellsWhatABrowserWould(t *testing.T) {
	site, err := samplesite.Serve(t.Context(), samplesite.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close() })
	v, err := newVisitor(site)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.close)
	fetch := func(s samplesite.Send) answer {
		t.Helper()
		a, err := v.fetch(t.Context(), v.site, s, false)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := v.report(fetch(samplesite.Send{Path: "/stale/nowhere"}), mainFrame)
	if !first.LastSuccess.IsZero() || first.Refusal.Request.Cookies != refusal.KnownNo || first.Refusal.Request.Authorization != "" {
		t.Errorf("before anything happened: %+v", first)
	}
	fetch(samplesite.Send{Path: "/stale/visit"})
	refused := fetch(samplesite.Send{Path: "/stale/page", Bearer: "x"})
	second := v.report(refused, mainFrame)
	if second.LastSuccess.IsZero() || second.LastSuccess.After(time.Now()) || second.Refusal.Request.Cookies != refusal.KnownYes ||
		second.Refusal.Request.Authorization != "" || len(second.Refusal.Cookies) != 3 || second.Refusal.Status != 403 {
		t.Errorf("after a visit: %+v", second)
	}
	for _, cookie := range second.Refusal.Cookies {
		if strings.Contains(cookie.Name, "v1") {
			t.Errorf("a cookie's value is told: %+v", cookie)
		}
	}
	turnedDown := v.report(fetch(samplesite.Send{Path: "/changed/", Name: "anna", Password: "x"}), mainFrame)
	if got := turnedDown.Refusal.Request.Authorization; got != "basic" {
		t.Errorf("after readmit answered, %q is told", got)
	}
	page := refused.page("i1")
	if page == nil || *page.Title != "403 Forbidden" || !strings.Contains(*page.Body, "<center>nginx</center>") {
		t.Errorf("the page reads %+v", page)
	}
	bare, err := v.fetch(t.Context(), v.site, samplesite.Send{Path: "/stale/page"}, true)
	if err != nil || bare.status != 200 {
		t.Errorf("without cookies it answered %d, %v", bare.status, err)
	}
}
