package browser

// All is the table. Rows are only ever appended; ids are stable.
//
// Chromium reads manifests of one user from its user data folder alone, which
// is beneath $XDG_CONFIG_HOME when that is set:
// https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging
// https://chromium.googlesource.com/chromium/src/+/main/docs/user_data_dir.md
//
// Firefox may keep its profile beneath $XDG_CONFIG_HOME, but reads manifests
// from ~/.mozilla wherever the profile is:
// https://developer.mozilla.org/en-US/docs/Mozilla/Add-ons/WebExtensions/Native_manifests
var All = []Browser{
	{
		ID: "chromium", Name: "Chromium", Engine: Chromium,
		Systems: map[string]Places{"linux": {
			User:        []string{"{config}/chromium/NativeMessagingHosts"},
			System:      []string{"{root}/etc/chromium/native-messaging-hosts"},
			Profiles:    []string{"{config}/chromium"},
			Executables: []string{"chromium", "chromium-browser"},
			Policies:    []string{"{root}/etc/chromium/policies/managed"},
			Sandboxes: []Sandbox{
				{Kind: "snap", Folder: "{home}/snap/chromium"},
				{Kind: "flatpak", Folder: "{home}/.var/app/org.chromium.Chromium"},
			},
		}},
	},
	{
		ID: "chrome", Name: "Google Chrome", Engine: Chromium,
		Systems: map[string]Places{"linux": {
			User:        []string{"{config}/google-chrome/NativeMessagingHosts"},
			System:      []string{"{root}/etc/opt/chrome/native-messaging-hosts"},
			Profiles:    []string{"{config}/google-chrome"},
			Executables: []string{"google-chrome", "google-chrome-stable"},
			Policies:    []string{"{root}/etc/opt/chrome/policies/managed"},
			Sandboxes: []Sandbox{
				{Kind: "flatpak", Folder: "{home}/.var/app/com.google.Chrome"},
			},
		}},
	},
	{
		ID: "firefox", Name: "Firefox", Engine: Firefox,
		Systems: map[string]Places{"linux": {
			User: []string{"{home}/.mozilla/native-messaging-hosts"},
			System: []string{
				"{root}/usr/lib/mozilla/native-messaging-hosts",
				"{root}/usr/lib64/mozilla/native-messaging-hosts",
			},
			Profiles:    []string{"{home}/.mozilla/firefox", "{config}/mozilla/firefox"},
			Executables: []string{"firefox", "firefox-esr"},
			Sandboxes: []Sandbox{
				{Kind: "snap", Folder: "{home}/snap/firefox"},
				{Kind: "flatpak", Folder: "{home}/.var/app/org.mozilla.firefox"},
			},
		}},
	},
}
