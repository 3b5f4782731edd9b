// Package release decides when a credential may leave the vault.
//
// It promises that every clause of the release rule is one check in one place,
// applied in a fixed order, and that anything it was not told counts against
// the release: the zero Request is refused. It is pure: the hub tells it what
// the browser, the journal, the vault and the leases say, and it answers.
//
// Limits: it trusts its input. Where a fact comes from (the connection's
// preamble, the refusal's own header fields, the synced journal) is the hub's
// duty. It sees no secret and no page text besides the realm.
//
// Origin, realm and protection space are those of RFC 9110, 11.5.
package release

import (
	"time"

	"github.com/readmit/readmit/agent/challenge"
)

// The ages that bound a release.
const (
	// MaxAge is how old the challenge may be: a person decides within it, and
	// a page that waited longer has given up.
	MaxAge = 5 * time.Minute
	// StandingUnused is how long a standing consent lasts without being used.
	StandingUnused = 90 * 24 * time.Hour
)

// Consent is what the person agreed to.
type Consent int

// The consents. The zero value agrees to nothing.
const (
	NoConsent Consent = iota
	Once              // asked just now, for this request alone
	Always            // asked just now; later visits may be silent
	Standing          // nobody was asked: an earlier Always is claimed
	OnceMore          // asked just now: what was refused may be sent this one time
)

// Last is how the last send of this very secret ended.
type Last int

// The endings. A changed secret starts again at NeverSent.
const (
	NeverSent Last = iota
	Accepted
	Refused
	Unseen // sent, and what became of it was never seen
)

// Space is a protection space and the scheme in which it would be answered.
type Space struct {
	Origin, Realm, Scheme string
}

// Grant is one earlier "always here".
type Grant struct {
	Space   Space
	Account string
	Used    time.Time
}

// Request is everything a decision rests on.
type Request struct {
	Now     time.Time
	Account string
	Consent Consent

	// What the refusal says.
	Origin     string // of the refused URL
	Challenges []challenge.Challenge
	MainFrame  bool
	Private    bool

	// Form says that nothing is held: the site's own sign-in form is in front,
	// and the person pressed the button that fills it in.
	Form bool

	// What the browser said when it held the request, or says of the form.
	Challenged       bool
	Challenger       string // the origin that challenged, or whose form it is
	IsProxy          bool
	TopOrigin        string
	VisibleMainFrame bool

	// What the hub knows.
	Reported       time.Time // when the challenge was reported; zero: never
	SameConnection bool      // on the connection that now asks
	Used           bool      // a secret already left for it
	BrowserParent  bool      // a known browser runs the host
	InsecureNamed  bool      // system policy names this origin although it is plain http
	Typed          bool      // the person typed this secret for this incident
	Grant          *Grant    // the standing consent of this origin, realm and account
	Last           Last      // of the stored secret
	TriedOnceMore  bool      // this account was sent once more for this incident already
	LeaseHeld      bool      // another request carries this credential now
}

// Verdict says what follows.
type Verdict int

// The verdicts. The zero value forbids.
const (
	Forbidden     Verdict = iota // never for this request
	AskPerson                    // possible, once the person was asked
	RefusedBefore                // not until it was changed, typed anew or agreed to once more
	Busy                         // later: another request carries it
	Allowed
)

// Decision is a verdict, the space it is about and the clause that decided.
type Decision struct {
	Verdict Verdict
	Space   Space
	Reason  string // safe to log and to show to staff; holds no input
}

// Decide applies the clauses in order; the first that objects decides.
func Decide(r *Request) Decision {
	space, ok := r.Space()
	for _, c := range clauses {
		if c.objects(r, space, ok) {
			return Decision{Verdict: c.verdict, Space: space, Reason: c.reason}
		}
	}
	return Decision{Verdict: Allowed, Space: space, Reason: "every clause agrees"}
}

// Form is the scheme of a Space that is no HTTP authentication but the site's
// own sign-in form. It has no realm.
const Form = "form"

// Space returns the protection space that a release would answer for, and
// false when there is none.
func (r *Request) Space() (Space, bool) {
	if !r.Form {
		return SpaceOf(r.Origin, r.Challenges)
	}
	o, ok := Origin(r.Origin)
	return Space{Origin: o, Scheme: Form}, ok
}

// SpaceOf returns the protection space that the strongest usable challenge
// names, as browsers choose it, and false when there is none readmit answers.
func SpaceOf(origin string, challenges []challenge.Challenge) (Space, bool) {
	best, answered := challenge.Strongest(challenges, "basic", "digest", "ntlm")
	o, ok := parseOrigin(origin)
	if !ok || !answered {
		return Space{}, false
	}
	realm, _ := best.Get("realm")
	return Space{Origin: o.String(), Realm: realm, Scheme: best.Scheme}, true
}
