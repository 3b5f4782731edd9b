package browser

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryRowIsComplete(t *testing.T) {
	base := Base{Home: "/home/anna", Config: "/home/anna/.config"}
	id := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	seen := map[string]bool{}
	for _, b := range All {
		t.Run(b.ID, func(t *testing.T) {
			if !id.MatchString(b.ID) || seen[b.ID] {
				t.Errorf("id %q is malformed or used twice", b.ID)
			}
			seen[b.ID] = true
			if b.Name == "" || (b.Engine != Chromium && b.Engine != Firefox) {
				t.Errorf("name %q or engine %q is missing", b.Name, b.Engine)
			}
			for system, places := range b.Systems {
				if len(places.User) == 0 || len(places.Profiles) == 0 || len(places.Executables) == 0 {
					t.Errorf("%s lacks a user folder, a profile or an executable", system)
				}
				templates := append(append(append([]string{}, places.User...), places.System...), places.Profiles...)
				templates = append(templates, places.Policies...)
				for _, sandbox := range places.Sandboxes {
					templates = append(templates, sandbox.Folder)
				}
				for _, p := range base.ExpandAll(templates) {
					if !path.IsAbs(p) || strings.ContainsAny(p, "{}") || path.Clean(p) != p {
						t.Errorf("%s: %q does not expand to a clean absolute path", system, p)
					}
				}
			}
		})
	}
}

func TestManifestFoldersOfAUserOnLinux(t *testing.T) {
	base := Base{Home: "/home/anna", Config: "/home/anna/.xdg"}
	got := map[string][]string{}
	for _, b := range On("linux") {
		got[b.ID] = base.ExpandAll(b.Systems["linux"].User)
	}
	want := map[string][]string{
		"chromium": {"/home/anna/.xdg/chromium/NativeMessagingHosts"},
		"chrome":   {"/home/anna/.xdg/google-chrome/NativeMessagingHosts"},
		"firefox":  {"/home/anna/.mozilla/native-messaging-hosts"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
}

func TestLookups(t *testing.T) {
	if b, ok := ByID("firefox"); !ok || b.Name != "Firefox" {
		t.Errorf("ByID(firefox) = %v, %v", b.Name, ok)
	}
	if _, ok := ByID("netscape"); ok {
		t.Error("ByID knows a browser that is not in the table")
	}
	if rows := On("plan9"); len(rows) != 0 {
		t.Errorf("On(plan9) = %v, want none", IDs(rows))
	}
}
