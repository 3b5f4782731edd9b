package explain

import (
	"regexp"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/challenge"
)

func TestEverySchemeIsExplained(t *testing.T) {
	for _, s := range challenge.Schemes {
		text, ok := schemes[s.Name]
		if !ok || text.name != s.Title {
			t.Errorf("%s is explained as %q", s.Name, text.name)
			continue
		}
		if s.Registered && !strings.Contains(text.developer, "("+s.Source+")") {
			t.Errorf("%s is defined in %s: %q", s.Name, s.Source, text.developer)
		}
		if s.Registered == strings.Contains(text.developer, "not registered") {
			t.Errorf("%s, registered %v: %q", s.Name, s.Registered, text.developer)
		}
		if byPassword := strings.Contains(text.person, "user name"); s.Answerer == challenge.ByPerson && !byPassword {
			t.Errorf("%s is answered by a person: %q", s.Name, text.person)
		}
		if nothing := strings.Contains(text.person, "nothing to type"); nothing && s.Answerer != challenge.ByProgram {
			t.Errorf("%s is answered by %s: %q", s.Name, s.Answerer, text.person)
		}
	}
	if len(schemes) != len(challenge.Schemes) {
		t.Errorf("%d schemes are explained, %d are known", len(schemes), len(challenge.Schemes))
	}
}

func TestSchemeSpeaksToItsAudience(t *testing.T) {
	for _, tc := range []struct {
		scheme   string
		audience Audience
		want     string
	}{
		{"BASIC", User, "The site asks for a user name and a password."},
		{"basic", Helpdesk, "Basic: The site asks for a user name and a password."},
		{"Basic", Developer, "User name and password, base64 and not encrypted, so fit for TLS alone (RFC 7617 2)."},
		{"X-Own", Helpdesk, "The site asks for a way to sign in that is its own. Browsers don't know it."},
		{"Newer", User, "The site asks for a way to sign in that browsers don't know."},
		{"Newer", Developer, "A scheme that is not registered and that no browser answers."},
		{"", "", "The site asks for a way to sign in that browsers don't know."},
	} {
		if got := Scheme(tc.scheme, tc.audience); got != tc.want {
			t.Errorf("%s for %s: %q", tc.scheme, tc.audience, got)
		}
	}
}

func TestEveryOddityIsExplained(t *testing.T) {
	for _, info := range challenge.Kinds {
		if oddities[string(info.Kind)] == "" {
			t.Errorf("%s has no text", info.Kind)
		}
	}
	if len(oddities) != len(challenge.Kinds) {
		t.Errorf("%d oddities are explained, %d are known", len(oddities), len(challenge.Kinds))
	}
}

// Developers read names that people do not know, and are not blamed either.
func TestDevelopersReadShortSentences(t *testing.T) {
	blame := regexp.MustCompile(`(?i)\b(illegal|oops|your administrator|try again later|you entered|suspicious|misconfigured|log ?in|simply|just)\b`)
	texts := []string{otherScheme.developer}
	for _, s := range schemes {
		texts = append(texts, s.developer)
	}
	for _, s := range oddities {
		texts = append(texts, s)
	}
	reference := regexp.MustCompile(` \((RFC [0-9.]+ [0-9.]+|\[MS-NTHT\])\)\.$`)
	for _, x := range texts {
		plain := reference.ReplaceAllString(x, ".")
		if w := blame.FindString(x); w != "" {
			t.Errorf("%q says %q", x, w)
		}
		if !strings.HasSuffix(x, ".") || strings.ContainsAny(x, "!`") {
			t.Errorf("%q is no plain sentence", x)
		}
		if n := len(words(plain)); n > 25 {
			t.Errorf("%q has %d words", x, n)
		}
	}
}
