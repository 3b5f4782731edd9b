package release

// clause is one condition under which a secret stays where it is.
type clause struct {
	reason  string
	verdict Verdict
	objects func(r *Request, s Space, answerable bool) bool
}

// clauses in the order they are asked: first what no consent can mend, then
// the lockout guard, then consent, then what only time mends. The lockout
// guard comes before consent so that nobody is asked about a secret that would
// not be sent anyway.
var clauses = []clause{
	{"no challenge of a scheme that readmit answers", Forbidden, func(_ *Request, _ Space, answerable bool) bool {
		return !answerable
	}},
	{"the browser holds no request for it, and shows no form", Forbidden, func(r *Request, _ Space, _ bool) bool {
		return !r.Challenged
	}},
	{"the challenge was reported on another connection", Forbidden, func(r *Request, _ Space, _ bool) bool {
		return !r.SameConnection
	}},
	{"the challenge is too old", Forbidden, func(r *Request, _ Space, _ bool) bool {
		age := r.Now.Sub(r.Reported)
		// A clock that was set back makes the age negative; what cannot be
		// told is too old.
		return r.Reported.IsZero() || age < 0 || age >= MaxAge
	}},
	{"a secret was already released for this challenge", Forbidden, func(r *Request, _ Space, _ bool) bool {
		return r.Used
	}},
	{"a proxy challenged, not the site", Forbidden, func(r *Request, _ Space, _ bool) bool {
		return r.IsProxy
	}},
	{"another origin challenged than was refused", Forbidden, func(r *Request, _ Space, _ bool) bool {
		return !sameOrigin(r.Origin, r.Challenger)
	}},
	{"a part of a page from another site challenged", Forbidden, func(r *Request, _ Space, _ bool) bool {
		return !r.MainFrame && !sameOrigin(r.Origin, r.TopOrigin)
	}},
	{"the connection is not protected", Forbidden, func(r *Request, _ Space, _ bool) bool {
		o, ok := parseOrigin(r.Origin)
		return !ok || (o.scheme != "https" && !o.loopback() && !r.InsecureNamed)
	}},
	{"no account was named", Forbidden, func(r *Request, _ Space, _ bool) bool {
		return r.Account == ""
	}},
	{"this secret was refused, or what became of it was never seen", RefusedBefore, func(r *Request, _ Space, _ bool) bool {
		return !r.Typed && (r.Last == Refused || r.Last == Unseen) && r.Consent != OnceMore
	}},
	{"this secret was sent once more already", RefusedBefore, func(r *Request, _ Space, _ bool) bool {
		return r.Consent == OnceMore && r.TriedOnceMore
	}},
	{"nobody agreed", AskPerson, func(r *Request, _ Space, _ bool) bool {
		return r.Consent != Once && r.Consent != OnceMore && !r.lasting()
	}},
	{"a form is filled in on a click, each time", AskPerson, func(r *Request, _ Space, _ bool) bool {
		return r.Form && r.lasting()
	}},
	{"a private window gives no lasting consent", AskPerson, func(r *Request, _ Space, _ bool) bool {
		return r.Private && r.lasting()
	}},
	{"lasting consent needs a browser behind the connection", AskPerson, func(r *Request, _ Space, _ bool) bool {
		return r.lasting() && !r.BrowserParent
	}},
	{"lasting consent was claimed outside a visible tab's main frame", AskPerson, func(r *Request, _ Space, _ bool) bool {
		return r.Consent == Standing && (!r.MainFrame || !r.VisibleMainFrame)
	}},
	{"no lasting consent for this origin, realm, account and scheme", AskPerson, func(r *Request, s Space, _ bool) bool {
		return r.Consent == Standing && (r.Grant == nil || r.Grant.Space != s || r.Grant.Account != r.Account)
	}},
	{"the lasting consent was not used for 90 days", AskPerson, func(r *Request, _ Space, _ bool) bool {
		return r.Consent == Standing && r.Now.Sub(r.Grant.Used) >= StandingUnused
	}},
	{"another request carries this credential", Busy, func(r *Request, _ Space, _ bool) bool {
		return r.LeaseHeld
	}},
}

// lasting says whether the consent reaches beyond this request.
func (r *Request) lasting() bool { return r.Consent == Always || r.Consent == Standing }
