package demo

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/installer/samplesite"
)

// The address, the site itself, and what a browser keeps of it.
var storiesOfTheSite = []story{
	{"The wiki is being maintained, and the rest of the site works.", []step{
		opens("/desk/"), shut(samplesite.GateMaintenance, "/wiki"),
		refused("/wiki/start"), because(cause.ServiceOutage), never(cause.LoginAgain, cause.ChangePassword),
		opens("/desk/"), does(cause.WaitAndRetry, open(samplesite.GateMaintenance)),
	}},
	{"A release goes wrong, and the server may not read its own files.", []step{
		signsIn("anna"), opens("/desk/plan"), shut(samplesite.GateRelease, ""),
		refused("/desk/plan"), unsure(cause.ReloadPage),
		inVain(cause.ReloadPage), does(cause.ContactSupport, open(samplesite.GateRelease)),
	}},
	{"Anna begins a form, has lunch, and sends it when her session is over.", []step{
		signsIn("anna"), takesForm, waits(45 * time.Minute),
		refusedWhen(asked{path: "/desk/leave", form: leave}), because(cause.CSRFOrStaleForm),
		does(cause.ReturnToText, signsIn("anna"), takesForm),
	}},
	{"Anna signs in anew in a second tab, and the form in the first is of her old session.", []step{
		signsIn("anna"), takesForm, signsIn("anna"),
		refusedWhen(asked{path: "/desk/leave", form: leave}), because(cause.CSRFOrStaleForm), never(cause.SwitchAccount),
		does(cause.ReturnToText, takesForm),
	}},
	{"Anna's blog shows a picture of a gallery, which shows its pictures only itself.", []step{
		refusedWhen(asked{path: "/gallery/1.svg", kind: "image", from: "blog.localhost"}), unsure(cause.ReloadPage),
		inVain(cause.ReloadPage), never(cause.SwitchAccount),
		does(cause.CheckURL, opens("/gallery/")),
	}},
	{"Anna opens a signed link an hour after it was mailed.", []step{
		takesLink(0), opensLink, waits(time.Hour),
		refusedWhen(asked{byLink: true}), because(cause.TokenExpired), titled("This link does not work any more."), never(cause.LoginAgain),
		leadsTo(cause.CheckURL, opens("/share/"), takesLink(0), opensLink),
	}},
	{"Anna's mail program cut the end of a signed link off.", []step{
		takesLink(0), changes(func(p *person) { p.link = p.link[:len(p.link)-3] }),
		refusedWhen(asked{byLink: true}), because(cause.SignatureMismatch), never(cause.LoginAgain),
		leadsTo(cause.CheckURL, opens("/share/"), takesLink(0), opensLink),
	}},
	{"The clock of Anna's computer went wrong, and the site takes nothing that it signs.", []step{
		changes(func(p *person) { p.clockOff = 25 * time.Minute }), takesLink(25 * time.Minute),
		refusedWhen(asked{byLink: true}), because(cause.ClockSkew), never(cause.LoginAgain),
		changes(func(p *person) { p.asks.byLink = true }),
		does(cause.FixClock, changes(func(p *person) { p.clockOff = 0 }), takesLink(0)),
	}},
	{"The site was built anew, and Anna's bookmark leads to what was there before.", []step{
		opens("/"), refused("/old/team/anna"), because(cause.DirectoryOrResourceForbidden),
		leadsTo(cause.CheckURL, opens("/")),
	}},
	{"Anna follows an old link, and the page says that it has moved.", []step{
		opens("/"), refused("/gone/team"), unsure(cause.ReloadPage),
		inVain(cause.ReloadPage), leadsTo(cause.CheckURL, opens("/")),
	}},
	{"Anna cuts an address short and arrives at a folder without a list.", []step{
		opens("/"), refused("/files/"), because(cause.DirectoryOrResourceForbidden),
		leadsTo(cause.CheckURL, opens("/")),
	}},
	{"Anna has signed in, and her browser shows her the refusal that it kept.", []step{
		refused("/cached/page"), because(cause.NoCredentials),
		inVain(cause.LoginAgain, posts("/cached/login", url.Values{"name": {"anna"}})),
		because(cause.StaleSiteData), says("Your browser showed an answer that it had kept."), never(cause.ClearSiteData),
		does(cause.ReloadPage),
	}},
	{"A cookie of the firm's news site is sent to its shop, which chokes on it.", []step{
		opens("/parent/page"), changes(visitsTheNews),
		refused("/parent/page"), because(cause.StaleSiteData), titled("Data that sites share is in the way."),
		does(cause.ClearSiteData, changes(func(p *person) { p.clears("/parent/page", true) })),
	}},
	{"Clearing the shop's own data does not help, since the cookie is one of the firm's.", []step{
		opens("/stale/visit"), changes(visitsTheNews),
		refused("/parent/page"), because(cause.StaleSiteData),
		inVain(cause.ClearSiteData, changes(func(p *person) { p.clears("/parent/page", false) })),
		because(cause.StaleSiteData), titled("Data that sites share is in the way."),
		does(cause.ContactSupport, changes(func(p *person) { p.clears("/parent/page", true) })),
	}},
	{"An old cookie of the shop itself is in the way.", []step{
		opens("/stale/page", "/stale/visit"),
		refused("/stale/page"), because(cause.StaleSiteData),
		does(cause.ClearSiteData, changes(func(p *person) { p.clears("/stale/page", false) })),
	}},
	{"A picture of another site wants Anna's password.", []step{
		opens("/"),
		refusedWhen(asked{path: "/wrong-origin/picture.svg", kind: "image", from: "blog.localhost"}), because(cause.NoCredentials),
		never(cause.SupplyCredentials, cause.RetryCredentials, cause.SwitchAccount), offers(cause.ReloadPage),
	}},
	{"Part of a page lacks a right that Anna's sign-in does not carry.", []step{
		opens("/"),
		refusedWhen(asked{path: "/scope/", kind: "xmlhttprequest"}), because(cause.InsufficientScope), offers(cause.RequestAccess),
	}},
}

