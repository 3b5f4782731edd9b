package explain

import (
	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
)

// The catalogue of English texts. A text in braces stands for a fact; a
// wording whose facts are not all known is passed over, so that nothing is
// made up. The tests hold every text to the rules of the package.

// wording is one way to say what happened.
type wording struct {
	when  string // a rule of package diagnosis that must have been seen, or whenMoreThanReload; empty for always
	title string
	text  string
}

// whenMoreThanReload is for plans whose first step is more than to look again.
const whenMoreThanReload = "plan:more_than_reload"

// whenTextBehind is for a form whose answer stands where the form was.
const whenTextBehind = "request:text_behind"

// entry is everything said about one cause. The first wording that fits is
// used; the last one always fits.
type entry struct {
	wordings []wording
	labels   map[cause.Action]string // where the general label would be vague
	dismiss  string                  // the second button, when it is to leave things as they are
}

var catalogue = map[cause.ID]entry{
	cause.NoCredentials: {
		wordings: []wording{
			{diagnosis.RuleOtherSite, "Part of this page wants a sign-in.", "It comes from {site}, not from the page you opened. You can leave it."},
			{diagnosis.RuleEmptyPage, "This page could not load its content.", "{site} needs to know who you are. Sign in, then reload the page."},
			{diagnosis.RuleBackground, "Part of this page wants a sign-in.", "{site} needs to know who you are."},
			{whenTextBehind, "Sign in before you send this.", "What you typed was probably not saved. Go back and copy it, then sign in to {site}."},
			{diagnosis.RuleProgram, "This service wants a sign-in.", "{site} needs to know who is asking. Nothing was sent that says so."},
			{"", "Sign in to see this page.", "{site} needs to know who you are."},
		},
		labels:  map[cause.Action]string{cause.LoginAgain: "Sign in"},
		dismiss: "Not now",
	},
	cause.WrongCredentials: {
		wordings: []wording{
			{diagnosis.RuleCredentialRefused, "That user name or password was not accepted.", "readmit has stopped sending it, so that your account is not locked."},
			{"", "That user name or password was not accepted.", "Check both before you try again. Many wrong tries can lock an account."},
		},
		labels: map[cause.Action]string{cause.ReturnToText: "Go back and type it again"},
	},
	cause.PasswordExpired: {
		wordings: []wording{{"", "Your password has run out.", "Set a new one, then sign in."}},
	},
	cause.SessionExpired: {
		wordings: []wording{
			{whenTextBehind, "You have been signed out.", "What you typed was probably not saved. Go back and copy it, then sign in again."},
			{"", "You have been signed out.", "{site} last opened after {until}. Sign in and we bring you back to this page."},
			{"", "You have been signed out.", "Sign in to {site} again and we bring you back to this page."},
		},
		dismiss: "Not now",
	},
	cause.TokenExpired: {
		wordings: []wording{
			{diagnosis.RuleSignedLink, "This link does not work any more.", "It was good for some time only. Get a fresh link from where you found it."},
			{diagnosis.RuleProgram, "The sign-in that was sent has run out.", "{site} wants a fresh one. Sign in again where it came from."},
			{diagnosis.RuleEmptyPage, "This page could not load its content.", "Your sign-in to a part of {site} has run out. Reload the page, or sign in again."},
			{diagnosis.RuleBackground, "Part of this page has stopped working.", "Copy what you typed, then reload."},
			{whenTextBehind, "Your sign-in has run out.", "What you typed was probably not saved. Go back and copy it, then sign in again."},
			{"", "Your sign-in has run out.", "Sign in to {site} again and we bring you back to this page."},
		},
	},
	cause.TokenInvalid: {
		wordings: []wording{
			{diagnosis.RuleProgram, "The key that was sent was not accepted.", "Check that it is whole and meant for {site}, or get a new one."},
			{diagnosis.RuleEmptyPage, "This page could not load its content.", "Your sign-in to a part of {site} no longer works. Reload the page, or sign in again."},
			{diagnosis.RuleBackground, "Part of this page has stopped working.", "Copy what you typed, then reload."},
			{whenTextBehind, "Your sign-in no longer works here.", "What you typed was probably not saved. Go back and copy it, then sign in again."},
			{"", "Your sign-in no longer works here.", "Sign in to {site} again and we bring you back to this page."},
		},
	},
	cause.TokenMissing: {
		wordings: []wording{
			{diagnosis.RuleProgram, "A key for this service is missing.", "{site} wants one with every request. Send yours, or ask for one."},
			{diagnosis.RuleEmptyPage, "This page could not load its content.", "It needs a sign-in that was not sent. Reload the page, or sign in."},
			{diagnosis.RuleBackground, "Part of this page could not load.", "It needs a sign-in that was not sent. Copy what you typed, then reload."},
			{"", "This address is meant for programs.", "{site} wants a key here that browsers don't send. Sign in on its start page first."},
		},
		labels: map[cause.Action]string{cause.LoginAgain: "Sign in"},
	},
	cause.StepUpRequired: {
		wordings: []wording{
			{"", "One more check is needed.", "{org} wants a confirmation. Approve it only if you started this."},
			{"", "One more check is needed.", "{site} wants a confirmation. Approve it only if you started this."},
		},
		labels: map[cause.Action]string{cause.ContactSupport: "I don't have my phone"},
	},
	cause.SSORequired: {
		wordings: []wording{
			{"", "Your company sign-in has run out.", "{site} is fine. Renew your {org} sign-in to go on."},
			{"", "Sign in through your company.", "{site} is fine. Renew your company sign-in to go on."},
		},
		dismiss: "Not now",
	},
	cause.WrongAccount: {
		wordings: []wording{{"", "You may be using a different account.", "This page does not open with the account you use now. Try the other one, if you have two."}},
		dismiss:  "Stay with this account",
	},
	cause.CSRFOrStaleForm: {
		wordings: []wording{
			{whenTextBehind, "This form was open for too long.", "It was probably not saved. Your text may still be on the page before."},
			{"", "This form was open for too long.", "It was probably not saved. Copy what you typed, then reload."},
		},
		labels: map[cause.Action]string{cause.ReloadPage: "Open a fresh form"},
	},
	cause.CookiesBlocked: {
		wordings: []wording{{"", "Your browser is not keeping this site's sign-in.", "{site} could not keep you signed in. A setting for its data may be off."}},
	},
	cause.ClockSkew: {
		wordings: []wording{
			{"", "Your computer's clock is off by {minutes} minutes.", "The site turns away requests with the wrong time."},
			{"", "Your computer's clock may be off.", "The site turns away requests with the wrong time."},
		},
	},
	cause.InsufficientScope: {
		wordings: []wording{
			{"", "More rights are needed here.", "Your sign-in to {site} does not cover this. {owner} can grant it."},
			{"", "More rights are needed here.", "Your sign-in to {site} does not cover this. Ask for access, or sign in again."},
		},
	},
	cause.NoPermission: {
		wordings: []wording{
			{"", "Your account does not have access here.", "Signing in again won't change this. {owner} can grant it."},
			{"", "Your account does not have access here.", "Signing in again won't change this. The people who run {site} can grant it."},
		},
	},
	cause.AccountDisabledOrLocked: {
		wordings: []wording{{"", "Your account may be locked.", "Trying again can make it worse. Ask the helpdesk to check."}},
	},
	cause.SubscriptionRequired: {
		wordings: []wording{{"", "This account may need a licence.", "You are signed in, but this part of {site} is not included."}},
	},
	cause.DeviceNotAllowed: {
		wordings: []wording{
			{"", "This device needs a check first.", "{org} allows this page only on approved devices."},
			{"", "This device needs a check first.", "{site} allows this page only on approved devices."},
		},
		labels: map[cause.Action]string{cause.ContactSupport: "Ask the helpdesk"},
	},
	cause.IPOrGeoBlocked: {
		wordings: []wording{{"", "This site is blocked from where you are.", "{site} does not answer to this network or this country."}},
	},
	cause.VPNOrNetworkRequired: {
		wordings: []wording{{"", "This site needs the company network.", "Your VPN may be switched off. Turn it on, then reload."}},
		labels:   map[cause.Action]string{cause.ReloadPage: "I am on VPN: reload"},
	},
	cause.BotChallenge: {
		wordings: []wording{{"", "The site checks that you are human.", "Finish its check in this tab."}},
	},
	cause.WAFBlock: {
		wordings: []wording{
			{diagnosis.RuleFormSent, "A filter stopped what you typed.", "Ordinary text, even an apostrophe, can set it off. You did nothing wrong."},
			{"", "A filter stopped this page.", "A guard in front of {site} said no. You did nothing wrong, and signing in won't help."},
		},
		labels: map[cause.Action]string{cause.ContactSupport: "Report it to the site"},
	},
	cause.RateLimited: {
		wordings: []wording{
			{"", "The site asks you to wait.", "It should open again at {at}."},
			{"", "The site asks you to wait.", "It had too many requests in a short time. Give it a few minutes."},
		},
	},
	cause.HotlinkOrReferer: {
		wordings: []wording{{"", "This only opens from its own site.", "{site} does not let other pages show it. Open it on {site} itself."}},
	},
	cause.ClientCertificateRequired: {
		wordings: []wording{{"", "This page wants to see a certificate.", "It is a kind of ID card in your browser. Choose yours, or ask for one."}},
	},
	cause.DirectoryOrResourceForbidden: {
		wordings: []wording{{"", "{site} does not show this address.", "It may be a folder or a private file. The rest of {site} may work well."}},
	},
	cause.WrongURL: {
		wordings: []wording{{"", "This address may not be right.", "This page on {site} does not open. The link may be old."}},
	},
	cause.ProxyOrFilterBlock: {
		wordings: []wording{
			{"", "A web filter stopped this page.", "It belongs to {org}. The site itself did not answer."},
			{"", "A web filter stopped this page.", "It belongs to the network you use. The site itself did not answer."},
		},
		labels: map[cause.Action]string{cause.RequestAccess: "Ask for it to be opened"},
	},
	cause.CaptivePortal: {
		wordings: []wording{{"", "This Wi-Fi wants you to sign in first.", "Its own page opens when you go to the site's start page."}},
		labels:   map[cause.Action]string{cause.LoginAgain: "Open the Wi-Fi sign-in"},
		dismiss:  "Not now",
	},
	cause.SignatureMismatch: {
		wordings: []wording{{"", "This link does not work any more.", "It may be old or cut off. Get a fresh link from where you found it."}},
	},
	cause.UnsupportedScheme: {
		wordings: []wording{{"", "Your browser can't sign in here.", "{site} asks for a way to sign in that browsers don't know."}},
		labels:   map[cause.Action]string{cause.ContactSupport: "Report it to the site"},
	},
	cause.ServerMisconfigured: {
		wordings: []wording{{"", "The website has a fault.", "Nothing on your computer will fix it. Tell the people who run it."}},
		labels:   map[cause.Action]string{cause.ContactSupport: "Report it to the site", cause.ReloadPage: "Try once more"},
	},
	cause.ServiceOutage: {
		wordings: []wording{
			{"", "The website is not working right now.", "Nothing on your computer will fix it. It should be back at {at}."},
			{"", "The website is not working right now.", "Nothing on your computer will fix it. Do not change your password."},
		},
	},
	cause.StaleSiteData: {
		wordings: []wording{
			{diagnosis.RuleSharedData, "Data that sites share is in the way.", "{site} opens without it. It is of {parent}, and clearing it may sign you out elsewhere too."},
			{diagnosis.RuleProbeOpened, "Old site data is in the way.", "{site} opens without it. Clear it, then sign in again."},
			{diagnosis.RuleFromCache, "This answer may be an old one.", "Your browser had kept it. A reload asks {site} again and deletes nothing."},
			{"", "Old site data may be in the way.", "Reload first. If that does not help, sign in again."},
		},
		labels:  map[cause.Action]string{cause.ClearSiteData: "Clear {site} data and reload"},
		dismiss: "Keep it",
	},
	cause.Unknown: {
		wordings: []wording{
			{whenTextBehind, "{site} said no, without saying why.", "Your text may still be on the page before. Going back sends nothing again."},
			{diagnosis.RuleEmptyPage, "This page could not load its content.", "{site} said no, without saying why. A reload is safe and deletes nothing."},
			{diagnosis.RuleBackground, "Part of this page could not load.", "{site} said no, without saying why. Copy what you typed, then reload."},
			{diagnosis.RuleNoChallenge, "{site} said no, without saying why.", "It may want you to sign in. A reload is safe and deletes nothing."},
			{whenMoreThanReload, "{site} said no, without saying why.", "There is more than one likely reason. The step that fits most of them comes first."},
			{"", "{site} said no, without saying why.", "A reload is safe and deletes nothing."},
		},
		labels: map[cause.Action]string{cause.LoginAgain: "Sign in"},
	},
}

