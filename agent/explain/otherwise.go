package explain

import (
	"maps"
	"slices"
	"strconv"

	"github.com/readmit/readmit/agent/cause"
)

// Some answers are no refusal in readmit's sense: nothing is diagnosed, kept or
// learned of them. Whoever asks is told what they mean all the same.

// other is what is said of such an answer.
type other struct {
	title, text string
	main        cause.Action
	second      cause.Action // empty for none
}

// others names what can be said of answers: a status, the class of one
// ("4xx", "5xx"), or "form" for a form whose answer was one of these. One that
// ends in "_wait" is for an answer that says when to come back; {at} stands for
// that moment. The statuses without a number of the registry
// (https://www.iana.org/assignments/http-status-codes) are what Laravel (419)
// and IIS (440) send when a sign-in is over.
var others = map[string]other{
	"404":      {"This address may not be right.", "{site} has no page there. The link may be old.", cause.CheckURL, cause.ReloadPage},
	"407":      {"Your network wants a sign-in first.", "It stands between you and {site}. Your browser asks for it, and readmit never answers it.", cause.ReloadPage, ""},
	"419":      {"This form was open for too long.", "It was probably not saved. Your text may still be on the page before.", cause.ReturnToText, cause.CheckURL},
	"429":      {"The site asks you to wait.", "It got many requests in a short time. Wait a few minutes, then try once more.", cause.WaitAndRetry, cause.None},
	"429_wait": {"The site asks you to wait.", "It should open again at {at}.", cause.WaitAndRetry, cause.None},
	"440":      {"You have been signed out.", "Sign in to {site} again and we bring you back to this page.", cause.LoginAgain, cause.None},
	"503":      {"The website is not working right now.", "Nothing on your computer will fix it. Wait a little, then try once more.", cause.WaitAndRetry, cause.None},
	"503_wait": {"The website is not working right now.", "It should open again at {at}.", cause.WaitAndRetry, cause.None},
	"4xx":      {"This page did not open.", "{site} could not use the request. Load the page again, or go to the start page.", cause.ReloadPage, cause.CheckURL},
	"5xx":      {"The website has a fault.", "Nothing on your computer will fix it. Tell the people who run it.", cause.ContactSupport, cause.WaitAndRetry},
	"form":     {"What you sent was not taken.", "Your text may still be on the page before. Nothing is sent again by itself.", cause.ReturnToText, cause.CheckURL},
}

// otherLabels are used where the general label would be vague.
var otherLabels = map[cause.Action]string{cause.ContactSupport: "Report it"}

// Others lists the names that Otherwise takes.
func Others() []string { return slices.Sorted(maps.Keys(others)) }

// Otherwise is what can be said of an answer without looking at it; site is
// host[:port]. The status is the view's badge where the name is one.
func Otherwise(name, site string) (View, bool) {
	o, ok := others[name]
	if !ok {
		return View{}, false
	}
	w := writer{site: site, facts: map[string]string{"site": site, "at": "{at}"}}
	v := View{
		Site: site, Certainty: Sure,
		Help: Button{Action: cause.ContactSupport, Label: labels[cause.ContactSupport]},
		Main: w.otherButton(o.main),
	}
	w.fits(wording{title: o.title, text: o.text}, &v)
	if o.second != "" {
		v.Second = w.otherButton(o.second)
	}
	if status, err := strconv.Atoi(name[:min(len(name), 3)]); err == nil {
		v.Badge = strconv.Itoa(status)
	}
	v.ActionTitle = "readmit: " + v.Title
	return v, true
}

func (w *writer) otherButton(a cause.Action) *Button {
	label := labels[a]
	if own := otherLabels[a]; own != "" {
		label = own
	}
	b := Button{Action: a}
	b.Label, _ = w.fill(label, nil)
	return &b
}
