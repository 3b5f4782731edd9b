package challenge

import "strings"

// Answerer says who or what answers the challenges of a scheme.
type Answerer string

// The answerers.
const (
	ByPerson   Answerer = "person"   // a user name and a password, typed by a person
	ByComputer Answerer = "computer" // what the computer is signed in with, else a name and a password
	ByKey      Answerer = "key"      // a key that the browser or the system holds, like a certificate
	ByProgram  Answerer = "program"  // a program that holds a key or a token; a browser only through a script of the page
	ByPage     Answerer = "page"     // signing in on a page of the site; the challenge itself is not answered
	ByNobody   Answerer = "nobody"   // no browser, and no program in common use
)

// SchemeInfo is what is known about a scheme.
type SchemeInfo struct {
	Name       string // lower case; ends in "*" where it stands for all names that begin so
	Title      string // as its document writes it
	Source     string // "RFC 7617 2", or the page that describes it
	Registered bool   // at https://www.iana.org/assignments/http-authschemes/
	Token68    bool   // its challenges carry token68
	Answerer   Answerer
}

// Schemes are all that IANA registers (as of 2025-02-18) and those besides
// that servers are known to send. The order is theirs: registered first.
var Schemes = []SchemeInfo{
	{"basic", "Basic", "RFC 7617 2", true, false, ByPerson},
	{"bearer", "Bearer", "RFC 6750 3", true, false, ByProgram},
	{"concealed", "Concealed", "RFC 9729 2", true, false, ByKey},
	{"digest", "Digest", "RFC 7616 3.3", true, false, ByPerson},
	{"dpop", "DPoP", "RFC 9449 7.1", true, false, ByProgram},
	{"gnap", "GNAP", "RFC 9635 7.2", true, false, ByProgram},
	{"hoba", "HOBA", "RFC 7486 3", true, false, ByKey},
	{"mutual", "Mutual", "RFC 8120 4.1", true, false, ByNobody},
	{"negotiate", "Negotiate", "RFC 4559 4", true, true, ByComputer},
	{"oauth", "OAuth", "RFC 5849 3.5.1", true, false, ByProgram},
	{"privatetoken", "PrivateToken", "RFC 9577 2.1", true, false, ByKey},
	{"scram-sha-1", "SCRAM-SHA-1", "RFC 7804 5", true, false, ByNobody},
	{"scram-sha-256", "SCRAM-SHA-256", "RFC 7804 5", true, false, ByNobody},
	{"vapid", "vapid", "RFC 8292 3", true, false, ByProgram},

	{"ntlm", "NTLM", "https://learn.microsoft.com/openspecs/windows_protocols/ms-ntht/", false, true, ByComputer},
	{"apikey", "ApiKey", "https://www.elastic.co/docs/api/doc/elasticsearch/authentication", false, false, ByProgram},
	{"token", "Token", "https://www.django-rest-framework.org/api-guide/authentication/#tokenauthentication", false, false, ByProgram},
	{"wsse", "WSSE", "https://www.xml.com/pub/a/2003/12/17/dive.html", false, false, ByProgram},
	{"ssws", "SSWS", "https://developer.okta.com/docs/api/openapi/okta-management/guides/overview", false, false, ByProgram},
	{"aws4-hmac-sha256", "AWS4-HMAC-SHA256", "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html", false, false, ByProgram},
	{"hawk", "Hawk", "https://github.com/mozilla/hawk/blob/main/API.md", false, false, ByProgram},
	{"cookie", "Cookie", "https://datatracker.ietf.org/doc/html/draft-broyer-http-cookie-auth-00", false, false, ByPage},
	{"session", "Session", "https://www.django-rest-framework.org/api-guide/authentication/#sessionauthentication", false, false, ByPage},
	{"formbased", "FormBased", "https://github.com/GetSimpleCMS/GetSimpleCMS (admin/inc/basic.php)", false, false, ByPage},
	{"jwt", "JWT", "https://jpadilla.github.io/django-rest-framework-jwt/", false, false, ByProgram},
	{"x-*", "X-", "https://www.rfc-editor.org/rfc/rfc6648 (names of one's own)", false, false, ByProgram},
}

// SchemeOf looks a scheme up, in any case; ok is false for one that is not in
// the table.
func SchemeOf(scheme string) (info SchemeInfo, ok bool) {
	for i := range Schemes {
		if title := Schemes[i].Title; len(title) == len(scheme) && strings.EqualFold(title, scheme) {
			return Schemes[i], true
		}
	}
	// The last row stands for all names that begin like it.
	own := Schemes[len(Schemes)-1]
	if len(scheme) > len(own.Title) && strings.EqualFold(scheme[:len(own.Title)], own.Title) {
		return own, true
	}
	return SchemeInfo{}, false
}

// carriesScheme reports whether a word where none is due can only be a scheme:
// it is registered, or NTLM. The others are words of everyday language.
func carriesScheme(word string) bool {
	info, ok := SchemeOf(word)
	return ok && (info.Registered || info.Name == "ntlm")
}
