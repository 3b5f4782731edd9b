package refusal

import "testing"

func TestWhatLooksLikeASignInPage(t *testing.T) {
	for address, want := range map[string]bool{
		"https://site.example/login":             true,
		"https://site.example/a/Sign-In?next=/b": true,
		"https://site.example/auth/callback":     true,
		"https://SSO.site.example/":              true,
		"https://login.site.example":             true,
		"https://site.example/":                  false,
		"https://site.example/page?next=/login":  false,
		"https://site.example/author/7#login":    true, // a path that begins so is taken for one
		"https://loginless.example/page":         false,
		"login":                                  false,
		"":                                       false,
	} {
		if got := OnSignInPath(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
