package challenge

import "cmp"

// Kind names one way in which a field value is odd. Kinds are stable.
type Kind string

// The kinds that change what is read: another reader may see other challenges,
// so nothing that is secret may depend on it.
const (
	MissingComma         Kind = "missing_comma"
	Semicolon            Kind = "semicolon"
	CommaAfterScheme     Kind = "comma_after_scheme"
	ColonAfterScheme     Kind = "colon_after_scheme"
	FieldName            Kind = "field_name"
	MissingScheme        Kind = "missing_scheme"
	ContinuedLine        Kind = "continued_line"
	StrayText            Kind = "stray_text"
	NamelessValue        Kind = "nameless_value"
	MissingValue         Kind = "missing_value"
	UnquotedValue        Kind = "unquoted_value"
	UnquotedList         Kind = "unquoted_list"
	UnterminatedQuote    Kind = "unterminated_quote"
	DuplicateParameter   Kind = "duplicate_parameter"
	Token68AndParameters Kind = "token68_and_parameters"
	UnexpectedToken68    Kind = "unexpected_token68"
	ControlCharacter     Kind = "control_character"
	SingleQuotes         Kind = "single_quotes"
	DigestWithoutNonce   Kind = "digest_without_nonce"
)

// The kinds that leave no doubt about what is read.
const (
	EmptyElement      Kind = "empty_element"
	BlankAroundEquals Kind = "blank_around_equals"
	FoldedLine        Kind = "folded_line"
	NonASCII          Kind = "non_ascii"

	UnregisteredScheme      Kind = "unregistered_scheme"
	UnquotedRealm           Kind = "unquoted_realm"
	UnknownCharset          Kind = "unknown_charset"
	BasicWithoutRealm       Kind = "basic_without_realm"
	DigestWithoutRealm      Kind = "digest_without_realm"
	DigestWithoutQOP        Kind = "digest_without_qop"
	DigestQuotes            Kind = "digest_quotes"
	UnknownQOP              Kind = "unknown_qop"
	UnknownAlgorithm        Kind = "unknown_algorithm"
	StaleNotBoolean         Kind = "stale_not_boolean"
	BearerWithoutParameters Kind = "bearer_without_parameters"
	UnknownError            Kind = "unknown_error"
	ErrorCharacters         Kind = "error_characters"
	DPoPWithoutAlgorithms   Kind = "dpop_without_algs"
)

// KindInfo is one row of the table of kinds.
type KindInfo struct {
	Kind    Kind
	Breaks  string // the section that says how it should be
	Guessed bool   // it changes what is read
}

// Kinds are all kinds.
var Kinds = []KindInfo{
	{MissingComma, "RFC 9110 5.6.1", true},
	{Semicolon, "RFC 9110 5.6.1", true},
	{CommaAfterScheme, "RFC 9110 11.3", true},
	{ColonAfterScheme, "RFC 9110 11.3", true},
	{FieldName, "RFC 9110 11.6.1", true},
	{MissingScheme, "RFC 9110 11.3", true},
	// Lines may be joined with a comma (RFC 9110 5.3); browsers read a line as it is.
	{ContinuedLine, "RFC 9110 11.6.1", true},
	{StrayText, "RFC 9110 11.3", true},
	{NamelessValue, "RFC 9110 11.2", true},
	{MissingValue, "RFC 9110 11.2", true},
	{UnquotedValue, "RFC 9110 5.6.2", true},
	{UnquotedList, "RFC 9110 5.6.4", true},
	{UnterminatedQuote, "RFC 9110 5.6.4", true},
	{DuplicateParameter, "RFC 9110 11.2", true},
	{Token68AndParameters, "RFC 9110 11.3", true},
	{UnexpectedToken68, "RFC 9110 11.3", true},
	{ControlCharacter, "RFC 9110 5.5", true},
	// To the grammar and to Firefox the quotes are part of the value, to
	// Chromium (NameValuePairsIterator) they are not.
	{SingleQuotes, "RFC 9110 5.6.4", true},
	// Chromium passes such a challenge over (ParseChallenge in
	// net/http/http_auth_handler_digest.cc) and answers the next one.
	{DigestWithoutNonce, "RFC 7616 3.3", true},

	{EmptyElement, "RFC 9110 5.6.1", false},
	{BlankAroundEquals, "RFC 9110 5.6.3", false},
	{FoldedLine, "RFC 9112 5.2", false},
	{NonASCII, "RFC 9110 5.5", false},

	{UnregisteredScheme, "RFC 9110 16.4.1", false},
	{UnquotedRealm, "RFC 9110 11.5", false},
	{UnknownCharset, "RFC 7617 2.1", false},
	{BasicWithoutRealm, "RFC 7617 2", false},
	{DigestWithoutRealm, "RFC 7616 3.3", false},
	{DigestWithoutQOP, "RFC 7616 3.3", false},
	{DigestQuotes, "RFC 7616 3.3", false},
	{UnknownQOP, "RFC 7616 3.3", false},
	{UnknownAlgorithm, "RFC 7616 6.1", false},
	{StaleNotBoolean, "RFC 7616 3.3", false},
	{BearerWithoutParameters, "RFC 6750 3", false},
	{UnknownError, "RFC 6750 3.1", false},
	{ErrorCharacters, "RFC 6750 3", false},
	{DPoPWithoutAlgorithms, "RFC 9449 7.1", false},
}

// Info returns the row of a kind, zero for one that does not exist.
func (k Kind) Info() KindInfo {
	for _, info := range Kinds {
		if info.Kind == k {
			return info
		}
	}
	return KindInfo{}
}

// Oddity is one place where a field value is not as it should be.
type Oddity struct {
	Kind   Kind
	Field  int    // index of the field value
	Offset int    // octets into that value
	Scheme string // of the challenge that it is about, lower case; "" if none
	Param  string // name of the parameter that it is about; "" if none
}

// Reading is what Read found.
type Reading struct {
	Challenges []Challenge
	Oddities   []Oddity // by field and offset, at most MaxOddities
	guessed    bool
}

// Certain reports whether every reader that keeps to the grammar reads these
// challenges and no others. What follows from a challenge that is not certain
// is a guess, good enough to explain a refusal with and for nothing more.
func (r Reading) Certain() bool { return !r.guessed }

// report gathers oddities.
type report struct {
	oddities []Oddity
	guessed  bool
	field    int // of the value that is read
	offset   int // of the line in it
	begun    []place
}

// place is where a challenge begins.
type place struct{ field, offset int }

func compareOddities(a, b Oddity) int {
	return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Offset, b.Offset))
}

// note records an oddity at an offset of the line.
func (p *parser) note(kind Kind, at int, param string) {
	if p.report == nil {
		return
	}
	scheme := ""
	if n := len(p.all); n > p.lineBegan {
		scheme = p.all[n-1].Scheme
	}
	p.report.add(Oddity{Kind: kind, Field: p.report.field, Offset: p.report.offset + at, Scheme: scheme, Param: param})
}

func (r *report) add(o Oddity) {
	r.guessed = r.guessed || o.Kind.Info().Guessed
	if len(r.oddities) < MaxOddities {
		r.oddities = append(r.oddities, o)
	}
}

// begun remembers where the last challenge begins.
func (p *parser) begun(at int) {
	if p.report != nil {
		p.report.begun = append(p.report.begun, place{p.report.field, p.report.offset + at})
	}
}
