package agent

import (
	"time"

	"github.com/readmit/readmit/agent/cause"
)

const day = 24 * time.Hour

var stories = []story{
	{"Anna's VPN drops, and the computer shows it where the page says nothing.", []happening{
		drops, refused("/intranet", openedBefore(2*time.Hour)), because(cause.VPNOrNetworkRequired), says("The VPN for this site is not connected."),
		ends(cause.ConnectVPN, connects),
	}},
	{"Anna is on the VPN, and the page that speaks of it is refused all the same.", []happening{
		drops, refused("/intranet", body("Connect to the VPN first.")), because(cause.VPNOrNetworkRequired), connects, later(visit),
		refused("/intranet", body("You do not have permission to view this page.")), because(cause.NoPermission),
		ends(cause.RequestAccess),
	}},
	{"Anna is turned away five times since Monday from a page that never opened.", []happening{
		refused("/plans"), later(day), refused("/plans"), later(day), refused("/plans"), later(day),
		refused("/plans"), later(day), refused("/plans"), later(day),
		refused("/plans"), because(cause.NoPermission), says("This page was refused 5 times since 10:00 on 24 November."),
		ends(cause.RequestAccess),
	}},
	{"Anna comes back in the afternoon to a site that she used in the morning.", []happening{
		refused("/mail", status(401), cookie("sid"), openedBefore(3*time.Hour)),
		because(cause.SessionExpired), says("127.0.0.1:8080 last opened after 07:00. Sign in and we bring you back to this page."),
		ends(cause.LoginAgain),
		later(5 * time.Hour), refused("/mail", status(401), cookie("sid")),
		because(cause.SessionExpired), says("Signing in again helped here last time."),
		says("127.0.0.1:8080 last opened after 10:00. Sign in and we bring you back to this page."),
		ends(cause.LoginAgain),
	}},
	{"Anna forgets every week which of her accounts opens a page that says nothing.", []happening{
		refused("/board"), asksForSignIn, because(cause.NoPermission), helps(cause.SwitchAccount),
		later(7 * day), refused("/board"), asksForSignIn, helps(cause.SwitchAccount),
		later(7 * day), refused("/board"), asksForSignIn, because(cause.WrongAccount), says("The same step helped here 2 times."),
		ends(cause.SwitchAccount),
	}},
	{"What helped is known to the agent that starts after the computer did.", []happening{
		refused("/mail", status(401), cookie("sid")), because(cause.SessionExpired), ends(cause.LoginAgain),
		restarts, later(2 * day),
		refused("/mail", status(401), cookie("sid")), because(cause.SessionExpired), says("Signing in again helped here last time."),
		ends(cause.LoginAgain),
	}},
	{"After ninety days nothing is remembered of what helped.", []happening{
		refused("/mail", status(401), cookie("sid")), ends(cause.LoginAgain), refused("/mail", status(401), cookie("sid")),
		says("Signing in again helped here last time."), ends(cause.LoginAgain),
		later(91 * day), forgets,
		refused("/mail", status(401), cookie("sid")), neverSays("Signing in again helped here last time."), neverSays("Signing in again helped here 2 of 2 times."),
	}},
	{"What happens in a private window is not remembered for the next one.", []happening{
		refused("/mail", status(401), cookie("sid"), privately), ends(cause.LoginAgain),
		later(day), refused("/mail", status(401), cookie("sid")), neverSays("Signing in again helped here last time."),
	}},
	{"The clock of Anna's computer is off, which two other sites have shown.", []happening{
		refused("/a", at("https://one.example"), dated(20*time.Minute)), refused("/b", at("https://two.example"), dated(20*time.Minute)),
		refused("/signed", body("The request timestamp is too old.")),
		because(cause.ClockSkew), says("Your computer's clock is off by 20 minutes."),
		ends(cause.FixClock),
	}},
	{"Anna's saved password was refused on Monday, and is not sent again on Thursday.", []happening{
		challenged, types("correct horse"), carries(recoveredBy),
		later(day), challenged, carries(refusedBy), because(cause.WrongCredentials),
		later(3 * day), challenged, keptBack,
		types("new horse"), carries(recoveredBy),
		later(day), challenged, carries(recoveredBy),
	}},
}
