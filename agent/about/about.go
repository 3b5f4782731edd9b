// Package about is the one home of readmit's names: what the programs, the
// native host and the extensions are called, and which version this is.
//
// It promises that no other package spells one of these names. It holds data
// only, imports nothing and has no state.
package about

// Names that appear outside the programs. They are stable: installed
// manifests, units and registry keys carry them.
const (
	// Name is the project's name and the name of the command people type.
	Name = "readmit"
	// AgentProgram and HostProgram are the executables beside the command.
	AgentProgram = "readmit-agent"
	HostProgram  = "readmit-host"
	// NativeHost is the native-messaging host name that the extension opens.
	NativeHost = "io.github.readmit"
	// FirefoxExtensionID is browser_specific_settings.gecko.id.
	FirefoxExtensionID = "readmit@readmit.github.io"
)

// Version is the release of all three programs and of the extension; a test
// compares it with the extension's manifest.
const Version = "0.1.0"

// Protocol is the wire protocol this version speaks, and MinProtocol the
// oldest one it still understands.
const (
	Protocol    = 1
	MinProtocol = 1
)

// SignatureKey is the public key, in hexadecimal digits, that files of
// signature rows must be signed with. The release build sets it; a build
// without one takes no such files.
//
//	go build -ldflags "-X github.com/readmit/readmit/agent/about.SignatureKey=..."
var SignatureKey = ""

// ChromiumExtensionIDs are the ids under which Chromium-based browsers may
// know the extension. The first follows from "key" in
// extension/src/manifest.json (the first 32 hex digits of the SHA-256 of the
// public key, written with the letters a to p); store ids are appended.
var ChromiumExtensionIDs = []string{"eclddaiioddfjgccgpfmdlmdfffpdidm"}

// BrowserPrograms are the executable base names under which a browser starts
// the native host. The agent uses them to tell a browser from a shell.
var BrowserPrograms = []string{
	"chromium", "chrome", "google-chrome", "chromium-browser",
	"firefox", "firefox-esr", "firefox-bin",
	"msedge", "brave", "vivaldi-bin", "opera",
	"librewolf", "librewolf-bin", "waterfox", "waterfox-bin", "zen", "zen-bin", "floorp", "floorp-bin",
}
