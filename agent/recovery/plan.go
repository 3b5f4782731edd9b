package recovery

import (
	"slices"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
)

// MaxSteps bounds a plan: more would not be read.
const MaxSteps = 6

// actions lists, for each cause, what helps, most helpful first. Every plan
// ends with contact_support, which stands here only where it comes earlier.
var actions = map[cause.ID][]cause.Action{
	cause.NoCredentials:                {cause.LoginAgain, cause.ReloadPage},
	cause.WrongCredentials:             {cause.RetryCredentials, cause.SwitchAccount},
	cause.PasswordExpired:              {cause.ChangePassword},
	cause.SessionExpired:               {cause.LoginAgain, cause.ReloadPage},
	cause.TokenExpired:                 {cause.ReloadPage, cause.LoginAgain},
	cause.TokenInvalid:                 {cause.ReloadPage, cause.LoginAgain},
	cause.TokenMissing:                 {cause.ReloadPage, cause.LoginAgain},
	cause.StepUpRequired:               {cause.CompleteMFA},
	cause.SSORequired:                  {cause.SSOLogin, cause.ReloadPage},
	cause.WrongAccount:                 {cause.SwitchAccount, cause.RequestAccess},
	cause.CSRFOrStaleForm:              {cause.ReturnToText, cause.ReloadPage, cause.LoginAgain},
	cause.CookiesBlocked:               {cause.AllowCookies, cause.ReloadPage},
	cause.ClockSkew:                    {cause.FixClock, cause.ReloadPage},
	cause.InsufficientScope:            {cause.RequestAccess, cause.LoginAgain},
	cause.NoPermission:                 {cause.RequestAccess, cause.SwitchAccount},
	cause.AccountDisabledOrLocked:      {cause.ContactSupport},
	cause.SubscriptionRequired:         {cause.Subscribe, cause.SwitchAccount},
	cause.DeviceNotAllowed:             {cause.CheckDevice},
	cause.IPOrGeoBlocked:               {cause.ContactSupport, cause.RequestAccess},
	cause.VPNOrNetworkRequired:         {cause.ConnectVPN, cause.ReloadPage},
	cause.BotChallenge:                 {cause.SolveChallenge, cause.WaitAndRetry},
	cause.WAFBlock:                     {cause.ContactSupport, cause.CheckURL},
	cause.RateLimited:                  {cause.WaitAndRetry},
	cause.HotlinkOrReferer:             {cause.CheckURL},
	cause.ClientCertificateRequired:    {cause.ChooseCertificate},
	cause.DirectoryOrResourceForbidden: {cause.CheckURL, cause.RequestAccess},
	cause.WrongURL:                     {cause.CheckURL},
	cause.ProxyOrFilterBlock:           {cause.RequestAccess},
	cause.CaptivePortal:                {cause.LoginAgain, cause.ReloadPage},
	cause.SignatureMismatch:            {cause.ReloadPage, cause.CheckURL},
	cause.UnsupportedScheme:            {cause.ContactSupport},
	cause.ServerMisconfigured:          {cause.ContactSupport, cause.ReloadPage},
	cause.ServiceOutage:                {cause.WaitAndRetry},
	cause.StaleSiteData:                {cause.ReloadPage, cause.LoginAgain},
	cause.Unknown:                      {cause.ReloadPage},
}

// types says whether an action opens the window for name and password.
func types(a cause.Action) bool { return a == cause.SupplyCredentials || a == cause.RetryCredentials }

// signIn are the actions that send, or ask for, a secret of the person.
var signIn = []cause.Action{
	cause.SupplyCredentials, cause.RetryCredentials, cause.LoginAgain, cause.SwitchAccount, cause.SSOLogin,
}

// leadsToSignIn says whether an action takes the person to a sign-in page.
func leadsToSignIn(a cause.Action) bool { return slices.Contains(signIn, a) || a == cause.CompleteMFA }

// notOnAGuess are the actions that ask for a secret, lose something or cost
// money: an unsure diagnosis does not begin with them.
var notOnAGuess = []cause.Action{
	cause.SupplyCredentials, cause.RetryCredentials, cause.SwitchAccount, cause.ChangePassword, cause.ClearSiteData, cause.Subscribe,
}

