package explain

import (
	"fmt"
	"slices"
	"strings"
)

// oddities say to developers what is wrong with a challenge, one row for each
// row of challenge.Kinds. Where it stands and which section it breaks is told
// beside the sentence.
var oddities = map[string]string{
	"missing_comma":          "A comma is missing before this.",
	"semicolon":              "Parameters and challenges are separated by commas, not by semicolons.",
	"comma_after_scheme":     "A blank has to follow the scheme, so this comma ends the challenge and orphans its parameters.",
	"colon_after_scheme":     "No colon follows a scheme.",
	"field_name":             "The name of the field stands inside its value.",
	"missing_scheme":         "A parameter without a scheme before it belongs to no challenge.",
	"continued_line":         "This line goes on with the challenge of the line before; browsers read every line by itself.",
	"stray_text":             "This is neither a scheme nor a parameter.",
	"nameless_value":         "A quoted string without a name before it says nothing.",
	"missing_value":          "The parameter has a name and no value; an empty one is written with quotes.",
	"unquoted_value":         "A value with blanks or other characters that no token has needs double quotes.",
	"unquoted_list":          "A list in one parameter needs double quotes, or its commas end the parameter.",
	"unterminated_quote":     "The quote that begins here is never closed.",
	"duplicate_parameter":    "The parameter is given twice in one challenge; clients differ in which one they take.",
	"token68_and_parameters": "A challenge has either token68 or parameters, never both.",
	"unexpected_token68":     "This scheme takes parameters; a bare word has no meaning in it.",
	"control_character":      "A control character stands in the value; it was read as a blank.",
	"single_quotes":          "Single quotes do not quote: they are part of the value to some clients and dropped by others.",
	"empty_element":          "The list has an empty element; that may be read, and may not be sent.",
	"blank_around_equals":    "Blanks around the equals sign may be read, and may not be sent.",
	"folded_line":            "The value is folded over two lines, which is obsolete and may not be sent.",
	"non_ascii":              "A value beyond ASCII reads differently from client to client.",

	"unregistered_scheme":       "IANA does not register this scheme.",
	"unquoted_realm":            "The realm has to be sent as a quoted string.",
	"unknown_charset":           "The only character set that may be named is UTF-8.",
	"basic_without_realm":       "Basic needs a realm.",
	"digest_without_realm":      "Digest needs a realm.",
	"digest_without_nonce":      "Digest cannot be answered without a nonce.",
	"digest_without_qop":        "Digest without qop is the obsolete form, open to replay.",
	"digest_quotes":             "Digest has quotes around realm, domain, nonce, opaque and qop, and none around stale and algorithm.",
	"unknown_qop":               "Neither auth nor auth-int is offered, so no client can answer.",
	"unknown_algorithm":         "The algorithm is not registered for Digest, so the challenge is passed over.",
	"stale_not_boolean":         "stale is either true or false; anything else counts as false.",
	"bearer_without_parameters": "Bearer needs at least one parameter, such as realm.",
	"unknown_error":             "The error code is none of those that are defined for access tokens.",
	"error_characters":          "error, error_description and scope are printable ASCII without quotes and backslashes.",
	"dpop_without_algs":         "algs is missing, so the client does not learn which algorithms its proof may use.",
}

// oddityFindings tells what is odd about the challenges, each kind once. What
// changes the reading is against a requirement; the rest is worth knowing.
func oddityFindings(a *answer, severity Severity) []Finding {
	var findings []Finding
	for _, o := range a.oddities {
		info := o.Kind.Info()
		id := "challenge_" + string(o.Kind)
		wanted := Note
		if info.Guessed {
			wanted = Must
		}
		if wanted != severity || slices.ContainsFunc(findings, func(f Finding) bool { return f.ID == id }) {
			continue
		}
		number, section, _ := strings.Cut(strings.TrimPrefix(info.Breaks, "RFC "), " ")
		source := rfc(number, section)
		text := fmt.Sprintf("%s (WWW-Authenticate line %d, character %d)", oddities[string(o.Kind)], o.Field+1, o.Offset+1)
		findings = append(findings, Finding{id, severity, text, source.section, source.url})
	}
	return findings
}
