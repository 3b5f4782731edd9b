package browser

import "slices"

// All is the table. Rows are only ever appended; ids are stable. Where sources
// disagree about a folder, all of them are in the row: a manifest that nobody
// reads does no harm.
var All = slices.Concat(chromiumFamily, firefoxFamily)

// Sources of several rows: the installers of programs that have been doing
// this for years, read at these versions.
const (
	keepassxc   = "https://github.com/keepassxreboot/keepassxc/blob/00cd6e97bf94ca0e897e5b075def3a32dfb99f3e/src/browser/NativeMessageInstaller.cpp"
	bitwarden   = "https://github.com/bitwarden/clients/blob/01e5d67afbaccbd9d4de2d2afc0fc1a5f5a97974/apps/desktop/src/main/native-messaging.main.ts"
	browserpass = "https://github.com/browserpass/browserpass-native/blob/04d4d67f/Makefile"
	vdhcoapp    = "https://github.com/aclap-dev/vdhcoapp/blob/0d38bf29832da7b3c6c1cb080533c94e8396a5a6/config.toml"
	gopass      = "https://github.com/gopasspw/gopass-jsonapi/blob/1156be306ae03f8c3d42a56041169f9bcb9ccee2/internal/jsonapi/manifest/manifest_path_linux.go"
	webextnm    = "https://github.com/asamuzaK/webExtNativeMsg/blob/014a3dac/modules/browser-data.js"
	chromeDocs  = "https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging"
	userDataDir = "https://chromium.googlesource.com/chromium/src/+/main/docs/user_data_dir.md"
	edgeDocs    = "https://learn.microsoft.com/microsoft-edge/extensions/developer-guide/native-messaging"
	mozillaDocs = "https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Native_manifests"
)

// Registry keys of Windows that more than one browser reads.
const (
	chromeKey  = `Software\Google\Chrome\NativeMessagingHosts`
	mozillaKey = `Software\Mozilla\NativeMessagingHosts`
)
