package browser

// chromiumFamily reads manifests of one user from the user data folder alone,
// which on Linux is beneath $XDG_CONFIG_HOME when that is set. On Windows most
// of them read the keys of Chrome.
var chromiumFamily = []Browser{
	{
		ID: "chromium", Name: "Chromium", Engine: Chromium,
		Sources: []string{chromeDocs, userDataDir, keepassxc, vdhcoapp},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/chromium/NativeMessagingHosts"},
				System:      []string{"{root}/etc/chromium/native-messaging-hosts"},
				Profiles:    []string{"{config}/chromium"},
				Executables: []string{"chromium", "chromium-browser", "ungoogled-chromium"},
				Policies:    []string{"{root}/etc/chromium/policies/managed"},
				Sandboxes: []Sandbox{
					{Kind: "snap", Folder: "{home}/snap/chromium"},
					{Kind: "flatpak", Folder: "{home}/.var/app/org.chromium.Chromium"},
					{Kind: "flatpak", Folder: "{home}/.var/app/com.github.Eloston.UngoogledChromium"},
				},
			},
			"darwin":  {User: []string{"{support}/Chromium/NativeMessagingHosts"}, System: []string{"{root}/Library/Application Support/Chromium/NativeMessagingHosts"}, Profiles: []string{"{support}/Chromium"}},
			"windows": {Keys: []string{`Software\Chromium\NativeMessagingHosts`}, Profiles: []string{`{local}\Chromium\User Data`}},
		},
	},
	{
		ID: "chrome", Name: "Google Chrome", Engine: Chromium,
		Sources: []string{chromeDocs, userDataDir, keepassxc, vdhcoapp},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/google-chrome/NativeMessagingHosts"},
				System:      []string{"{root}/etc/opt/chrome/native-messaging-hosts"},
				Profiles:    []string{"{config}/google-chrome"},
				Executables: []string{"google-chrome", "google-chrome-stable"},
				Policies:    []string{"{root}/etc/opt/chrome/policies/managed"},
				Sandboxes:   []Sandbox{{Kind: "flatpak", Folder: "{home}/.var/app/com.google.Chrome"}},
			},
			"darwin":  {User: []string{"{support}/Google/Chrome/NativeMessagingHosts"}, System: []string{"{root}/Library/Google/Chrome/NativeMessagingHosts"}, Profiles: []string{"{support}/Google/Chrome"}},
			"windows": {Keys: []string{chromeKey}, Profiles: []string{`{local}\Google\Chrome\User Data`}},
		},
	},
	{
		ID: "chrome-beta", Name: "Google Chrome Beta", Engine: Chromium,
		Sources: []string{userDataDir, bitwarden, vdhcoapp},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/google-chrome-beta/NativeMessagingHosts"},
				System:      []string{"{root}/etc/opt/chrome/native-messaging-hosts"},
				Profiles:    []string{"{config}/google-chrome-beta"},
				Executables: []string{"google-chrome-beta"},
				Policies:    []string{"{root}/etc/opt/chrome/policies/managed"},
			},
			"darwin":  {User: []string{"{support}/Google/Chrome Beta/NativeMessagingHosts"}, Profiles: []string{"{support}/Google/Chrome Beta"}},
			"windows": {Keys: []string{chromeKey}, Profiles: []string{`{local}\Google\Chrome Beta\User Data`}},
		},
	},
	{
		ID: "chrome-dev", Name: "Google Chrome Dev", Engine: Chromium,
		Sources: []string{userDataDir, bitwarden, vdhcoapp},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/google-chrome-unstable/NativeMessagingHosts"},
				System:      []string{"{root}/etc/opt/chrome/native-messaging-hosts"},
				Profiles:    []string{"{config}/google-chrome-unstable"},
				Executables: []string{"google-chrome-unstable"},
				Policies:    []string{"{root}/etc/opt/chrome/policies/managed"},
				Sandboxes:   []Sandbox{{Kind: "flatpak", Folder: "{home}/.var/app/com.google.ChromeDev"}},
			},
			"darwin":  {User: []string{"{support}/Google/Chrome Dev/NativeMessagingHosts"}, Profiles: []string{"{support}/Google/Chrome Dev"}},
			"windows": {Keys: []string{chromeKey}, Profiles: []string{`{local}\Google\Chrome Dev\User Data`}},
		},
	},
	{
		ID: "chrome-canary", Name: "Google Chrome Canary", Engine: Chromium,
		Sources: []string{userDataDir, bitwarden, vdhcoapp},
		Systems: map[string]Places{
			"darwin":  {User: []string{"{support}/Google/Chrome Canary/NativeMessagingHosts"}, Profiles: []string{"{support}/Google/Chrome Canary"}},
			"windows": {Keys: []string{chromeKey}, Profiles: []string{`{local}\Google\Chrome SxS\User Data`}},
		},
	},
	{
		// Edge was seen using Chrome's entry: one manifest names all extensions.
		ID: "edge", Name: "Microsoft Edge", Engine: Chromium,
		Sources: []string{edgeDocs, keepassxc, vdhcoapp},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/microsoft-edge/NativeMessagingHosts"},
				System:      []string{"{root}/etc/opt/edge/native-messaging-hosts"},
				Profiles:    []string{"{config}/microsoft-edge"},
				Executables: []string{"microsoft-edge", "microsoft-edge-stable"},
				Policies:    []string{"{root}/etc/opt/edge/policies/managed"},
				Sandboxes:   []Sandbox{{Kind: "flatpak", Folder: "{home}/.var/app/com.microsoft.Edge"}},
			},
			"darwin": {
				User: []string{
					"{support}/Microsoft Edge/NativeMessagingHosts", "{support}/Microsoft Edge Beta/NativeMessagingHosts",
					"{support}/Microsoft Edge Dev/NativeMessagingHosts", "{support}/Microsoft Edge Canary/NativeMessagingHosts",
				},
				System:   []string{"{root}/Library/Microsoft/Edge/NativeMessagingHosts"},
				Profiles: []string{"{support}/Microsoft Edge"},
			},
			"windows": {Keys: []string{`Software\Microsoft\Edge\NativeMessagingHosts`}, Profiles: []string{`{local}\Microsoft\Edge\User Data`}},
		},
	},
	{
		// Its packages look in the folder of Chrome, or in their own.
		ID: "brave", Name: "Brave", Engine: Chromium,
		Sources: []string{keepassxc, browserpass, gopass, vdhcoapp, "https://support.brave.app/hc/en-us/articles/360039248271-Group-Policy"},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/BraveSoftware/Brave-Browser/NativeMessagingHosts"},
				System:      []string{"{root}/etc/opt/brave/native-messaging-hosts", "{root}/etc/opt/chrome/native-messaging-hosts"},
				Profiles:    []string{"{config}/BraveSoftware/Brave-Browser"},
				Executables: []string{"brave-browser", "brave"},
				Policies:    []string{"{root}/etc/brave/policies/managed"},
				Sandboxes: []Sandbox{
					{Kind: "snap", Folder: "{home}/snap/brave"},
					{Kind: "flatpak", Folder: "{home}/.var/app/com.brave.Browser"},
				},
			},
			"darwin":  {User: []string{"{support}/BraveSoftware/Brave-Browser/NativeMessagingHosts"}, Profiles: []string{"{support}/BraveSoftware/Brave-Browser"}},
			"windows": {Keys: []string{chromeKey, `Software\BraveSoftware\Brave-Browser\NativeMessagingHosts`}, Profiles: []string{`{local}\BraveSoftware\Brave-Browser\User Data`}},
		},
	},
	{
		ID: "vivaldi", Name: "Vivaldi", Engine: Chromium,
		Sources: []string{keepassxc, browserpass, gopass, vdhcoapp},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/vivaldi/NativeMessagingHosts"},
				System:      []string{"{root}/etc/opt/vivaldi/native-messaging-hosts"},
				Profiles:    []string{"{config}/vivaldi"},
				Executables: []string{"vivaldi", "vivaldi-stable"},
			},
			"darwin":  {User: []string{"{support}/Vivaldi/NativeMessagingHosts"}, Profiles: []string{"{support}/Vivaldi"}},
			"windows": {Keys: []string{chromeKey, `Software\Vivaldi\NativeMessagingHosts`}, Profiles: []string{`{local}\Vivaldi\User Data`}},
		},
	},
	{
		ID: "opera", Name: "Opera", Engine: Chromium,
		Sources: []string{vdhcoapp, webextnm},
		Systems: map[string]Places{
			"linux": {
				User:        []string{"{config}/opera/NativeMessagingHosts"},
				System:      []string{"{root}/etc/opt/opera/native-messaging-hosts"},
				Profiles:    []string{"{config}/opera"},
				Executables: []string{"opera", "opera-stable"},
				Sandboxes:   []Sandbox{{Kind: "snap", Folder: "{home}/snap/opera"}},
			},
			"darwin": {
				User:     []string{"{support}/com.operasoftware.Opera/NativeMessagingHosts", "{support}/Google/Chrome/NativeMessagingHosts"},
				Profiles: []string{"{support}/com.operasoftware.Opera"},
			},
			"windows": {Keys: []string{chromeKey}, Profiles: []string{`{roaming}\Opera Software\Opera Stable`}},
		},
	},
	{
		ID: "arc", Name: "Arc", Engine: Chromium,
		Sources: []string{bitwarden, chromeDocs},
		Systems: map[string]Places{
			"darwin":  {User: []string{"{support}/Arc/User Data/NativeMessagingHosts"}, Profiles: []string{"{support}/Arc"}},
			"windows": {Keys: []string{chromeKey}, Profiles: []string{`{local}\Packages\TheBrowserCompany.Arc_ttt1ap7aakyb4`}},
		},
	},
}