// noSignIn are the causes that signing in cannot mend. While one of them is a
// serious candidate no step may ask for a secret: behind a firewall or a bot
// check it would only add to the count of tries.
var noSignIn = []cause.ID{cause.BotChallenge, cause.WAFBlock, cause.RateLimited, cause.AccountDisabledOrLocked}

// serious is the probability from which a candidate shapes the plan of another.
const serious = 0.25

// common is the probability that a step must gather from all causes that it
// helps with to lead where no cause is far enough ahead.
const common = 0.45

// Plan turns a diagnosis into steps, the one to offer first in front. The
// steps of the leading cause come first, those of the second follow; an unsure
// diagnosis starts with what helps most of its causes, or else with the
// cheapest safe step. What helped on this site before goes before what did not,
// as far as it is safe. The last step is always contact_support.
func Plan(d diagnosis.Diagnosis, rules Rules, x Experience) []Step {
	var steps []Step
	add := func(a cause.Action, c cause.ID) {
		if len(steps) >= MaxSteps-1 || a == cause.None || !allowed(d, rules, a) {
			return
		}
		same := func(s Step) bool {
			return s.Action == a || types(s.Action) && types(a) || s.Action == cause.SupplyCredentials && a == cause.LoginAgain
		}
		if !slices.ContainsFunc(steps, same) {
			n := x.here(a)
			steps = append(steps, Step{Action: a, Cause: c, State: StateNext, Helped: n.Helped, Tried: n.Helped + n.Failed})
		}
	}
	if textBehind(d) {
		add(cause.ReturnToText, top(d)) // whatever it was: what the person typed comes first
	}
	if len(d.Ranked) == 0 || d.Unsure && !d.Seen(diagnosis.RuleProgram) {
		if a := helpedBefore(d); a != "" && !slices.Contains(notOnAGuess, a) && !mayLose(d, a) {
			add(a, d.CauseOf(diagnosis.RuleHelped))
		}
		add(firstWhenUnsure(d, rules, x), cause.Unknown)
	}
	for i, r := range candidates(d) {
		for _, a := range actionsFor(d, r.Cause, x) {
			if a == cause.ContactSupport && i > 0 {
				continue
			}
			add(a, r.Cause)
		}
	}
	if !slices.ContainsFunc(steps, func(s Step) bool { return s.Action == cause.ContactSupport }) {
		steps = append(steps, Step{Action: cause.ContactSupport, Cause: top(d), State: StateNext})
	}
	return number(steps)
}

// textBehind says that the answer to a form stands where the form was, so that
// what was typed is a page back. The answer to a script leaves it in the page.
func textBehind(d diagnosis.Diagnosis) bool {
	return d.Seen(diagnosis.RuleFormSent) && !d.Seen(diagnosis.RuleBackground)
}

// resending are the steps that ask for the same once more, which would send a
// form again.
var resending = []cause.Action{cause.ReloadPage, cause.WaitAndRetry, cause.ClearSiteData}

// firstWhenUnsure is the step that most of what it could be calls for first:
// which cause it was may be open while what to do is not. Where that is open
// too it is the cheapest step that loses nothing; a form that was sent is never
// sent again by a reload.
func firstWhenUnsure(d diagnosis.Diagnosis, rules Rules, x Experience) cause.Action {
	switch {
	case textBehind(d):
		return cause.ReturnToText
	case d.Seen(diagnosis.RuleBackground):
		return cause.ReloadPage // the page did open, only a part of it is missing
	}
	best, share := cause.ReloadPage, map[cause.Action]float64{}
	for _, r := range d.Ranked {
		as := actionsFor(d, r.Cause, x)
		if len(as) == 0 || slices.Contains(notOnAGuess, as[0]) || !allowed(d, rules, as[0]) {
			continue
		}
		if share[as[0]] += r.Probability; share[as[0]] >= common && share[as[0]] > share[best] {
			best = as[0]
		}
	}
	return best
}

// candidates are the causes whose steps belong into the plan.
func candidates(d diagnosis.Diagnosis) []diagnosis.Ranked {
	n := 0
	for n < len(d.Ranked) && n < 3 && (n == 0 || d.Ranked[n].Probability >= 0.1) {
		n++
	}
	return d.Ranked[:n]
}

