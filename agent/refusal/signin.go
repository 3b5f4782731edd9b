package refusal

import "strings"

// signInWords stand in the paths of sign-in pages and of the addresses that
// sign-in services send the browser back to; signInHosts begin the names of
// hosts that do nothing else.
var (
	signInWords = []string{"login", "logon", "signin", "sign-in", "sso", "saml", "oauth", "oidc", "openid", "adfs", "/auth"}
	signInHosts = []string{"login.", "signin.", "sso.", "accounts.", "idp.", "adfs.", "sts."}
)

// OnSignInPath says whether an address looks like a page to sign in at. What
// its query holds says nothing.
func OnSignInPath(address string) bool {
	_, rest, ok := strings.Cut(strings.ToLower(address), "://")
	if !ok {
		return false
	}
	rest, _, _ = strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	for _, h := range signInHosts {
		if strings.HasPrefix(host, h) {
			return true
		}
	}
	path = "/" + path
	for _, w := range signInWords {
		if strings.Contains(path, w) {
			return true
		}
	}
	return false
}
