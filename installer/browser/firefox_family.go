package browser

// firefoxFamily may keep its profiles beneath $XDG_CONFIG_HOME, but reads
// manifests from a folder in the home wherever the profile is. What was made
// of Firefox reads Firefox's own folder, or one of its own, by version.
var firefoxFamily = []Browser{
	{
		// The extended support release and the developer edition read the same places.
		ID: "firefox", Name: "Firefox", Engine: Firefox,
		Sources: []string{mozillaDocs, keepassxc, vdhcoapp, "https://bugzilla.mozilla.org/show_bug.cgi?id=1538954"},
		Systems: map[string]Places{
			"linux": {
				User: []string{"{home}/.mozilla/native-messaging-hosts"},
				System: []string{
					"{root}/usr/lib/mozilla/native-messaging-hosts",
					"{root}/usr/lib64/mozilla/native-messaging-hosts",
				},
				Profiles:    []string{"{home}/.mozilla/firefox", "{config}/mozilla/firefox"},
				Executables: []string{"firefox", "firefox-esr", "firefox-developer-edition", "firefox-devedition"},
				Sandboxes: []Sandbox{
					{Kind: "snap", Folder: "{home}/snap/firefox"},
					{Kind: "flatpak", Folder: "{home}/.var/app/org.mozilla.firefox"},
				},
			},
			"darwin":  {User: []string{"{support}/Mozilla/NativeMessagingHosts"}, System: []string{"{root}/Library/Application Support/Mozilla/NativeMessagingHosts"}, Profiles: []string{"{support}/Firefox"}},
			"windows": {Keys: []string{mozillaKey}, Profiles: []string{`{roaming}\Mozilla\Firefox`}},
		},
	},
	{
		ID: "librewolf", Name: "LibreWolf", Engine: Firefox,
		Sources: []string{keepassxc, "https://github.com/Frewacom/pywalfox/issues/144"},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{home}/.librewolf/native-messaging-hosts", "{home}/.mozilla/native-messaging-hosts"},
				System:      []string{"{root}/usr/lib/librewolf/native-messaging-hosts", "{root}/usr/lib/mozilla/native-messaging-hosts", "{root}/usr/lib64/mozilla/native-messaging-hosts"},
				Profiles:    []string{"{home}/.librewolf"},
				Executables: []string{"librewolf"},
				Sandboxes:   []Sandbox{{Kind: "flatpak", Folder: "{home}/.var/app/io.gitlab.librewolf-community"}},
			},
			"darwin":  {User: []string{"{support}/LibreWolf/NativeMessagingHosts", "{support}/Mozilla/NativeMessagingHosts"}, Profiles: []string{"{support}/LibreWolf"}},
			"windows": {Keys: []string{mozillaKey}, Profiles: []string{`{roaming}\librewolf`}},
		},
	},
	{
		ID: "waterfox", Name: "Waterfox", Engine: Firefox,
		Sources: []string{webextnm, mozillaDocs, "https://flathub.org/apps/net.waterfox.waterfox"},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{home}/.waterfox/native-messaging-hosts", "{home}/.mozilla/native-messaging-hosts"},
				System:      []string{"{root}/usr/lib/mozilla/native-messaging-hosts", "{root}/usr/lib64/mozilla/native-messaging-hosts"},
				Profiles:    []string{"{home}/.waterfox"},
				Executables: []string{"waterfox"},
				Sandboxes:   []Sandbox{{Kind: "flatpak", Folder: "{home}/.var/app/net.waterfox.waterfox"}},
			},
			"darwin":  {User: []string{"{support}/Waterfox/NativeMessagingHosts", "{support}/Mozilla/NativeMessagingHosts"}, Profiles: []string{"{support}/Waterfox"}},
			"windows": {Keys: []string{mozillaKey, `Software\Waterfox\NativeMessagingHosts`}, Profiles: []string{`{roaming}\Waterfox`}},
		},
	},
	{
		ID: "zen", Name: "Zen", Engine: Firefox,
		Sources: []string{"https://github.com/zen-browser/desktop/issues/10622", bitwarden, "https://flathub.org/apps/app.zen_browser.zen"},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{home}/.mozilla/native-messaging-hosts", "{home}/.zen/native-messaging-hosts"},
				System:      []string{"{root}/usr/lib/mozilla/native-messaging-hosts", "{root}/usr/lib64/mozilla/native-messaging-hosts"},
				Profiles:    []string{"{home}/.zen"},
				Executables: []string{"zen", "zen-browser"},
				Sandboxes:   []Sandbox{{Kind: "flatpak", Folder: "{home}/.var/app/app.zen_browser.zen"}},
			},
			"darwin":  {User: []string{"{support}/Zen/NativeMessagingHosts", "{support}/Mozilla/NativeMessagingHosts"}, Profiles: []string{"{support}/zen"}},
			"windows": {Keys: []string{mozillaKey}, Profiles: []string{`{roaming}\zen`}},
		},
	},
	{
		ID: "floorp", Name: "Floorp", Engine: Firefox,
		Sources: []string{gopass, mozillaDocs, "https://flathub.org/apps/one.ablaze.floorp"},
		Systems: map[string]Places{
			"linux": {
				User: []string{"{home}/.floorp/native-messaging-hosts", "{home}/.mozilla/native-messaging-hosts"},
				System: []string{
					"{root}/usr/lib/floorp/native-messaging-hosts",
					"{root}/usr/lib64/floorp/native-messaging-hosts",
					"{root}/usr/lib/mozilla/native-messaging-hosts", "{root}/usr/lib64/mozilla/native-messaging-hosts",
				},
				Profiles:    []string{"{home}/.floorp"},
				Executables: []string{"floorp"},
				Sandboxes:   []Sandbox{{Kind: "flatpak", Folder: "{home}/.var/app/one.ablaze.floorp"}},
			},
			"darwin":  {User: []string{"{support}/Mozilla/NativeMessagingHosts"}, Profiles: []string{"{support}/Floorp"}},
			"windows": {Keys: []string{mozillaKey}, Profiles: []string{`{roaming}\Floorp`}},
		},
	},
}
