package explain

import "strings"

// schemeText is what one scheme of WWW-Authenticate asks for: to a person in
// plain words, to a developer with the section, as challenge.Schemes has it.
type schemeText struct {
	name      string // as its document writes it
	person    string
	developer string
}

// schemes holds one row for each row of challenge.Schemes, by its name.
var schemes = map[string]schemeText{
	"basic": {"Basic", "The site asks for a user name and a password.",
		"User name and password, base64 and not encrypted, so fit for TLS alone (RFC 7617 2)."},
	"bearer": {"Bearer", "The site wants a key from the program behind the page. You get one when you sign in.",
		"An OAuth 2.0 access token; error says why the one that was sent will not do, its absence that none was (RFC 6750 3)."},
	"concealed": {"Concealed", "The site knows people by a key that is kept on their computer.",
		"A signature bound to the TLS connection; meant to be sent unasked, so a challenge that names it is unusual (RFC 9729 2)."},
	"digest": {"Digest", "The site asks for a user name and a password. The password itself is not sent.",
		"A hash over user name, realm, password and nonce; stale=true means that only the nonce is old (RFC 7616 3.3)."},
	"dpop": {"DPoP", "The site wants a key that works on this computer alone. You get one when you sign in.",
		"An access token bound to a key of the client, with a signed proof; use_dpop_nonce asks for the same again with a nonce (RFC 9449 7.1)."},
	"gnap": {"GNAP", "A program has to ask for access first. There is nothing to type.",
		"A token bound to a key; as_uri names the server that grants it (RFC 9635 7.2)."},
	"hoba": {"HOBA", "The site knows people by a key that their browser holds. Common browsers can't do that.",
		"A signature over the challenge with a key registered for this origin; no browser has it built in (RFC 7486 3)."},
	"mutual": {"Mutual", "The site asks for a password in a way that browsers don't know.",
		"A password exchange that also proves the server's identity; not TLS client certificates, and in no browser (RFC 8120 4.1)."},
	"negotiate": {"Negotiate", "The site asks for your company sign-in. Your computer has to be signed in for it.",
		"SPNEGO, mostly Kerberos; needs a ticket, a host name that has a service principal, and a browser policy that allows the site (RFC 4559 4)."},
	"oauth": {"OAuth", "Another program has to show that you let it in. There is nothing to type.",
		"OAuth 1.0: a signature over the request by a registered client (RFC 5849 3.5.1)."},
	"privatetoken": {"PrivateToken", "The site wants to see that a person is here. Some computers can show it on their own.",
		"A Privacy Pass token from an attester that the site trusts (RFC 9577 2.1)."},
	"scram-sha-1": {"SCRAM-SHA-1", "The site asks for a password in a way that browsers don't know.",
		"A salted challenge and response over a password; no browser has it (RFC 7804 5)."},
	"scram-sha-256": {"SCRAM-SHA-256", "The site asks for a password in a way that browsers don't know.",
		"A salted challenge and response over a password; no browser has it (RFC 7804 5)."},
	"vapid": {"vapid", "This is for servers that send you news. There is nothing to type.",
		"A signed JWT and the public key of an application server, for Web Push services (RFC 8292 3)."},
	"ntlm": {"NTLM", "The site asks for your company sign-in. You may have to type its user name and password.",
		"NTLM over HTTP, bound to the connection and not registered; proxies that share connections break it ([MS-NTHT])."},
	"apikey": {"ApiKey", "The site wants a key that is made for programs. There is nothing to type.",
		"A key issued to a program, as with Elasticsearch; not registered."},
	"token": {"Token", "The site wants a key from the program behind the page. You get one when you sign in.",
		"An opaque token of the application, as with Django REST framework; not registered."},
	"wsse": {"WSSE", "The site wants a name and a password from a program. There is nothing to type.",
		"The UsernameToken digest of WS-Security in X-WSSE; not registered."},
	"ssws": {"SSWS", "The site wants a key that is made for programs. There is nothing to type.",
		"An API token of Okta; not registered."},
	"aws4-hmac-sha256": {"AWS4-HMAC-SHA256", "A program has to sign what it asks for. There is nothing to type.",
		"Signature Version 4 of AWS over the request; a clock that is off breaks it; not registered."},
	"hawk": {"Hawk", "A program has to sign what it asks for. There is nothing to type.",
		"An HMAC over the request with a shared key and a timestamp; ts and tsm tell the server's clock; not registered."},
	"cookie": {"Cookie", "The site has a page of its own to sign in. Sign in there.",
		"Signing in with a form and a cookie; no client answers the challenge itself; not registered."},
	"session": {"Session", "The site has a page of its own to sign in. Sign in there.",
		"A session of the application; no client answers the challenge itself; not registered."},
	"formbased": {"FormBased", "The site has a page of its own to sign in. Sign in there.",
		"Signing in with a form; no client answers the challenge itself; not registered."},
	"jwt": {"JWT", "The site wants a key from the program behind the page. You get one when you sign in.",
		"A JSON Web Token of the application; Bearer is the registered scheme for it; not registered."},
	"x-*": {"X-", "The site asks for a way to sign in that is its own. Browsers don't know it.",
		"A scheme of the application's own, mostly chosen to keep the browser's box away; not registered."},
}

// otherScheme stands for a scheme without a row.
var otherScheme = schemeText{"", "The site asks for a way to sign in that browsers don't know.",
	"A scheme that is not registered and that no browser answers."}

// Scheme says what a scheme asks for, in any case; the helpdesk also reads its
// name.
func Scheme(scheme string, audience Audience) string {
	name := strings.ToLower(scheme)
	text, ok := schemes[name]
	switch {
	case !ok && strings.HasPrefix(name, "x-"):
		text = schemes["x-*"]
	case !ok:
		text = otherScheme
	}
	switch {
	case audience == Developer:
		return text.developer
	case audience == Helpdesk && ok:
		return text.name + ": " + text.person
	}
	return text.person
}
