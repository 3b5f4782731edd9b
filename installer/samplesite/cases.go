package samplesite

import (
	"net/http"
	"net/url"

	"github.com/readmit/readmit/agent/cause"
)

// Case is one way of being refused.
type Case struct {
	ID    string
	Group string // the heading it stands under on the start page
	Title string
	About string // one line for the person on the start page
	Path  string // the address that is refused, or that embeds what is refused
	Start string // where a person begins; Path when empty
	// Want is the cause that readmit is to name. cause.Unknown asks for
	// honesty: the response gives nothing away, so the answer must be unsure.
	Want  cause.ID
	Visit Visit

	folder string // counts of this folder are this case's
}

// Begin is the address to send a person to.
func (c Case) Begin() string {
	if c.Start != "" {
		return c.Start
	}
	return c.Path
}

// Visit says how one comes upon the refusal without a browser.
type Visit struct {
	Before       []Send // sent first, with one cookie jar
	Refused      Send   // the zero value gets Case.Path
	ResourceType string // webRequest.ResourceType; "main_frame" when empty
	Elsewhere    bool   // the refused request goes to the site's other origin
	EmptyPage    bool   // the page stays almost without text
	Probe        bool   // the same page without cookies is tried as well
}

// Send is one request.
type Send struct {
	Method, Path   string // GET when empty; Case.Path when empty
	Form           url.Values
	Name, Password string // sent as Basic when Name is set
	Bearer         string
}

const (
	groupPassword = "A password is asked for"
	groupSignIn   = "Signed in, then not"
	groupAccess   = "Known, and still refused"
	groupBlocked  = "Something stands in between"
	groupOther    = "The site, the address, this computer"
)

var signIn = url.Values{"account": {"anna"}, "password": {"correct horse"}}

