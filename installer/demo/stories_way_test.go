package demo

import (
	"net/url"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/installer/samplesite"
)

// What stands between a browser and a site.
var storiesOfTheWay = []story{
	{"Anna reloads a page twenty times, and the edge takes her for a program.", []step{
		reloads("/busy/edge", 20),
		refused("/busy/edge"), because(cause.WAFBlock), never(cause.LoginAgain, cause.SwitchAccount),
		does(cause.ContactSupport, waits(2*time.Minute)),
	}},
	{"Anna reloads a shop twenty times, and it asks her to slow down.", []step{
		reloads("/busy/shop", 20),
		refused("/busy/shop"), because(cause.RateLimited), never(cause.LoginAgain, cause.ReloadPage),
		does(cause.WaitAndRetry, waits(2*time.Minute)),
	}},
	{"The shop asks Anna to slow down once more, and readmit remembers that waiting helped.", []step{
		reloads("/busy/shop", 20), refused("/busy/shop"), does(cause.WaitAndRetry, waits(2*time.Minute)),
		waits(2 * time.Minute), reloads("/busy/shop", 20),
		refused("/busy/shop"), because(cause.RateLimited), says("Waiting helped here last time."),
		does(cause.WaitAndRetry, waits(2*time.Minute)),
	}},
	{"Anna tries once more too soon, and the shop still asks her to wait.", []step{
		reloads("/busy/shop", 20), refused("/busy/shop"), because(cause.RateLimited),
		inVain(cause.WaitAndRetry, waits(10*time.Second)), says("You waited, and the page stayed closed."),
		does(cause.ContactSupport, waits(2*time.Minute)),
	}},
	{"The company's proxy does not let a supplier's new site through.", []step{
		shut(samplesite.GateProxy, ""),
		refused("/"), because(cause.ProxyOrFilterBlock), never(cause.LoginAgain, cause.SwitchAccount),
		does(cause.RequestAccess, open(samplesite.GateProxy)),
	}},
	{"Anna works at home, goes to the office, and the proxy there stops the page.", []step{
		signsIn("anna"), opens("/desk/plan"), shut(samplesite.GateProxy, ""),
		refused("/desk/plan"), because(cause.ProxyOrFilterBlock),
		does(cause.RequestAccess, open(samplesite.GateProxy)),
	}},
	{"Anna's train has a Wi-Fi that wants its terms accepted.", []step{
		signsIn("anna"), opens("/desk/plan"), shut(samplesite.GateWiFi, ""),
		refused("/desk/plan"), because(cause.CaptivePortal),
		does(cause.LoginAgain, posts("/portal/accept", url.Values{"terms": {"yes"}})),
	}},
	{"Anna's VPN drops while she works, and the intranet closes.", []step{
		signsIn("anna"), opens("/desk/plan"), shut(samplesite.GateVPN, ""),
		refused("/desk/plan"), because(cause.VPNOrNetworkRequired),
		does(cause.ConnectVPN, open(samplesite.GateVPN)),
	}},
	{"Anna's VPN drops every day, and readmit remembers what helped.", []step{
		shut(samplesite.GateVPN, ""), refused("/desk/"), because(cause.VPNOrNetworkRequired), does(cause.ConnectVPN, open(samplesite.GateVPN)),
		shut(samplesite.GateVPN, ""), refused("/desk/"), says("Connecting the VPN helped here last time."), does(cause.ConnectVPN, open(samplesite.GateVPN)),
		shut(samplesite.GateVPN, ""), refused("/desk/"), says("Connecting the VPN helped here 2 of 2 times."), does(cause.ConnectVPN, open(samplesite.GateVPN)),
	}},
	{"Anna is abroad, and the site does not answer to that country.", []step{
		signsIn("anna"), opens("/desk/plan"), shut(samplesite.GateCountry, ""),
		refused("/desk/plan"), because(cause.IPOrGeoBlocked), never(cause.LoginAgain),
		does(cause.RequestAccess, open(samplesite.GateCountry)),
	}},
	{"Anna's provider gave her a new address, which is not on the site's list.", []step{
		opens("/desk/"), shut(samplesite.GateAddress, ""),
		refused("/desk/"), because(cause.IPOrGeoBlocked),
		does(cause.ContactSupport, open(samplesite.GateAddress)),
	}},
	{"The shop wants to see that Anna is human.", []step{
		opens("/desk/"), shut(samplesite.GateHuman, ""),
		refused("/desk/"), because(cause.BotChallenge), never(cause.LoginAgain, cause.SupplyCredentials),
		does(cause.SolveChallenge, posts("/cdn-cgi/challenge", url.Values{"done": {"yes"}})),
	}},
	{"Anna takes a new laptop that the company has not approved.", []step{
		opens("/desk/"), shut(samplesite.GateDevice, "/desk"),
		refused("/desk/"), because(cause.DeviceNotAllowed),
		does(cause.CheckDevice, posts("/enrol", url.Values{"device": {"laptop"}})),
	}},
	{"Anna opens the time sheet without her certificate.", []step{
		opens("/desk/"), shut(samplesite.GateCertificate, "/desk"),
		refused("/desk/"), because(cause.ClientCertificateRequired), never(cause.LoginAgain),
		does(cause.ChooseCertificate, open(samplesite.GateCertificate)),
	}},
	{"Anna writes an apostrophe, and a firewall takes it for an attack.", []step{
		opens("/waf-form/"),
		refusedWhen(asked{path: "/waf-form/send", form: writes("It's Anna's turn.")}), because(cause.WAFBlock),
		never(cause.ReloadPage, cause.LoginAgain),
		changes(func(p *person) { p.asks.form = writes("It is Anna who has the turn.") }),
		does(cause.ReturnToText, opens("/waf-form/")),
	}},
}

// reloads opens a page many times within a moment.
func reloads(path string, times int) step {
	return func(p *person) {
		p.t.Helper()
		for range times {
			opens(path)(p)
		}
	}
}

func writes(text string) func(*person) url.Values {
	return func(*person) url.Values { return url.Values{"text": {text}} }
}
