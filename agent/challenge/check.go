package challenge

import "strings"

// checkParam looks at one parameter as its scheme's document does.
func (p *parser) checkParam(scheme, name, value string, f form, at int) {
	if name == "realm" && f == formBare {
		p.note(UnquotedRealm, at, name)
	}
	switch scheme {
	case "basic":
		p.checkCharset(name, value, at)
	case "digest":
		p.checkCharset(name, value, at)
		p.checkDigest(name, value, f, at)
	case "bearer", "dpop":
		p.checkError(name, value, at)
	}
}

func (p *parser) checkCharset(name, value string, at int) {
	if name == "charset" && !strings.EqualFold(value, "utf-8") {
		p.note(UnknownCharset, at, name)
	}
}

func (p *parser) checkDigest(name, value string, f form, at int) {
	switch name {
	case "domain", "nonce", "opaque", "qop":
		if f == formBare {
			p.note(DigestQuotes, at, name)
		}
	case "stale", "algorithm":
		if f == formQuoted {
			p.note(DigestQuotes, at, name)
		}
	}
	switch name {
	case "stale":
		if !strings.EqualFold(value, "true") && !strings.EqualFold(value, "false") {
			p.note(StaleNotBoolean, at, name)
		}
	case "algorithm":
		if !(Digest{Algorithm: value}).registered() {
			p.note(UnknownAlgorithm, at, name)
		}
	case "qop":
		for _, option := range qopOptions(value) {
			if option == "auth" || option == "auth-int" {
				return
			}
		}
		p.note(UnknownQOP, at, name)
	}
}

// checkError looks at what RFC 6750 3 says of Bearer and RFC 9449 7.1 takes
// over for DPoP.
func (p *parser) checkError(name, value string, at int) {
	switch name {
	case "error":
		if !knownError(value) {
			p.note(UnknownError, at, name)
		}
	case "error_description", "scope":
	default:
		return
	}
	for i := 0; i < len(value); i++ {
		// %x20-21 / %x23-5B / %x5D-7E
		if c := value[i]; c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			p.note(ErrorCharacters, at, name)
			return
		}
	}
}

func knownError(code string) bool {
	switch code {
	case "invalid_request", "invalid_token", "insufficient_scope", // RFC 6750 3.1
		"insufficient_user_authentication",     // RFC 9470 3
		"invalid_dpop_proof", "use_dpop_nonce": // RFC 9449 7.1
		return true
	}
	return false
}

// checkChallenge looks for what a challenge lacks.
func (p *parser) checkChallenge(i int) {
	c, at := p.all[i], p.report.begun[i]
	lacks := func(name string, kind Kind) {
		if _, ok := c.Get(name); !ok {
			p.report.add(Oddity{Kind: kind, Field: at.field, Offset: at.offset, Scheme: c.Scheme, Param: name})
		}
	}
	switch c.Scheme {
	case "basic":
		lacks("realm", BasicWithoutRealm)
	case "digest":
		lacks("realm", DigestWithoutRealm)
		lacks("nonce", DigestWithoutNonce)
		lacks("qop", DigestWithoutQOP)
	case "bearer":
		if len(c.Params) == 0 {
			lacks("", BearerWithoutParameters)
		}
	case "dpop":
		lacks("algs", DPoPWithoutAlgorithms)
	}
	if info, _ := SchemeOf(c.Scheme); !info.Registered {
		lacks("", UnregisteredScheme)
	}
}