// Cases is every page of the site that refuses, in the order of the start
// page. The visits that sign in assume the account of the zero Config.
var Cases = []Case{
	{ID: "basic", Group: groupPassword, Title: "A page with a password", Path: "/basic/", Want: cause.NoCredentials,
		About: "The browser asks for a name and password (Basic).", folder: "/basic"},
	{ID: "changed", Group: groupPassword, Title: "A password that no longer works", Path: "/changed/", Want: cause.WrongCredentials,
		About: "No password is right here, so whatever you type is turned down.", folder: "/changed",
		Visit: Visit{Refused: Send{Name: "anna", Password: "last year's"}}},
	{ID: "digest", Group: groupPassword, Title: "A page with a safer password prompt", Path: "/digest/", Want: cause.NoCredentials,
		About: "The same, but the password itself is never sent (Digest).", folder: "/digest"},
	{ID: "forty", Group: groupPassword, Title: "Forty pictures with a password", Path: "/forty/", Want: cause.NoCredentials,
		About: "The page opens, and each of its forty pictures asks.", folder: "/forty",
		Visit: Visit{Refused: Send{Path: "/forty/img/1"}, ResourceType: "image"}},
	{ID: "wrong-origin", Group: groupPassword, Title: "A picture of another site that asks", Path: "/wrong-origin/", Want: cause.NoCredentials,
		About: "Another site wants your password for a picture on this page.", folder: "/wrong-origin",
		Visit: Visit{Refused: Send{Path: "/wrong-origin/picture.svg"}, ResourceType: "image", Elsewhere: true}},
	{ID: "hostile", Group: groupPassword, Title: "A prompt that pretends", Path: "/hostile/", Want: cause.NoCredentials,
		About: "The site's text poses as the browser and as readmit.", folder: "/hostile"},
	{ID: "slow", Group: groupPassword, Title: "A slow sign-in", Path: "/slow/", Want: cause.NoCredentials,
		About: "The server thinks for a few seconds about the password.", folder: "/slow"},

	{ID: "session", Group: groupSignIn, Title: "Signed out while away", Path: "/session/page", Start: "/session/login", Want: cause.SessionExpired,
		About: "Sign in, end the session with the button, and open the page again.", folder: "/session",
		Visit: Visit{Before: []Send{{Method: http.MethodPost, Path: "/session/login", Form: signIn}, {},
			{Method: http.MethodPost, Path: "/session/expire"}}}},
	{ID: "token-works", Group: groupSignIn, Title: "Part of a page stops", Path: "/token/works/", Want: cause.TokenExpired,
		About: "The page works; something it loads in the background is refused.", folder: "/token/works",
		Visit: Visit{Refused: Send{Path: "/token/works/notes", Bearer: "sample-token-that-ran-out"}, ResourceType: "xmlhttprequest"}},
	{ID: "token-empty", Group: groupSignIn, Title: "A page that stays empty", Path: "/token/empty/", Want: cause.TokenExpired,
		About: "The same, but nothing is left to see.", folder: "/token/empty",
		Visit: Visit{Refused: Send{Path: "/token/empty/data", Bearer: "sample-token-that-ran-out"}, ResourceType: "xmlhttprequest", EmptyPage: true}},
	{ID: "bearer", Group: groupSignIn, Title: "An address made for programs", Path: "/bearer/", Want: cause.TokenMissing,
		About: "It expects an access token, which no one can type.", folder: "/bearer"},
	{ID: "csrf", Group: groupSignIn, Title: "A form that was open too long", Path: "/csrf/send", Start: "/csrf/", Want: cause.CSRFOrStaleForm,
		About: "Send the form; the site no longer accepts it.", folder: "/csrf",
		Visit: Visit{Before: []Send{{Path: "/csrf/"}}, Refused: Send{Method: http.MethodPost,
			Form: url.Values{"csrfmiddlewaretoken": {"of-an-earlier-visit"}, "text": {"Two weeks in August, please."}}}}},
	{ID: "sso", Group: groupSignIn, Title: "The company sign-in", Path: "/sso/", Want: cause.SSORequired,
		About: "A gateway wants you to sign in with your company first.", folder: "/sso"},
	{ID: "stale", Group: groupSignIn, Title: "An old cookie in the way", Path: "/stale/page", Start: "/stale/visit", Want: cause.StaleSiteData,
		About: "The page opens for everyone but for those with an old cookie.", folder: "/stale",
		Visit: Visit{Before: []Send{{Path: "/stale/visit"}}, Probe: true}},

	{ID: "role", Group: groupAccess, Title: "Not your role", Path: "/role/admin", Start: "/role/login", Want: cause.NoPermission,
		About: "Sign in and open a page that only some colleagues may open.", folder: "/role",
		Visit: Visit{Before: []Send{{Method: http.MethodPost, Path: "/role/login", Form: signIn}}}},
	{ID: "scope", Group: groupAccess, Title: "A token that may not do this", Path: "/scope/", Want: cause.InsufficientScope,
		About: "The access token is fine, but does not cover this.", folder: "/scope"},

	{ID: "waf", Group: groupBlocked, Title: "Stopped by a firewall", Path: "/waf/", Want: cause.WAFBlock,
		About: "A filter before the site rejects the request.", folder: "/waf"},
	{ID: "waf-form", Group: groupBlocked, Title: "Stopped by an apostrophe", Path: "/waf-form/send", Start: "/waf-form/", Want: cause.WAFBlock,
		About: "The same filter takes ordinary text for an attack.", folder: "/waf-form",
		Visit: Visit{Before: []Send{{Path: "/waf-form/"}}, Refused: Send{Method: http.MethodPost, Form: url.Values{"text": {"It's Anna's turn."}}}}},
	{ID: "bot", Group: groupBlocked, Title: "Are you human?", Path: "/bot/", Want: cause.BotChallenge,
		About: "A check for robots comes first.", folder: "/bot"},
	{ID: "rate", Group: groupBlocked, Title: "Too many requests", Path: "/rate/", Want: cause.RateLimited,
		About: "The site asks you to wait two minutes.", folder: "/rate"},

	{ID: "files", Group: groupOther, Title: "A folder without a list", Path: "/files/", Want: cause.DirectoryOrResourceForbidden,
		About: "The server does not list what is in this folder.", folder: "/files"},
	{ID: "cert", Group: groupOther, Title: "A certificate is needed", Path: "/cert/", Want: cause.ClientCertificateRequired,
		About: "Only computers with a certificate may come in.", folder: "/cert"},
	{ID: "clock", Group: groupOther, Title: "The clock is wrong", Path: "/clock/", Want: cause.ClockSkew,
		About: "This computer's time and the server's are far apart.", folder: "/clock"},
	{ID: "plain403", Group: groupOther, Title: "No, without a reason", Path: "/plain403/", Want: cause.Unknown,
		About: "The bare page of a web server: it gives nothing away.", folder: "/plain403"},
	{ID: "plain401", Group: groupOther, Title: "Who are you? No way to say", Path: "/plain401/", Want: cause.NoCredentials,
		About: "401 with nothing in it: nothing was sent, and it says no more.", folder: "/plain401"},
	{ID: "empty403", Group: groupOther, Title: "No, without a word", Path: "/empty403/", Want: cause.Unknown,
		About: "403 with nothing in it.", folder: "/empty403"},
}
