package browser

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryRowIsComplete(t *testing.T) {
	base := Base{Home: "/home/anna", Config: "/home/anna/.config", Support: "/Users/anna/Library/Application Support", Local: `C:\Users\anna\AppData\Local`, Roaming: `C:\Users\anna\AppData\Roaming`}
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
			if len(b.Sources) == 0 || len(b.Systems) == 0 {
				t.Error("it names no source or no system")
			}
			for _, source := range b.Sources {
				if u, err := url.Parse(source); err != nil || u.Scheme != "https" || u.Host == "" {
					t.Errorf("source %q is no address", source)
				}
			}
			for system, places := range b.Systems {
				if system == "windows" {
					keysAreComplete(t, base, places)
					continue
				}
				if len(places.User) == 0 || len(places.Profiles) == 0 || (system == "linux" && len(places.Executables) == 0) {
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

func keysAreComplete(t *testing.T, base Base, places Places) {
	t.Helper()
	if len(places.Keys) == 0 || len(places.Profiles) == 0 || len(places.User) > 0 {
		t.Error("windows lacks a key or a profile, or has folders")
	}
	for _, key := range places.Keys {
		if !strings.HasPrefix(key, `Software\`) || !strings.HasSuffix(key, `\NativeMessagingHosts`) {
			t.Errorf("key %q is none of native messaging", key)
		}
	}
	for _, p := range base.ExpandAll(places.Profiles) {
		if !strings.HasPrefix(p, `C:\`) || strings.ContainsAny(p, "{}/") {
			t.Errorf("%q does not expand to a Windows path", p)
		}
	}
}

func TestManifestFoldersOfAUserOnLinux(t *testing.T) {
	base := Base{Home: "/home/anna", Config: "/home/anna/.xdg"}
	got := map[string][]string{}
	for _, b := range On("linux") {
		got[b.ID] = base.ExpandAll(b.Systems["linux"].User)
	}
	want := map[string][]string{
		"chromium":    {"/home/anna/.xdg/chromium/NativeMessagingHosts"},
		"chrome":      {"/home/anna/.xdg/google-chrome/NativeMessagingHosts"},
		"chrome-beta": {"/home/anna/.xdg/google-chrome-beta/NativeMessagingHosts"},
		"chrome-dev":  {"/home/anna/.xdg/google-chrome-unstable/NativeMessagingHosts"},
		"edge":        {"/home/anna/.xdg/microsoft-edge/NativeMessagingHosts"},
		"brave":       {"/home/anna/.xdg/BraveSoftware/Brave-Browser/NativeMessagingHosts"},
		"vivaldi":     {"/home/anna/.xdg/vivaldi/NativeMessagingHosts"},
		"opera":       {"/home/anna/.xdg/opera/NativeMessagingHosts"},
		"firefox":     {"/home/anna/.mozilla/native-messaging-hosts"},
		"librewolf":   {"/home/anna/.librewolf/native-messaging-hosts", "/home/anna/.mozilla/native-messaging-hosts"},
		"waterfox":    {"/home/anna/.waterfox/native-messaging-hosts", "/home/anna/.mozilla/native-messaging-hosts"},
		"zen":         {"/home/anna/.mozilla/native-messaging-hosts", "/home/anna/.zen/native-messaging-hosts"},
		"floorp":      {"/home/anna/.floorp/native-messaging-hosts", "/home/anna/.mozilla/native-messaging-hosts"},
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
	for _, system := range []string{"windows", "darwin"} {
		if len(On(system)) != 0 || len(Known(system)) == 0 {
			t.Errorf("the rows of %s are there to be shown, not to be set up", system)
		}
	}
	if rows := Known("plan9"); len(rows) != 0 {
		t.Errorf("On(plan9) = %v, want none", IDs(rows))
	}
}
