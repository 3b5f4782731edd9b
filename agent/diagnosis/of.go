package diagnosis

import (
	"net/url"
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/challenge"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/signature"
)

// Rules that packages outside ask for by name. Rows of package signature give
// their own ids as rules.
const (
	RuleChallenge         = "challenge_seen"
	RuleCredentialRefused = "credential_refused"
	RuleNoChallenge       = "challenge_absent"
	RuleBackground        = "background_request"
	RuleProgram           = "program_request"
	RuleEmptyPage         = "empty_page"
	RuleOtherSite         = "part_of_another_site"
	RuleFormSent          = "form_sent"
	RuleProbeOpened       = "probe_opened_without_cookies"
	RuleProbeRefused      = "probe_refused_without_cookies"
	RuleProbePastCache    = "probe_opened_past_cache"
	RuleRetryAfter        = "retry_after"
	RuleHelped            = "helped_last_time"
	RuleFromCache         = "answer_from_cache"
	RuleSignedLink        = "signed_link"
	RuleSharedData        = "data_of_parent_domain"
	RuleSignInLoop        = "sign_in_loop"
)

// ruleSessionHeld is the row of a cookie that looks like a session's.
const ruleSessionHeld = "session_cookie_held"

// rulesLinkExpired ends the names of the rows of links that were signed for
// some time only.
const rulesLinkExpired = "_link_expired"

// Of ranks the causes of a refusal. The refusal must come from refusal.New; f
// may be nil. It never fails: what it cannot read says nothing.
func Of(r *refusal.Refusal, f *Facts) Diagnosis {
	if f == nil {
		f = &nothing
	}
	s := &scene{r: r, f: f, page: isPage(r), facts: make([]fact, 0, usualFacts)}
	if lines := r.Header("www-authenticate"); lines != nil {
		s.challenges, _ = challenge.Parse(lines...)
	}
	s.http = slices.ContainsFunc(s.challenges, answerable)
	s.readRows()
	s.readChallenges()
	s.readRequest()
	s.readCookies()
	s.readHistory()
	s.readLater()
	s.readProbes()
	s.readTime()
	s.readTicket()
	s.readVPN()
	ranked := rank(priorsOf(r), s.facts)
	return Diagnosis{Ranked: ranked, Unsure: unsure(ranked)}
}

// nothing is known beyond the refusal.
var nothing Facts

// usualFacts is more than most refusals give.
const usualFacts = 32

// Seen says whether a rule contributed anything, whichever cause it bears on.
func (d Diagnosis) Seen(rule string) bool {
	_, ok := d.find(rule)
	return ok
}

// Arg returns an argument of a rule, or "" when the rule was not seen.
func (d Diagnosis) Arg(rule, name string) string {
	e, _ := d.find(rule)
	return e.Args[name]
}

// CauseOf is the cause that a rule bears on, "" when it was not seen.
func (d Diagnosis) CauseOf(rule string) cause.ID {
	e, _ := d.find(rule)
	return e.Cause
}

func (d Diagnosis) find(rule string) (Evidence, bool) {
	for i := range d.Ranked {
		for _, e := range d.Ranked[i].Evidence {
			if e.Rule == rule {
				return e, true
			}
		}
	}
	return Evidence{}, false
}

// scene is everything that the rules look at, and what they found.
type scene struct {
	r          *refusal.Refusal
	f          *Facts
	page       bool
	challenges []challenge.Challenge
	http       bool // a challenge that the browser itself can answer with a user name and password
	session    bool // the browser holds a cookie that looks like a session's
	link       bool // the answer is about a link that was signed
	facts      []fact
}

// rule names a rule with what all of its evidence shares.
type rule struct {
	id     string
	source Source
	group  group
	args   map[string]string
}

// weight is what a rule says of one cause.
type weight struct {
	cause cause.ID
	nats  float64
}

type weights []weight

// add records what a rule says. Where a rule says outright why, it also says
// that the reason is not unknown.
func (s *scene) add(r rule, ws weights) {
	outright, unknown := false, false
	for _, w := range ws {
		outright = outright || w.cause != cause.Unknown && w.nats >= says
		unknown = unknown || w.cause == cause.Unknown
		s.record(r, w)
	}
	if outright && !unknown {
		s.record(r, weight{cause.Unknown, -points})
	}
}