func top(d diagnosis.Diagnosis) cause.ID {
	if len(d.Ranked) == 0 || d.Unsure {
		return cause.Unknown
	}
	return d.Ranked[0].Cause
}

// helpedBefore is the action that ended the last incident of the site, "" when
// none is known.
func helpedBefore(d diagnosis.Diagnosis) cause.Action {
	return cause.Action(d.Arg(diagnosis.RuleHelped, "action"))
}

// actionsFor adapts the table to what was seen and to what was learned.
func actionsFor(d diagnosis.Diagnosis, c cause.ID, x Experience) []cause.Action {
	as := slices.Clone(actions[c])
	behind := textBehind(d)
	switch c {
	case cause.NoCredentials:
		switch {
		case d.Seen(diagnosis.RuleOtherSite):
			as = []cause.Action{cause.ReloadPage}
		case d.Seen(diagnosis.RuleChallenge), d.Seen(diagnosis.RuleProgram):
			as[0] = cause.SupplyCredentials
		}
	case cause.TokenMissing, cause.TokenExpired, cause.TokenInvalid:
		switch {
		case d.Seen(diagnosis.RuleBackground):
		case c == cause.TokenExpired && d.Seen(diagnosis.RuleSignedLink):
			as = []cause.Action{cause.CheckURL, cause.ReloadPage} // nobody's sign-in has run out, the link has
		case c == cause.TokenMissing && d.Seen(diagnosis.RuleProgram):
			as = []cause.Action{cause.SupplyCredentials, cause.LoginAgain}
		default:
			// Where the page itself was refused there is no text to lose, and a
			// reload sends the same token again.
			as = []cause.Action{cause.LoginAgain, cause.ReloadPage}
		}
	case cause.SignatureMismatch:
		if !d.Seen(diagnosis.RuleBackground) {
			as = []cause.Action{cause.CheckURL, cause.ReloadPage} // a page signs its parts anew, a link stays as it is
		}
	case cause.CSRFOrStaleForm:
		if !behind {
			as = []cause.Action{cause.ReloadPage, cause.LoginAgain} // there is no text to go back to
		}
	case cause.StaleSiteData:
		// Clearing loses something: only a page that opened without the data
		// shows that it helps.
		if d.Seen(diagnosis.RuleProbeOpened) {
			as = []cause.Action{cause.ClearSiteData, cause.LoginAgain}
		}
	case cause.WAFBlock:
		if behind {
			as = []cause.Action{cause.ContactSupport}
		}
	}
	if d.Seen(diagnosis.RuleProgram) && len(as) > 1 {
		// There is no page to reload. Where nothing else is left it stands for
		// asking once more.
		as = slices.DeleteFunc(as, func(a cause.Action) bool { return a == cause.ReloadPage })
	}
	as = x.order(d, c, as)
	// What helped here last time goes first, behind the way back to the text.
	first := 0
	if len(as) > 0 && as[0] == cause.ReturnToText {
		first = 1
	}
	if i := slices.Index(as, helpedBefore(d)); i > first {
		as = slices.Insert(slices.Delete(as, i, i+1), first, helpedBefore(d))
	}
	if behind {
		// A form that is too old is opened anew, which is no reload of its answer.
		as = slices.DeleteFunc(as, func(a cause.Action) bool {
			return slices.Contains(resending, a) && (a != cause.ReloadPage || c != cause.CSRFOrStaleForm)
		})
	}
	return as
}

func allowed(d diagnosis.Diagnosis, rules Rules, a cause.Action) bool {
	if slices.Contains(rules.Forbidden, a) {
		return false
	}
	if (types(a) || a == cause.SwitchAccount) && d.Seen(diagnosis.RuleOtherSite) {
		return false // no secret goes to a site that the person did not open
	}
	if leadsToSignIn(a) && d.Seen(diagnosis.RuleSignInLoop) {
		return false // it was done twice, and led back here
	}
	if slices.Contains(signIn, a) {
		for _, r := range d.Ranked {
			if r.Probability >= serious && slices.Contains(noSignIn, r.Cause) {
				return false
			}
		}
	}
	return true
}

func number(steps []Step) []Step {
	for i := range steps {
		steps[i].N = i + 1
	}
	return steps
}
