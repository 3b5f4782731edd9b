package register

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readmit/readmit/installer/browser"
)

var update = flag.Bool("update", false, "write the golden files")

func asIs(path string) (string, error) { return path, nil }

func TestPlansAreAsWritten(t *testing.T) {
	for _, tc := range []struct {
		name string
		base browser.Base
	}{
		{"linux", browser.Base{Home: "/home/anna", Config: "/home/anna/.config"}},
		{"linux-config-elsewhere", browser.Base{Home: "/home/anna", Config: "/data/anna/config"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			plan, err := New(Options{
				Browsers: browser.On("linux"), Base: tc.base, OS: "linux", Resolve: asIs,
				HostPath: `/opt/a & "b"/readmit-host`,
			})
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, a := range plan.Actions {
				fmt.Fprintf(&got, "%s\nanchor %s\nwrite %s\n%s\n", strings.Join(append([]string{a.Browser}, a.Also...), ", "), a.Anchor, a.Path(), a.Content)
			}
			golden := filepath.Join("testdata", tc.name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoPlanIsMadeFor(t *testing.T) {
	base := browser.Base{Home: "/home/anna", Config: "/home/anna/.config"}
	for _, tc := range []struct {
		name string
		o    Options
	}{
		{"a relative host", Options{Browsers: browser.All, Base: base, OS: "linux", Resolve: asIs, HostPath: "readmit-host"}},
		{"a system that no row knows", Options{Browsers: browser.All, Base: base, OS: "plan9", Resolve: asIs, HostPath: "/opt/readmit-host"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if plan, err := New(tc.o); err == nil {
				t.Errorf("New = %v, want an error", plan)
			}
		})
	}
}
