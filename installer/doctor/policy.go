package doctor

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/browser"
)

// policySet is what an administrator's files say of native messaging.
type policySet struct {
	blockedBy, userLevelBy, unreadable string
	allowed                            bool
}

// readPolicies reads the files that the browser merges. A list there that
// names the host wins over a list that forbids all.
// https://chromeenterprise.google/policies/#NativeMessagingBlocklist
func readPolicies(folders []string) policySet {
	var set policySet
	for _, file := range policyPaths(folders) {
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
			set.unreadable = fmt.Sprintf("%s: %v", file, err)
			continue
		}
		if slices.Contains(policy.Blocklist, "*") || slices.Contains(policy.Blocklist, about.NativeHost) {
			set.blockedBy = file
		}
		set.allowed = set.allowed || slices.Contains(policy.Allowlist, about.NativeHost)
		if policy.UserLevel != nil && !*policy.UserLevel {
			set.userLevelBy = file
		}
	}
	return set
}

// policyPaths lists the administrator's files.
func policyPaths(folders []string) []string {
	var all []string
	for _, folder := range folders {
		// Glob fails on a malformed pattern alone, and the table has none.
		files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
		all = append(all, files...)
	}
	return all
}

// policies says what an administrator set against native messaging. A manifest
// of the system is not affected by a policy against those of users.
func policies(b browser.Browser, folders []string, forEverybody bool) Result {
	set := readPolicies(folders)
	switch {
	case set.blockedBy != "" && !set.allowed:
		return Result{State: Fail,
			Detail: fmt.Sprintf("the organisation's policy keeps %s from starting readmit: NativeMessagingBlocklist in %s", b.Name, set.blockedBy),
			Mend:   fmt.Sprintf("ask the administrator to add %q to NativeMessagingAllowlist", about.NativeHost)}
	case set.userLevelBy != "" && !forEverybody:
		return Result{State: Fail,
			Detail: fmt.Sprintf("the organisation's policy lets %s start only what is installed for everybody: NativeMessagingUserLevelHosts in %s", b.Name, set.userLevelBy),
			Mend:   "ask the administrator to allow it, or to install readmit for everybody"}
	case set.unreadable != "":
		return Result{State: Warn, Detail: "a policy cannot be read: " + set.unreadable, Mend: "ask the administrator to look at that file"}
	}
	return Result{State: OK, Detail: "none is against readmit"}
}
