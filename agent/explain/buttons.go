package explain

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/recovery"
)

// buttons lays out the steps that can still be taken.
func (w *writer) buttons(v *View, e entry) {
	steps := recovery.Offered(w.inc.Plan)
	v.Help = Button{Action: cause.ContactSupport, Step: w.stepOf(cause.ContactSupport), Label: labels[cause.ContactSupport], URL: safeURL(w.opt.HelpURL)}
	dismiss := e.dismiss
	if len(steps) > 0 && steps[0].Action == cause.ReturnToText {
		dismiss = "" // once the text is safe the next step matters
	}
	for i, s := range steps {
		b := w.button(s)
		switch {
		case i == 0:
			v.Main = &b
		case s.Action == cause.ContactSupport && (v.Second != nil || b.Label == v.Help.Label || dismiss != ""):
			// The help button is it.
		case v.Second == nil && dismiss == "":
			v.Second = &b
		default:
			v.Other = append(v.Other, b)
		}
	}
	if v.Main == nil {
		help := v.Help
		v.Main = &help
	}
	if dismiss != "" && v.Main.Action != cause.ContactSupport {
		v.Second = &Button{Action: cause.None, Label: dismiss}
	}
}

func (w *writer) button(s recovery.Step) Button {
	b := Button{Action: s.Action, Step: s.N}
	label := labels[s.Action]
	if own := catalogue[s.Cause].labels[s.Action]; own != "" {
		label = own
	}
	if own := catalogue[w.cause].labels[s.Action]; own != "" && w.cause == cause.Unknown {
		label = own // the cause that the step is for is a guess
	}
	if w.site == nameless && s.Action == cause.CheckURL {
		label = checkAddress
	}
	b.Label, _ = w.fill(label, nil)
	switch s.Action {
	case cause.LoginAgain, cause.SSOLogin:
		b.URL = safeURL(w.opt.SignInURL)
	case cause.ContactSupport, cause.RequestAccess:
		b.URL = safeURL(w.opt.HelpURL)
	}
	return b
}

func (w *writer) stepOf(a cause.Action) int {
	i := slices.IndexFunc(w.inc.Plan, func(s recovery.Step) bool { return s.Action == a })
	if i < 0 {
		return 0
	}
	return w.inc.Plan[i].N
}

// safeURL lets https pass, and http to this computer. Everything else would be
// an address that a person must not be sent to.
func safeURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil {
		return ""
	}
	if u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()) {
		return u.String()
	}
	return ""
}

func loopback(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
