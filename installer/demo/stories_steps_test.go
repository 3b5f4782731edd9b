package demo

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/samplesite"
)

// opens visits pages that open.
func opens(paths ...string) step {
	return func(p *person) {
		p.t.Helper()
		for _, path := range paths {
			if got, _ := p.fetch(asked{path: path}); got.status != http.StatusOK {
				p.t.Fatalf("%s answered %d", path, got.status)
			}
		}
	}
}

// posts sends a form that is taken.
func posts(path string, form url.Values) step {
	return func(p *person) {
		p.t.Helper()
		got, _ := p.fetch(asked{path: path, form: func(*person) url.Values { return form }})
		if got.status != http.StatusOK {
			p.t.Fatalf("%s answered %d", path, got.status)
		}
	}
}

// signsIn signs in at the desk with the password that the account has now.
func signsIn(account string) step {
	return func(p *person) {
		p.t.Helper()
		posts("/desk/login", signInForm(account, p.site.PasswordOf(account)))(p)
	}
}

// waits lets time pass at the site; the site's last good answer grows older.
func waits(d time.Duration) step {
	return func(p *person) {
		p.clock.forward(d)
		if !p.v.lastSuccess.IsZero() {
			p.v.lastSuccess = p.v.lastSuccess.Add(-d).Truncate(time.Hour)
		}
	}
}

// happens is something that others do to the site.
func happens(do func(*samplesite.Site)) step { return func(p *person) { do(p.site) } }

// shut puts a gate before the site of the story, and open takes it away.
func shut(kind samplesite.GateKind, path string) step {
	return func(p *person) { p.site.Shut(samplesite.Gate{Host: p.host, Path: path, Kind: kind}) }
}

func open(kind samplesite.GateKind) step { return func(p *person) { p.site.Open(p.host, kind) } }

// refused is a page that turns the person away, and readmit's popup over it.
func refused(path string) step { return refusedWhen(asked{path: path}) }

func refusedWhen(a asked) step {
	return func(p *person) {
		p.t.Helper()
		p.meets(a)
	}
}

// because is the cause that stands first, said without a doubt.
func because(want cause.ID) step {
	return func(p *person) {
		p.t.Helper()
		if v := p.view(); v.Cause != want || v.Certainty == explain.Unsure {
			p.t.Errorf("explained as %s (%s), want %s: %s", v.Cause, v.Certainty, want, v.Title)
		}
	}
}

// unsure is an honest answer: nothing is named, and the first step loses
// nothing.
func unsure(first cause.Action) step {
	return func(p *person) {
		p.t.Helper()
		if v := p.view(); v.Certainty != explain.Unsure || v.Main.Action != first {
			p.t.Errorf("explained as %s (%s) with %s first, want a doubt with %s", v.Cause, v.Certainty, v.Main.Action, first)
		}
	}
}

// first is the step that leads.
func first(want cause.Action) step {
	return func(p *person) {
		p.t.Helper()
		if got := p.view().Main.Action; got != want {
			p.t.Errorf("leads with %s, want %s", got, want)
		}
	}
}

// titled is what the person reads first.
func titled(want string) step {
	return func(p *person) {
		p.t.Helper()
		if got := p.view().Title; got != want {
			p.t.Errorf("title %q, want %q", got, want)
		}
	}
}

// says looks for a line under "Why we think so"; "*" in it stands for anything.
func says(line string) step {
	return func(p *person) {
		p.t.Helper()
		before, after, _ := strings.Cut(line, "*")
		if !slices.ContainsFunc(p.view().Why, func(why string) bool {
			return strings.HasPrefix(why, before) && strings.HasSuffix(why, after)
		}) {
			p.t.Errorf("why: %q, want %q", p.view().Why, line)
		}
	}
}

// offered are the steps of the plan as the popup shows them, in order.
func (p *person) offered() []explain.Button {
	v := p.view()
	all := []explain.Button{*v.Main}
	if v.Second != nil {
		all = append(all, *v.Second)
	}
	all = append(append(all, v.Other...), v.Help)
	return slices.DeleteFunc(all, func(b explain.Button) bool { return b.Step == 0 })
}

// never are actions that are not offered at all.
func never(actions ...cause.Action) step {
	return func(p *person) {
		p.t.Helper()
		for _, b := range p.offered() {
			if slices.Contains(actions, b.Action) {
				p.t.Errorf("offers %s", b.Action)
			}
		}
	}
}

// button is an action of the plan, which must be its first or second.
func (p *person) button(want cause.Action) explain.Button {
	p.t.Helper()
	offered := p.offered()
	for i, b := range offered {
		// Help has a place of its own in every view.
		if b.Action == want && (i < 2 || want == cause.ContactSupport) {
			return b
		}
	}
	var actions []cause.Action
	for _, b := range offered {
		actions = append(actions, b.Action)
	}
	p.t.Fatalf("offers %s, want %s first or second", actions, want)
	return explain.Button{}
}

func (p *person) tells(b explain.Button, how recovery.Result) {
	p.t.Helper()
	p.tell(rpc.MethodRecoveryOutcome, rpc.OutcomeParams{IncidentID: p.now.IncidentID, Outcome: recovery.Outcome{
		N: b.Step, Action: b.Action, Result: how,
	}})
}

// reloading are the steps after which the extension reloads the page past the
// cache; after others it goes back to the address.
var reloading = []cause.Action{cause.ReloadPage, cause.WaitAndRetry, cause.AllowCookies, cause.ClearSiteData, cause.SupplyCredentials, cause.RetryCredentials}

// back is how the person returns to the refused page after a step.
func (p *person) back(after cause.Action) asked {
	again := p.asks
	again.bypass = slices.Contains(reloading, after)
	return again
}

// does takes an offered step, which consists of others, and is back at the
// very page: it opens, and the incident is closed.
func does(action cause.Action, steps ...step) step {
	return func(p *person) {
		p.t.Helper()
		b := p.button(action)
		p.tells(b, recovery.ResultStarted)
		for _, s := range steps {
			s(p)
		}
		if got, _ := p.fetch(p.back(action)); got.status != http.StatusOK {
			p.t.Fatalf("after %s the page answered %d", action, got.status)
		}
		p.tells(b, recovery.ResultRecovered)
		if p.view().Closed != string(incident.ClosingRecovered) {
			p.t.Errorf("closed as %q", p.view().Closed)
		}
	}
}

// inVain takes an offered step, and the page stays closed: the step is not
// offered again.
func inVain(action cause.Action, steps ...step) step {
	return func(p *person) {
		p.t.Helper()
		b := p.button(action)
		p.tells(b, recovery.ResultStarted)
		for _, s := range steps {
			s(p)
		}
		p.meets(p.back(action))
		p.tells(b, recovery.ResultRefused)
		never(action)(p)
	}
}

// changes is something about the person's own browser or computer.
func changes(do func(*person)) step { return do }
