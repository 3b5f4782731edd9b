package explain

import (
	"slices"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/refusal"
)

// question is one thing to ask a caller, and what the answer tells. None asks
// for a password: nobody should learn to tell it.
type question struct {
	ask   string
	tells string
	page  bool                 // only a person in front of a page can answer
	known func(w *writer) bool // the evidence answers it already; nil for never
}

// questions are spoken on the phone, so they are as plain as all other texts.
var questions = map[string]question{
	"account_shown": {"Which account does the page show at the top right?", "None: nobody is signed in. Another one: switch to the right one.", true, nobodySignedIn},
	"certificate":   {"Did the browser ask you to choose a certificate?", "No: there may be none on this computer. Yes: it may have been the wrong one.", true, nil},
	"check_shown":   {"Did the page show a check, such as a box to tick?", "Yes: finish it. No: an add-on may hide it.", true, nil},
	"clock":         {"Does the clock in the corner show the right time?", "No: set it right, then reload.", false, seen("clock_off", "clock_right")},
	"colleagues":    {"Are others near you affected too?", "Yes: it is the site or the network. No: it is the account or this computer.", false, nil},
	"confirm":       {"Did you get a request to confirm the sign-in?", "Approve it only if you started it. None came: check the phone that gets them.", false, nil},
	"country":       {"Are you in another country now?", "Yes: the site may be closed there.", false, nil},
	"device":        {"Is this a work computer or your own?", "Your own: it may not be approved. A work one: its checks may be out of date.", false, nil},
	"filled_in":     {"Did you type the password, or did the browser fill it in?", "Filled in: the saved one may be old.", true, seen("account_refused_before")},
	"form_age":      {"How long was the form open before you sent it?", "Hours: the form was too old. Minutes: a filter may have stopped it.", true, nil},
	"form_text":     {"Did the text hold quotes, brackets or code?", "Yes: a filter may have stopped it. Send it without them.", true, nil},
	"how_there":     {"How did you get to this page: a link, a bookmark or by typing?", "A link or bookmark may be old. Try from the start page.", true, nil},
	"keeps_sign_in": {"Do other sites keep you signed in?", "No: the browser does not keep site data.", true, nil},
	"link_age":      {"Where did the link come from, and how old is it?", "Some links last hours only. Get a fresh one from there.", false, nil},
	"locked_by":     {"Does a phone or mail program still use the old password?", "Yes: it can lock the account again. Change it there first.", false, nil},
	"notice":        {"Does the site show a notice about a fault?", "Yes: wait, there is nothing to do here.", false, nil},
	"often":         {"Does a tool or an add-on load this site often?", "Yes: stop it, then wait ten minutes.", false, nil},
	"opened_before": {"Did this page open for you before? When was the last time?", "It did: the sign-in may be over. It never did: access may be missing.", true,
		seen("site_opened_before", "opened_after_sign_in", "opened_later", "refused_many_times")},
	"other_browser":    {"Does it open in another browser?", "Yes: look at the settings and add-ons of this one.", true, nil},
	"other_pages":      {"Do other pages of this site open?", "Yes: it is this page or its address. No: it is the whole site.", false, seen("probe_root_opened", "probe_root_refused", "probe_root_failed")},
	"other_sites":      {"Do other websites open?", "Yes: it is this site. No: it is the network.", false, nil},
	"own_page":         {"Does it open from the start page of its own site?", "Yes: the other site's link is at fault.", true, nil},
	"password_changed": {"Did you change your password lately?", "Yes: an old one may still be saved in the browser.", false, nil},
	"place":            {"Are you in the office, at home or on VPN?", "At home: try with the VPN on. On VPN: try with it off, if that is allowed.", false, nil},
	"private_window":   {"Does it open in a private window?", "Yes: old site data is in the way. No: it is not the site data.", true, privateKnown},
	"program":          {"Which program sent this, and when did it last work?", "The key of that program may be old. Whoever made it can renew it.", false, notProgram},
	"reference":        {"What does the page show as reference number?", "The people who run the site find the reason by it.", true, hasQuote},
	"run_out":          {"Did a message ask you to change your password?", "Yes: set a new one first.", false, nil},
	"same_job":         {"Can a colleague with the same job open it?", "Yes: this account lacks access. No: nobody may, or the site has a fault.", false, nil},
	"same_sign_in":     {"Do the other sites you use at work open?", "Yes: it is this site. No: renew the company sign-in.", false, nil},
	"second_account":   {"Do you have a second account for this site?", "Yes: try the page with that one.", false, nobodySignedIn},
	"since":            {"What has changed since it last worked?", "A new password, computer or place is the first thing to check.", false, nil},
	"whose_page":       {"Whose name stands on the page that says no?", "A filter's name: call its team. The site's name: it is the site.", true, productKnown},
	"wifi":             {"Is this a guest Wi-Fi, as in a hotel?", "Yes: open its own sign-in page first.", false, nil},
	"word_for_word":    {"What does the page say, word for word?", "The words often tell the reason.", true, wordsKnown},
}

