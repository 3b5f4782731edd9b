package demo

import (
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/installer/samplesite"
)

// Sessions, sign-ins and tokens that end.
var storiesOfSignIns = []story{
	{"Anna opens a bookmark in the morning, before she has signed in.", []step{
		refused("/desk/plan"), because(cause.NoCredentials),
		does(cause.LoginAgain, signsIn("anna")),
	}},
	{"Anna comes back from lunch, and her session has run out.", []step{
		signsIn("anna"), opens("/desk/plan"), waits(45 * time.Minute),
		refused("/desk/plan"), because(cause.SessionExpired),
		does(cause.LoginAgain, signsIn("anna")),
	}},
	{"Anna's session runs out twice a day, and readmit remembers what helped.", []step{
		signsIn("anna"), opens("/desk/plan"), waits(45 * time.Minute),
		refused("/desk/plan"), because(cause.SessionExpired), does(cause.LoginAgain, signsIn("anna")),
		opens("/desk/plan"), waits(45 * time.Minute),
		refused("/desk/plan"), because(cause.SessionExpired), says("Signing in again helped here last time."),
		does(cause.LoginAgain, signsIn("anna")),
		waits(45 * time.Minute),
		refused("/desk/plan"), because(cause.SessionExpired), says("Signing in again helped here 2 of 2 times."),
		does(cause.LoginAgain, signsIn("anna")),
	}},
	{"Anna changes her password on her phone, and the desk ends her sessions everywhere.", []step{
		signsIn("anna"), opens("/desk/plan"),
		happens(func(s *samplesite.Site) {
			s.SetPassword("new horse")
			s.EndSessions("Your session is no longer valid because the password was changed.")
		}),
		refused("/desk/plan"), because(cause.SessionExpired),
		does(cause.LoginAgain, signsIn("anna")),
	}},
	{"Anna signs in on another computer, and the desk signs her out on this one.", []step{
		signsIn("anna"), opens("/desk/plan"),
		happens(func(s *samplesite.Site) { s.EndSessions("You have been signed out because you signed in elsewhere.") }),
		refused("/desk/plan"), because(cause.SessionExpired),
		does(cause.LoginAgain, signsIn("anna")),
	}},
	{"Anna's bank signs her out after five minutes.", []step{
		posts("/bank/login", signInForm("anna", "correct horse")), opens("/bank/account"), waits(6 * time.Minute),
		refused("/bank/account"), because(cause.SessionExpired),
		changes(func(p *person) {
			if p.view().Main.URL != "" {
				p.t.Errorf("leads to %s, which the page may have chosen", p.view().Main.URL)
			}
		}),
		does(cause.LoginAgain, posts("/bank/login", signInForm("anna", "correct horse"))),
	}},
	{"The company's sign-in runs out over night, and the application's own cookie lives on.", []step{
		opens("/firm/start", "/firm/projects"), happens((*samplesite.Site).EndCompanySignIn), waits(14 * time.Hour),
		refused("/firm/projects"), because(cause.SSORequired),
		does(cause.SSOLogin, opens("/firm/start")),
	}},
	{"Anna's browser keeps no cookies, so that the sign-in leads in a circle.", []step{
		changes(func(p *person) { p.v.http.Jar = shutJar{} }),
		refused("/loop/page"), because(cause.CookiesBlocked),
		does(cause.AllowCookies, changes((*person).newCookies), opens("/loop/page")),
	}},
	{"Anna opens a link from a mail in a private window, where she is not signed in.", []step{
		changes(func(p *person) { p.private = true }),
		refused("/desk/plan"), because(cause.NoCredentials),
		does(cause.LoginAgain, signsIn("anna")),
	}},
	{"The desk was restarted, and Anna's cookie means nothing to it.", []step{
		signsIn("anna"), opens("/desk/plan"), happens(func(s *samplesite.Site) { s.EndSessions("") }),
		refused("/desk/plan"), because(cause.SessionExpired), says("Your browser still holds what looks like a sign-in of *."),
		does(cause.LoginAgain, signsIn("anna")),
	}},
	{"Anna is signed out, signs in again, and finds that her role is gone as well.", []step{
		signsIn("anna"), opens("/desk/salaries"),
		happens(func(s *samplesite.Site) { s.EndSessions(""); s.Revoke("anna", samplesite.RightPayroll) }),
		refused("/desk/salaries"), because(cause.SessionExpired),
		inVain(cause.LoginAgain, signsIn("anna")), because(cause.NoPermission), says("You signed in again, and the page stayed closed."),
		does(cause.RequestAccess, happens(func(s *samplesite.Site) { s.Grant("anna", samplesite.RightPayroll) })),
	}},
	{"Anna reads on after a break, and the text in the background no longer comes.", []step{
		opensReader, waits(6 * time.Minute),
		refusedWhen(asked{path: "/reader/text", kind: "xmlhttprequest", bearer: readerToken}), because(cause.TokenExpired),
		does(cause.ReloadPage, opensReader),
	}},
	{"Anna's reader stays empty, since all that it shows comes in the background.", []step{
		opensReader, waits(6 * time.Minute),
		refusedWhen(asked{path: "/reader/text", kind: "xmlhttprequest", bearer: readerToken, empty: true}), because(cause.TokenExpired),
		titled("This page could not load its content."),
		does(cause.ReloadPage, opensReader),
	}},
	{"Anna's page stays open over lunch, and its news are refused in the background.", []step{
		signsIn("anna"), opens("/desk/plan"), waits(45 * time.Minute),
		refusedWhen(asked{path: "/desk/news.json", kind: "xmlhttprequest"}), because(cause.SessionExpired),
		does(cause.LoginAgain, signsIn("anna")),
	}},
}

// opensReader opens the reader, whose page is given a fresh token.
func opensReader(p *person) {
	p.t.Helper()
	got, _ := p.fetch(asked{path: "/reader/", bypass: true})
	if p.token = got.header.Get("X-Reader"); p.token == "" {
		p.t.Fatalf("no token in an answer of %d", got.status)
	}
}

func readerToken(p *person) string { return p.token }
