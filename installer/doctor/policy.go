package doctor

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/browser"
)

// policies looks for what an administrator set against native messaging. The
// browser merges the files of the folder; a list there that names the host
// wins over a list that forbids all. A manifest of the system is not affected
// by a policy against those of users.
// https://chromeenterprise.google/policies/#NativeMessagingBlocklist
func policies(b browser.Browser, folders []string, forEverybody bool) Result {
	var blockedBy, userLevelBy, unreadable string
	allowed := false
	for _, folder := range folders {
		// Glob fails on a malformed pattern alone, and the table has none.
		files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
		for _, file := range files {
			var policy struct {
				Blocklist []string `json:"NativeMessagingBlocklist"`
				Allowlist []string `json:"NativeMessagingAllowlist"`
				UserLevel *bool    `json:"NativeMessagingUserLevelHosts"`
			}
			data, err := read(file)
			if err == nil {
				err = json.Unmarshal(data, &policy)
			}
			if err != nil {
				unreadable = fmt.Sprintf("%s: %v", file, err)
				continue
			}
			if slices.Contains(policy.Blocklist, "*") || slices.Contains(policy.Blocklist, about.NativeHost) {
				blockedBy = file
			}
			allowed = allowed || slices.Contains(policy.Allowlist, about.NativeHost)
			if policy.UserLevel != nil && !*policy.UserLevel {
				userLevelBy = file
			}
		}
	}
	switch {
	case blockedBy != "" && !allowed:
		return Result{State: Fail,
			Detail: fmt.Sprintf("the organisation's policy keeps %s from starting readmit: NativeMessagingBlocklist in %s", b.Name, blockedBy),
			Mend:   fmt.Sprintf("ask the administrator to add %q to NativeMessagingAllowlist", about.NativeHost)}
	case userLevelBy != "" && !forEverybody:
		return Result{State: Fail,
			Detail: fmt.Sprintf("the organisation's policy lets %s start only what is installed for everybody: NativeMessagingUserLevelHosts in %s", b.Name, userLevelBy),
			Mend:   "ask the administrator to allow it, or to install readmit for everybody"}
	case unreadable != "":
		return Result{State: Warn, Detail: "a policy cannot be read: " + unreadable, Mend: "ask the administrator to look at that file"}
	}
	return Result{State: OK, Detail: "none is against readmit"}
}
