package nativehost

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/about"
)

// caller is the preamble, as package rpc describes it: who started this host.
type caller struct {
	Engine      string `json:"engine"`
	ExtensionID string `json:"extensionId"`
	BrowserPID  int    `json:"browserPid,omitempty"`
	HostVersion string `json:"hostVersion"`
}

// callerFrom reads who calls from the arguments. Chromium passes the origin of
// the extension, on Windows followed by --parent-window; Firefox passes the
// path of the manifest and the extension's id. An extension that is not
// readmit's is refused.
// https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging#native-messaging-host-protocol
// https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Native_messaging
func callerFrom(args []string, browserPID int) (caller, error) {
	c := caller{BrowserPID: browserPID, HostVersion: about.Version}
	if len(args) < 2 {
		return caller{}, fmt.Errorf("no extension called")
	}
	if rest, isOrigin := strings.CutPrefix(args[1], "chrome-extension://"); isOrigin {
		c.Engine, c.ExtensionID = "chromium", strings.TrimSuffix(rest, "/")
		if !slices.Contains(about.ChromiumExtensionIDs, c.ExtensionID) {
			return caller{}, fmt.Errorf("extension %.64q is not readmit's", c.ExtensionID)
		}
		return c, nil
	}
	if len(args) < 3 || !filepath.IsAbs(args[1]) {
		return caller{}, fmt.Errorf("the arguments are those of no known browser")
	}
	c.Engine, c.ExtensionID = "firefox", args[2]
	if c.ExtensionID != about.FirefoxExtensionID {
		return caller{}, fmt.Errorf("extension %.64q is not readmit's", c.ExtensionID)
	}
	return c, nil
}

// preamble is the notification that must reach the agent first.
func (c caller) preamble() ([]byte, error) {
	return json.Marshal(struct {
		JSONRPC string `json:"jsonrpc"`
		Method  string `json:"method"`
		Params  caller `json:"params"`
	}{"2.0", "caller", c})
}
