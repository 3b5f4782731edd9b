package explain

import (
	"strings"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
)

// quiet rules say nothing that helps the person at the page, but the helpdesk
// and programs read them too.
var quiet = map[string][]string{
	"digest_stale":          {"The site took the sign-in and wants it once more."},
	"scheme_of_a_program":   {"The site asks for a way to sign in that programs use."},
	diagnosis.RuleOtherSite: {"The part that was refused belongs to another site than the page."},
	"clock_right":           {"Your clock and the site's clock agree."},
}

// groupWording marks evidence from the words on a page.
const groupWording = "wording"

// Rows of package signature come and go, so no text is written for each: their
// kind, the product that they know and the cause that they speak for make one.
// {who} is the product, {means} stands for what the row says.
var rowTexts = map[string]struct{ clearly, maybe, against string }{
	"banner": {
		"This is how {who} says that {means}.",
		"This can be how {who} says that {means}.",
		"This is how {who} says no.",
	},
	groupWording: {
		"The page says that {means}.",
		"The words on the page hint that {means}.",
		"The words on the page point to something else.",
	},
	"challenge": {
		"The way the site asks who you are says that {means}.",
		"The way the site asks who you are can mean that {means}.",
		"The way the site asks who you are points to something else.",
	},
	"cookie": {
		"What the browser holds shows that {means}.",
		"What the browser holds can mean that {means}.",
		"What the browser holds points to something else.",
	},
	"code": {
		"A code from {who} says that {means}.",
		"A code from {who} can mean that {means}.",
		"A code from {who} points to something else.",
	},
	"": {
		"A mark in the answer says that {means}.",
		"A mark in the answer can mean that {means}.",
		"A mark in the answer points to something else.",
	},
}

const (
	server    = "the server" // a product that no row names
	speaksNot = "That speaks against this cause."
	toldWhy   = "The answer tells the reason."
	untold    = "This answer of {who} gives no reason."
)

// meanings finish the sentence "this means that ...".
var meanings = map[cause.ID]string{
	cause.NoCredentials:                "nobody is signed in",
	cause.WrongCredentials:             "the name or password was not right",
	cause.PasswordExpired:              "the password has run out",
	cause.SessionExpired:               "the sign-in is over",
	cause.TokenExpired:                 "the sign-in of this part is too old",
	cause.TokenInvalid:                 "the key that was sent was not accepted",
	cause.TokenMissing:                 "a key is missing",
	cause.StepUpRequired:               "one more check is needed",
	cause.SSORequired:                  "it takes the company sign-in",
	cause.WrongAccount:                 "this needs another account",
	cause.CSRFOrStaleForm:              "the form was too old",
	cause.CookiesBlocked:               "the browser does not keep the sign-in",
	cause.ClockSkew:                    "the clock is off",
	cause.InsufficientScope:            "the sign-in lacks rights here",
	cause.NoPermission:                 "the account has no access here",
	cause.AccountDisabledOrLocked:      "the account is locked",
	cause.SubscriptionRequired:         "a licence is missing",
	cause.DeviceNotAllowed:             "the device is not approved",
	cause.IPOrGeoBlocked:               "where you are is blocked",
	cause.VPNOrNetworkRequired:         "it takes the company network",
	cause.BotChallenge:                 "the site checks for a human",
	cause.WAFBlock:                     "a filter stopped the page",
	cause.RateLimited:                  "there were too many requests",
	cause.HotlinkOrReferer:             "other sites may not show this",
	cause.ClientCertificateRequired:    "it takes a certificate",
	cause.DirectoryOrResourceForbidden: "the address is not for all to see",
	cause.WrongURL:                     "the address is not right",
	cause.ProxyOrFilterBlock:           "a web filter stopped the page",
	cause.CaptivePortal:                "the Wi-Fi wants a sign-in first",
	cause.SignatureMismatch:            "the link is old or cut off",
	cause.UnsupportedScheme:            "browsers can't sign in there",
	cause.ServerMisconfigured:          "the site has a fault",
	cause.ServiceOutage:                "the site is not working right now",
	cause.StaleSiteData:                "old site data is in the way",
}

// evidence puts any piece of evidence into words: what was seen and, where
// that is not plain, how it bears on the cause. It is never empty.
func (w *writer) evidence(e diagnosis.Evidence) string {
	seen, ok := w.choose(reasons[e.Rule], e.Args)
	if !ok {
		seen, ok = w.choose(quiet[e.Rule], e.Args)
	}
	switch {
	case ok && e.Weight < 0:
		return seen + " " + speaksNot
	case ok:
		return seen
	}
	return rowText(e)
}

func rowText(e diagnosis.Evidence) string {
	texts, ok := rowTexts[e.Args["group"]]
	if !ok {
		texts = rowTexts[""]
	}
	who := quotable(e.Args["identifies"])
	if who == "" {
		who = server
	}
	text := texts.maybe
	switch {
	case e.Weight < 0 && e.Cause == cause.Unknown:
		text = toldWhy + " " + speaksNot
	case e.Cause == cause.Unknown:
		text = untold
	case e.Weight < 0:
		text = texts.against + " " + speaksNot
	case e.Weight > outright:
		text = texts.clearly
	}
	return strings.NewReplacer("{who}", who, "{means}", meanings[e.Cause]).Replace(text)
}
