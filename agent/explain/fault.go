package explain

import "github.com/readmit/readmit/agent/cause"

// The faults of readmit itself that a view can show, besides the error codes
// of package rpc: host_missing is the extension's own word for a browser that
// finds no native host, gave_up for a page that stopped waiting.
const (
	FaultHostMissing = "host_missing"
	FaultGaveUp      = "gave_up"
)

type fault struct {
	title, text string
	main        Button
	second      *Button
	forIT       []string
}

var (
	tellHelpdesk = Button{Action: cause.ContactSupport, Label: "Tell the helpdesk"}
	reloadPage   = Button{Action: cause.ReloadPage, Label: "Reload page"}
	advice       = Button{Action: cause.None, Label: "General advice"}
	notNow       = Button{Action: cause.None, Label: "Not now"}
)

const doctor = "Run: readmit doctor"

// faults holds what is said of each error code; those without an entry read as
// internal.
var faults = map[string]fault{
	FaultHostMissing: {
		"Part of readmit is not running.", "General advice still works.",
		tellHelpdesk, &advice,
		[]string{"The native messaging host io.github.readmit was not found.", "Run: readmit install", doctor},
	},
	"agent_unavailable": {
		"Part of readmit is not running.", "General advice still works.",
		tellHelpdesk, &advice,
		[]string{"The readmit agent did not answer within 2 seconds.", doctor},
	},
	"keyring_locked": {
		"Your password store is locked.", "Unlock it with your computer's password, then reload this page.",
		reloadPage, &notNow,
		[]string{"The keyring is locked. It is never unlocked by readmit itself.", doctor},
	},
	"keyring_absent": {
		"No password store was found.", "readmit can't use saved sign-ins now. You can still type yours.",
		tellHelpdesk, &notNow,
		[]string{"No Secret Service answers on the session bus.", doctor},
	},
	"keyring_broken": {
		"Your password store can't be read.", "readmit can't use saved sign-ins now. Use the browser's own box, and tell the helpdesk.",
		tellHelpdesk, &advice,
		[]string{"The store failed, is damaged, or is not opened by its passphrase. Nothing was changed.", doctor},
	},
	"keyring_timeout": {
		"Your password store does not answer.", "You can still type your sign-in in the browser's own box.",
		reloadPage, &notNow,
		[]string{"The keyring did not answer within 1.5 seconds.", doctor},
	},
	"refused_before": {
		"readmit did not send this password again.", "It was not accepted before, or we could not see whether it was. This keeps your account from being locked.",
		Button{Action: cause.RetryCredentials, Label: "Type a new password"}, &notNow,
		[]string{"The last send of this stored sign-in was refused, or its outcome was never seen."},
	},
	FaultGaveUp: {
		"The page stopped waiting.", "Nothing was sent. Reload the page to try again.",
		reloadPage, &notNow,
		[]string{"The browser waited for three minutes."},
	},
	"not_allowed": {
		"readmit did not send your password.", "This page may not get it. Use the browser's own box, if you trust the site.",
		reloadPage, &notNow,
		[]string{"A check before the release failed; the log of the agent names it."},
	},
	"consent_needed": {
		"readmit needs your yes first.", "Reload the page, and readmit asks you.",
		reloadPage, &notNow,
		[]string{"No standing consent covers this request."},
	},
	"busy": {
		"readmit is busy.", "Give it a moment, then reload the page.",
		reloadPage, &notNow,
		[]string{"Too many requests at once, or another page is signing in with the same account."},
	},
	"caller_refused": {
		"readmit does not know this browser add-on.", "It may be an old copy. Tell the helpdesk.",
		tellHelpdesk, &advice,
		[]string{"The extension's id is not in the list of the host.", doctor},
	},
	"protocol_too_old": {
		"readmit needs an update.", "Its parts do not match. General advice still works.",
		tellHelpdesk, &advice,
		[]string{"The extension is older than the agent understands.", doctor},
	},
	"protocol_too_new": {
		"readmit needs an update.", "Its parts do not match. General advice still works.",
		tellHelpdesk, &advice,
		[]string{"The agent is older than the extension needs.", doctor},
	},
	"journal_unavailable": {
		"readmit can't sign you in now.", "It has no safe place for its notes. Use the browser's own box, and tell the helpdesk.",
		tellHelpdesk, &advice,
		[]string{"The journal takes no entries: it is on network storage, or a newer readmit wrote it.", doctor},
	},
	"journal_damaged": {
		"readmit's notes were damaged.", "They were put aside and kept. Everything else works.",
		reloadPage, &notNow,
		[]string{"The journal was set aside with the ending .damaged.", doctor},
	},
	"policy_broken": {
		"A rule of your company can't be read.", "readmit goes on with the last good one. Tell the helpdesk.",
		tellHelpdesk, &notNow,
		[]string{"A policy file has a mistake; the log of the agent names file and line.", doctor},
	},
	"internal": {
		"readmit has a fault.", "General advice still works. Reload the page to try again.",
		reloadPage, &advice,
		[]string{"The log of the agent holds the details.", doctor},
	},
}

// Fault explains a fault of readmit itself, named by an error code of package
// rpc or one of the two codes above.
func Fault(code string, opt Options) View {
	f, ok := faults[code]
	if !ok {
		f = faults["internal"]
	}
	main := f.main
	v := View{
		Fault: code, Cause: cause.Unknown, Certainty: Sure, CertaintyText: certainties[Sure],
		Title: f.title, Summary: f.text, Main: &main, ForIT: f.forIT,
		Help:  Button{Action: cause.ContactSupport, Label: labels[cause.ContactSupport], URL: safeURL(opt.HelpURL)},
		Badge: "!", ActionTitle: "readmit: " + f.title,
	}
	if f.second != nil {
		second := *f.second
		v.Second = &second
	}
	if opt.Managed {
		v.ForIT = nil
	}
	return v
}