// labels say what a button does.
var labels = map[cause.Action]string{
	cause.SupplyCredentials: "Sign in",
	cause.RetryCredentials:  "Type a new password",
	cause.ChangePassword:    "Set a new password",
	cause.LoginAgain:        "Sign in again",
	cause.SwitchAccount:     "Use another account",
	cause.ClearSiteData:     "Clear {site} data and reload",
	cause.ReloadPage:        "Reload page",
	cause.ReturnToText:      "Go back to my text",
	cause.AllowCookies:      "Show what to change",
	cause.FixClock:          "Show how to set it",
	cause.CheckURL:          "Go to the {site} start page",
	cause.RequestAccess:     "Ask for access",
	cause.CompleteMFA:       "Continue to the check",
	cause.SSOLogin:          "Renew sign-in",
	cause.CheckDevice:       "Check my device",
	cause.SolveChallenge:    "Show the check",
	cause.WaitAndRetry:      "Try once more",
	cause.ConnectVPN:        "Show how to connect",
	cause.ChooseCertificate: "Show how to choose it",
	cause.ContactSupport:    "Get help",
	cause.Subscribe:         "Request a licence",
	cause.None:              "Not now",
}

// tried says that a step was taken and did not help.
var tried = map[cause.Action]string{
	cause.SupplyCredentials: "You signed in, and the page stayed closed.",
	cause.RetryCredentials:  "You typed a new password, and the page stayed closed.",
	cause.LoginAgain:        "You signed in again, and the page stayed closed.",
	cause.SwitchAccount:     "You used another account, and the page stayed closed.",
	cause.ClearSiteData:     "Data of the site was cleared, and the page stayed closed.",
	cause.ReloadPage:        "The page was reloaded and stayed closed.",
	cause.WaitAndRetry:      "You waited, and the page stayed closed.",
	cause.SolveChallenge:    "The check was shown, and the page stayed closed.",
	cause.SSOLogin:          "You renewed your sign-in, and the page stayed closed.",
}

// certainties say how sure a diagnosis is.
var certainties = map[Certainty]string{
	Sure:   "The signs are clear.",
	Likely: "It looks like this is the reason.",
	Unsure: "We can't tell for certain.",
}

// What clearing costs, said beside the button.
var (
	clearNotes = []string{
		"Clearing signs you out of {site}.",
		"You can undo this for one hour, until the browser closes.",
		"Sites on {host} with another port number share this data and lose it too.",
	}
	clearBelowNote = "Sites with an address that ends in .{host} sign you out too."
)

var closedWordings = map[string]wording{
	"recovered": {"", "You are back.", "The page opened again."},
	"given_up":  {"", "This page stayed closed.", "You can still ask for help, or reload the page."},
	"expired":   {"", "This was a while ago.", "Reload the page to see how things are now."},
}

const (
	closeLabel   = "Close this note"
	checkAddress = "Check the address" // of a site whose start page is not known
	ownWords     = "The page says so in its own words."
	mark         = "The answer bears the mark of {identifies}."
)