// asksFor are the questions that show best whether a cause is the right one.
var asksFor = map[cause.ID][]string{
	cause.NoCredentials:                {"account_shown", "opened_before", "program", "private_window"},
	cause.WrongCredentials:             {"password_changed", "filled_in", "second_account"},
	cause.PasswordExpired:              {"run_out", "password_changed"},
	cause.SessionExpired:               {"opened_before", "account_shown", "keeps_sign_in"},
	cause.TokenExpired:                 {"program", "opened_before", "account_shown"},
	cause.TokenInvalid:                 {"program", "since", "account_shown"},
	cause.TokenMissing:                 {"program", "how_there", "opened_before"},
	cause.StepUpRequired:               {"confirm", "same_sign_in"},
	cause.SSORequired:                  {"same_sign_in", "opened_before", "place"},
	cause.WrongAccount:                 {"account_shown", "second_account", "private_window"},
	cause.CSRFOrStaleForm:              {"form_age", "opened_before", "private_window"},
	cause.CookiesBlocked:               {"keeps_sign_in", "other_browser", "private_window"},
	cause.ClockSkew:                    {"clock", "colleagues"},
	cause.InsufficientScope:            {"same_job", "program", "opened_before"},
	cause.NoPermission:                 {"same_job", "opened_before", "account_shown"},
	cause.AccountDisabledOrLocked:      {"locked_by", "password_changed", "opened_before"},
	cause.SubscriptionRequired:         {"same_job", "opened_before", "account_shown"},
	cause.DeviceNotAllowed:             {"device", "other_browser", "opened_before"},
	cause.IPOrGeoBlocked:               {"country", "place", "colleagues"},
	cause.VPNOrNetworkRequired:         {"place", "colleagues", "opened_before"},
	cause.BotChallenge:                 {"check_shown", "other_browser", "place"},
	cause.WAFBlock:                     {"reference", "form_text", "colleagues", "place"},
	cause.RateLimited:                  {"often", "colleagues"},
	cause.HotlinkOrReferer:             {"own_page", "how_there"},
	cause.ClientCertificateRequired:    {"certificate", "device", "opened_before"},
	cause.DirectoryOrResourceForbidden: {"how_there", "other_pages", "same_job"},
	cause.WrongURL:                     {"how_there", "link_age", "other_pages"},
	cause.ProxyOrFilterBlock:           {"whose_page", "place", "reference"},
	cause.CaptivePortal:                {"wifi", "other_sites"},
	cause.SignatureMismatch:            {"link_age", "clock"},
	cause.UnsupportedScheme:            {"other_browser", "opened_before"},
	cause.ServerMisconfigured:          {"colleagues", "opened_before", "since"},
	cause.ServiceOutage:                {"notice", "colleagues", "other_sites"},
	cause.StaleSiteData:                {"private_window", "other_browser", "opened_before"},
	cause.Unknown:                      {"word_for_word", "program", "opened_before", "colleagues", "private_window"},
}

// between are two families of causes, in the order of their names.
type between struct{ one, other cause.Family }

// asksBetween are the questions that tell one family from another, best first.
var asksBetween = map[between][]string{
	{cause.FamilyAccess, cause.FamilyBlocked}: {"same_job", "place", "reference"},
	{cause.FamilyAccess, cause.FamilyDevice}:  {"private_window", "other_browser", "same_job"},
	{cause.FamilyAccess, cause.FamilySignIn}:  {"opened_before", "account_shown", "same_job"},
	{cause.FamilyAccess, cause.FamilySite}:    {"same_job", "how_there", "other_pages"},
	{cause.FamilyBlocked, cause.FamilyDevice}: {"other_browser", "place", "colleagues"},
	{cause.FamilyBlocked, cause.FamilySignIn}: {"account_shown", "reference", "colleagues"},
	{cause.FamilyBlocked, cause.FamilySite}:   {"other_pages", "reference", "place"},
	{cause.FamilyDevice, cause.FamilySignIn}:  {"private_window", "keeps_sign_in", "opened_before"},
	{cause.FamilyDevice, cause.FamilySite}:    {"other_browser", "colleagues", "private_window"},
	{cause.FamilySignIn, cause.FamilySite}:    {"opened_before", "how_there", "colleagues"},
}

// seen is an answer that one of these rules gives.
func seen(rules ...string) func(*writer) bool {
	return func(w *writer) bool { return slices.ContainsFunc(rules, w.d.Seen) }
}

func nobodySignedIn(w *writer) bool {
	sent := w.inc.Refusal.Request
	return sent.Cookies == refusal.KnownNo && (sent.Authorization == "" || sent.Authorization == "none") || w.d.Seen("nothing_sent")
}

// privateKnown: a request without the site's data went out already.
func privateKnown(w *writer) bool {
	r := &w.inc.Refusal.Request
	return r.Private || r.Cookies == refusal.KnownNo || w.d.Seen(diagnosis.RuleProbeOpened) || w.d.Seen(diagnosis.RuleProbeRefused)
}

func notProgram(w *writer) bool { return !w.d.Seen(diagnosis.RuleProgram) }

func hasQuote(w *writer) bool { return len(w.quotes()) > 0 }

func productKnown(w *writer) bool {
	return len(w.d.Ranked) > 0 && slices.ContainsFunc(w.d.Ranked[0].Evidence, func(e diagnosis.Evidence) bool { return e.Weight > 0 && e.Args["identifies"] != "" })
}

func wordsKnown(w *writer) bool {
	r := &w.inc.Refusal
	return refusal.VisibleText(r.Body) != "" || r.Title != "" && !statusName.MatchString(r.Title)
}
