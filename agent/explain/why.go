package explain

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/redact"
)

const (
	maxWhy   = 3
	telling  = 1  // nats; a weaker reason stands only when it is the only one
	outright = 3  // nats; below this a page only hints
	maxQuote = 80 // runes of a site's own words
)

// reasons say what a rule saw. As in the catalogue, a text whose facts are not
// known is passed over; a rule without a text stays silent towards people.
var reasons = map[string][]string{
	"challenge_seen":                {"The site asks who you are."},
	"nothing_sent":                  {"Nothing was sent that says who you are."},
	"handshake_step":                {"The sign-in was still under way: the site asked for its next part."},
	"anonymous":                     {"Nothing was sent that says who you are."},
	"tunnel_refused":                {"The proxy on the way said no. The site was not asked."},
	"challenge_repeated":            {"The site got a user name and password and asked again."},
	"sign_in_taken":                 {"The site knew who you are, and still said no."},
	"challenge_absent":              {"The site asked for a sign-in without saying which."},
	"credential_refused":            {"The site got a user name and password and asked again."},
	"digest_algorithm_unknown":      {"The site asks for a way to sign in that browsers don't know."},
	"scheme_unknown":                {"The site asks for a way to sign in that browsers don't know."},
	"bearer_without_token":          {"The site wants a key that was not sent."},
	"bearer_token_expired":          {"The site says that the sign-in of this part is too old."},
	"bearer_invalid_token":          {"The site did not accept the sign-in of this part."},
	"bearer_insufficient_scope":     {"The site says that your sign-in lacks rights here."},
	"bearer_step_up":                {"The site asks for a stronger sign-in."},
	"kerberos_asked":                {"The site asks for your company sign-in."},
	"background_request":            {"It was a part of the page that was refused, not the page."},
	"password_not_taken":            {"A user name and a password were sent, and not taken."},
	"key_not_taken":                 {"A key was sent, and not taken."},
	"program_request":               {"It was a request for data, not for a page."},
	"empty_page":                    {"The page stayed almost empty."},
	"answer_from_cache":             {"Your browser showed an answer that it had kept."},
	"data_of_parent_domain":         {"All that your browser sent is of {parent}, which other sites share.", "All that your browser sent is shared with other sites."},
	"signed_link":                   {"The link holds a key that is good for some time only."},
	"form_sent":                     {"You had just sent a form."},
	"embedded_elsewhere":            {"Another site's page asked for it."},
	"private_window":                {"A private window starts without your sign-in."},
	"no_cookies_after_sign_in":      {"You came from a sign-in page, and nothing was kept of it."},
	"refused_after_sign_in":         {"You had just signed in."},
	"cookies_sent":                  {"Your browser sent what {site} had stored about you."},
	"cookies_not_sent":              {"Your browser had nothing stored from {site} to send."},
	"session_cookie_held":           {"Your browser still holds what looks like a sign-in of {site}."},
	"site_opened_before":            {"{site} last opened after {lastSuccess}.", "{site} opened before."},
	"opened_after_sign_in":          {"The same address opened after a sign-in."},
	"opened_later":                  {"The same address opened later."},
	"helped_last_time":              {"The same step helped here {times} times.", "The same step helped here last time."},
	"refused_many_times":            {"This page was refused {times} times since {since}.", "This page was refused {times} times before."},
	"ticket_expired":                {"Your company sign-in on this computer ran out at {ends}.", "Your company sign-in on this computer has run out."},
	"ticket_none":                   {"There is no company sign-in on this computer."},
	"ticket_valid":                  {"Your company sign-in on this computer is still good."},
	"vpn_down":                      {"The VPN for this site is not connected."},
	"vpn_up":                        {"The VPN for this site is connected."},
	"cookie_ran_out":                {"What {site} had stored of your sign-in ran out at {at}.", "What {site} had stored of your sign-in has run out."},
	"cookie_taken_back":             {"{site} took back what it had stored of your sign-in."},
	"account_refused_before":        {"A saved password was refused here before."},
	"probe_opened_without_cookies":  {"We asked for the page without the stored data, and it opened."},
	"probe_refused_without_cookies": {"Without the stored data the page stays closed too."},
	"probe_asked_to_sign_in":        {"The site knows your sign-in: without it, it asks for one."},
	"probe_opened_past_cache":       {"A fresh copy of the page opened."},
	"probe_root_opened":             {"The start page of {site} works."},
	"probe_root_refused":            {"The start page of {site} is closed too."},
	"probe_root_failed":             {"The start page of {site} has a fault."},
	"sign_in_loop":                  {"You came back from the sign-in page {times} times, and were turned away again."},
	"retry_after":                   {"The site says that it opens again at {at}.", "The site says when to try again."},
	"clock_off":                     {"Your clock and the site's clock are {minutes} minutes apart."},
}

// why picks the strongest reasons that speak for the leading cause.
func (w *writer) why() []string {
	if len(w.d.Ranked) == 0 || w.cause != w.d.Ranked[0].Cause {
		return nil
	}
	var lines []string
	for _, e := range w.d.Ranked[0].Evidence {
		if e.Weight <= 0 || e.Shadowed || len(lines) > 0 && e.Weight < telling {
			continue
		}
		if e.Rule == diagnosis.RuleHelped && w.experienceLine() != "" {
			continue // told with the figures
		}
		line := w.reason(e)
		if line == ownWords && len(lines) > 0 {
			continue // it would tell nothing new
		}
		if line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
		if realm := quotable(e.Args["realm"]); realm != "" {
			lines = append(lines, siteSays(realm))
		}
	}
	return lines[:min(len(lines), maxWhy)]
}

func (w *writer) reason(e diagnosis.Evidence) string {
	if alternatives, ok := reasons[e.Rule]; ok {
		line, _ := w.choose(alternatives, e.Args)
		return line
	}
	// Who guards a site is worth knowing. The name of the software behind it
	// means nothing to most people; it stands under "For IT".
	wording := e.Args["group"] == groupWording
	if c, _ := cause.ByID(e.Cause); c.Family == cause.FamilyBlocked && !wording {
		line, _ := w.choose([]string{mark}, e.Args)
		return line
	}
	if e.Weight > outright && (wording || e.Args["identifies"] != "") {
		return w.pageSays()
	}
	return ""
}

// pageSays quotes the title of the page, unless that says no more than the
// status does.
func (w *writer) pageSays() string {
	title := quotable(w.inc.Refusal.Title)
	if title == "" || statusName.MatchString(title) {
		return ownWords
	}
	return siteSays(title)
}

var statusName = regexp.MustCompile(`(?i)^(http )?(status )?(error )?[ 0-9.:–-]*(unauthorized|forbidden|access denied|access forbidden|authorization required|error)?[!. ]*$`)

// siteSays marks the site's words as such, so that they cannot be taken for
// readmit's.
func siteSays(words string) string { return `The site says: "` + words + `"` }

func quotable(s string) string {
	return strings.ReplaceAll(redact.Line(s, maxQuote), `"`, "'")
}

// clock shows a moment as people read it: the time today, else with the day.
func (w *writer) clock(value string) (string, bool) {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil || w.opt.Now.IsZero() {
		return "", false
	}
	t = t.In(w.opt.Now.Location())
	if t.Format(time.DateOnly) == w.opt.Now.Format(time.DateOnly) {
		return t.Format("15:04"), true
	}
	return t.Format("15:04 on 2 January"), true
}