func (s *scene) record(r rule, w weight) {
	s.facts = append(s.facts, fact{Evidence{Rule: r.id, Cause: w.cause, Weight: w.nats, Source: r.source, Args: r.args}, r.group})
}

// readRows takes what the signatures recognised.
func (s *scene) readRows() {
	hits := signature.Match(s.r)
	said := toldBy(hits)
	var ws weights
	for i := range hits {
		h := &hits[i]
		s.session = s.session || h.ID == ruleSessionHeld
		s.link = s.link || strings.HasSuffix(h.ID, rulesLinkExpired)
		args := map[string]string{"group": string(h.Group)}
		if h.Identifies != "" {
			args["identifies"] = h.Identifies
		}
		if h.Quote != "" {
			args["quote"] = h.Quote
		}
		ws = ws[:0]
		for _, w := range h.Causes {
			n := nats(w.Strength)
			switch {
			case w.Against:
				n = -n
			case said.outdone(h, w.Cause):
				n = min(n, hint)
			}
			if s.asksFirst(h) {
				n = max(-hint, min(n, hint))
			}
			ws = append(ws, weight{w.Cause, n})
		}
		s.add(rule{h.ID, SourceResponse, group(h.Group), args}, ws)
	}
}

// How much a row knows of who speaks: whoever knows more explains the words of
// the page, and what those would mean elsewhere then weighs little.
const (
	knowsWords   = iota // a phrase that anybody may use
	knowsCode           // an error code that some interfaces share
	knowsProduct        // the very product
)

func knowledge(h *signature.Hit) int {
	switch {
	case h.Identifies != "":
		return knowsProduct
	case h.Group == signature.GroupCode:
		return knowsCode
	}
	return knowsWords
}

// told is what the rows that know most say outright.
type told struct {
	by     int // how much they know
	causes map[cause.ID]bool
}

func toldBy(hits []signature.Hit) told {
	t := told{by: knowsWords}
	for i := range hits {
		h := &hits[i]
		by := knowledge(h)
		strongest := 0.0
		for _, w := range h.Causes {
			if !w.Against {
				strongest = max(strongest, nats(w.Strength))
			}
		}
		if by < t.by || by == knowsWords || strongest < says {
			continue
		}
		if by > t.by || t.causes == nil {
			t = told{by, map[cause.ID]bool{}}
		}
		for _, w := range h.Causes {
			if !w.Against && nats(w.Strength) == strongest {
				t.causes[w.Cause] = true
			}
		}
	}
	return t
}

// outdone says whether what a row says for a cause is what others, who know
// more, explain differently. Challenges and cookies are facts, not words.
func (t told) outdone(h *signature.Hit, c cause.ID) bool {
	words := h.Group == signature.GroupWording || h.Group == signature.GroupCode
	return words && knowledge(h) < t.by && !t.causes[c]
}

// asksFirst says whether words about permission stand beside a challenge that
// nobody is known to have answered: such a page says them to everybody (RFC
// 9110 15.5.2).
func (s *scene) asksFirst(h *signature.Hit) bool {
	auth := s.r.Request.Authorization
	return s.r.Status == 401 && s.http && (auth == "" || auth == "none") && h.Group == signature.GroupWording && knowledge(h) == knowsWords &&
		slices.ContainsFunc(h.Causes, func(w signature.Weighted) bool { return w.Cause == cause.NoPermission && !w.Against })
}

// saidWhy says whether the answer itself gave another reason than that the
// account has no access, outright. What servers write of their own path rules
// they write for every refusal.
func (s *scene) saidWhy() bool {
	general := []cause.ID{cause.NoPermission, cause.DirectoryOrResourceForbidden, cause.Unknown}
	return slices.ContainsFunc(s.facts, func(f fact) bool {
		return f.Source == SourceResponse && f.Weight >= says && !slices.Contains(general, f.Cause)
	})
}

// answerable says whether the browser answers a challenge with a user name and
// a password of the person.
func answerable(c challenge.Challenge) bool {
	return c.Scheme == "basic" || c.Scheme == "digest" || c.Scheme == "ntlm"
}

func crossOrigin(origin, address string) bool {
	u, err := url.Parse(address)
	return err == nil && origin != "" && !strings.EqualFold(origin, u.Scheme+"://"+u.Host)
}
