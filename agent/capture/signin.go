package capture

import "strings"

// signInWords stand in the paths of sign-in pages, and as the first label of
// hosts that do nothing else.
var (
	signInWords = []string{"login", "logon", "signin", "sign-in", "sso", "saml", "oauth", "oidc", "openid", "adfs"}
	signInHosts = []string{"login.", "signin.", "sso.", "accounts.", "idp.", "adfs.", "sts."}
)

func onSignInPath(address string) bool {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return false
	}
	host, path, _ := strings.Cut(rest, "/")
	for _, h := range signInHosts {
		if len(host) > len(h) && strings.EqualFold(host[:len(h)], h) {
			return true
		}
	}
	path, _, _ = strings.Cut(path, "?")
	path = strings.ToLower(path)
	for _, w := range signInWords {
		if strings.Contains(path, w) {
			return true
		}
	}
	return false
}
