package agent

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/readmit/readmit/agent/internal/release"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/rpc"
)

const (
	maxAccount = 256 // characters
	maxSecret  = vault.MaxSecret
)

// credentialSave takes a sign-in that the person typed. It is held in memory
// for this challenge alone, and reaches the vault only once the server
// accepted it.
func (s *server) credentialSave(_ context.Context, c *conn, p *rpc.SaveParams) (*nothing, error) {
	if err := checkSignIn(p); err != nil {
		return nil, err
	}
	if p.Form != "" {
		if err := s.recall(c, p.IncidentID); err != nil {
			return nil, err
		}
	}
	var problem error
	_, ok := s.book.with(p.IncidentID, func(e *entry) {
		// What may not be released is not worth holding; consent and lease are
		// asked for when it is.
		r := e.request(c, p.Account, release.Once, s.now())
		if p.Form != "" {
			r = e.formRequest(c, p.Account, p.Form, release.Once, s.now())
		}
		r.Typed = true
		d := release.Decide(&r)
		switch {
		case d.Verdict != release.Allowed:
			problem = verdictError(d)
		case d.Space.Scheme == "basic" && strings.Contains(p.Account, ":"):
			// RFC 7617, 2: the first colon ends the user-id.
			problem = invalid("a user name for this site has no colon")
		default:
			e.wipeTyped()
			e.typed = &typed{
				account: p.Account, secret: vault.NewSecret(p.Secret.Reveal()),
				remember: p.Remember && !e.inc.Refusal.Request.Private,
				until:    r.Reported.Add(release.MaxAge),
				fills:    r.Form,
				owner:    c,
			}
		}
	})
	if !ok {
		return nil, notFound("this incident")
	}
	return &nothing{}, problem
}

func checkSignIn(p *rpc.SaveParams) error {
	switch {
	case p.Account == "":
		return invalid("the user name is empty")
	case utf8.RuneCountInString(p.Account) > maxAccount || len(p.Account) > vault.MaxAccount || strings.ContainsFunc(p.Account, unicode.IsControl):
		return invalid("the user name is too long or holds control characters")
	case len(p.Secret.Reveal()) > maxSecret:
		return invalid("the password is too long")
	case strings.ContainsFunc(p.Secret.Reveal(), unicode.IsControl):
		return invalid("the password holds control characters")
	}
	return nil
}