var leaveToken = regexp.MustCompile(`name="csrfmiddlewaretoken" value="([^"]+)"`)

// takesForm opens the form of the desk, with the token that stands in it.
func takesForm(p *person) {
	p.t.Helper()
	got, _ := p.fetch(asked{path: "/desk/leave"})
	found := leaveToken.FindStringSubmatch(got.body)
	if found == nil {
		p.t.Fatalf("no form in an answer of %d", got.status)
	}
	p.token = found[1]
}

func leave(p *person) url.Values {
	return url.Values{"csrfmiddlewaretoken": {p.token}, "text": {"Two weeks in August, please."}}
}

// takesLink has somebody give Anna a link, signed by a clock that is ahead.
func takesLink(ahead time.Duration) step {
	return func(p *person) { p.link = p.site.LinkAt(p.clock.read().Add(ahead)) }
}

func opensLink(p *person) {
	p.t.Helper()
	if got, _ := p.fetch(asked{byLink: true}); got.status != http.StatusOK {
		p.t.Fatalf("the link answered %d", got.status)
	}
}

// leadsTo takes an offered step that opens another address, since the refused
// one never will.
func leadsTo(action cause.Action, steps ...step) step {
	return func(p *person) {
		p.t.Helper()
		p.tells(p.button(action), recovery.ResultStarted)
		for _, s := range steps {
			s(p)
		}
	}
}

// visitsTheNews opens another site below the same parent domain.
func visitsTheNews(p *person) {
	p.t.Helper()
	news := strings.Replace(p.v.site, "//shop.", "//news.", 1)
	got, err := p.v.fetch(p.t.Context(), news, samplesite.Send{Path: "/parent/visit"}, false)
	if err != nil || got.status != http.StatusOK {
		p.t.Fatalf("the news answered %d, %v", got.status, err)
	}
	p.parents = []string{"firm_layout"}
}
