package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/samplesite"
)

// tell sends every refusal of the site through host and agent and prints what
// readmit says about it.
func tell(ctx context.Context, o Options, s *stage, site *samplesite.Running, before footprint) (exit int, err error) {
	h, err := s.openHost(ctx)
	if err != nil {
		return exitFailed, err
	}
	defer h.close()
	cases := o.cases
	if cases == nil {
		cases = samplesite.Cases
	}
	show := progress{w: o.Err, on: isTerminal(o.Err) && !isTerminal(o.Out), total: len(cases)}
	right := 0
	for i, c := range cases {
		show.at(i)
		result, err := explainCase(ctx, site, h, c)
		if err != nil {
			show.end()
			return exitFailed, fmt.Errorf("showing %q: %w", c.Title, err)
		}
		if report(o, c, result.View) {
			right++
		}
	}
	show.end()
	all := right == len(cases)
	checks := []struct {
		name string
		run  func() error
	}{
		{"a sign-in typed once opened the page and is remembered", func() error { return credentialRound(ctx, site, h) }},
		{"the password is in no file in the clear", func() error { return noPassword(s, site) }},
	}
	say(o, "")
	for _, check := range checks {
		if err := check.run(); err != nil {
			all = false
			say(o, "FAIL  %s: %v", check.name, err)
			continue
		}
		say(o, "ok    %s", check.name)
	}
	all = sayTouched(o, before, snapshot()) && all
	say(o, "")
	say(o, "%d of %d refusals were given the cause that they were built for.", right, len(cases))
	if !all {
		return exitFailed, nil
	}
	return exitDone, nil
}

// report prints one explanation and says whether it was right.
func report(o Options, c samplesite.Case, view explain.View) bool {
	honest := view.Certainty == explain.Unsure || view.Cause == cause.Unknown
	right := view.Cause == c.Want || (c.Want == cause.Unknown && honest)
	mark := "ok"
	if !right {
		mark = "FAIL"
	}
	path := c.Path
	if c.Visit.Refused.Path != "" {
		path = c.Visit.Refused.Path
	}
	say(o, "%-4s  %d %s", mark, view.Status, path)
	say(o, "      %s", view.Title)
	say(o, "      %s", view.Summary)
	if view.Main != nil {
		say(o, "      > %s", view.Main.Label)
	}
	if !right {
		say(o, "      wanted %s, got %s (%s)", c.Want, view.Cause, view.Certainty)
	}
	return right
}

// credentialRound types a sign-in into a challenge, has it released for one
// real request, says that it worked, and finds it again at the next challenge.
func credentialRound(ctx context.Context, site *samplesite.Running, h *host) error {
	v, err := newVisitor(site)
	if err != nil {
		return err
	}
	defer v.close()
	name, password := site.Site.Account()
	first, err := challenge(ctx, v, h, "/basic/1")
	if err != nil {
		return err
	}
	typed := rpc.SaveParams{IncidentID: first.IncidentID, Account: name, Secret: rpc.NewWireSecret(password), Remember: true}
	if err := h.call(ctx, rpc.MethodCredentialSave, typed, nil); err != nil {
		return err
	}
	var released rpc.ReleaseResult
	ask := rpc.ReleaseParams{IncidentID: first.IncidentID, Account: name, Consent: rpc.ConsentOnce}
	if err := h.call(ctx, rpc.MethodCredentialRelease, ask, &released); err != nil {
		return err
	}
	a, err := v.fetch(ctx, v.site, samplesite.Send{Path: "/basic/1", Name: released.Account, Password: released.Secret.Reveal()}, false)
	if err != nil {
		return err
	}
	if a.status != http.StatusOK {
		return fmt.Errorf("the page answered %d to the released sign-in", a.status)
	}
	done := outcome(first, recovery.ResultRecovered)
	done.Account = name
	done.Outcome.Action = cause.SupplyCredentials
	if err := h.call(ctx, rpc.MethodRecoveryOutcome, done, nil); err != nil {
		return err
	}
	second, err := challenge(ctx, v, h, "/basic/2")
	if err != nil {
		return err
	}
	var list rpc.ListResult
	if err := h.call(ctx, rpc.MethodCredentialList, rpc.ListParams{IncidentID: second.IncidentID}, &list); err != nil {
		return err
	}
	for _, account := range list.Accounts {
		if account.Account == name && account.State == rpc.AccountReady {
			return nil
		}
	}
	return errors.New("the next challenge does not offer it")
}

// challenge meets a Basic challenge and reports it as a browser that holds the
// request.
func challenge(ctx context.Context, v *visitor, h *host, path string) (rpc.ViewResult, error) {
	var result rpc.ViewResult
	a, err := v.fetch(ctx, v.site, samplesite.Send{Path: path}, false)
	if err != nil {
		return result, err
	}
	params := v.report(a, mainFrame)
	params.Challenged, params.Challenger, params.VisibleMainFrame = true, v.site, true
	err = h.call(ctx, rpc.MethodRefusalReport, params, &result)
	return result, err
}

func noPassword(s *stage, site *samplesite.Running) error {
	_, password := site.Site.Account()
	file, err := s.holds(password)
	if err == nil && file != "" {
		err = fmt.Errorf("it is in %s", file)
	}
	return err
}

// sayTouched says what became of readmit's own folders of this person; it is
// false when something changed there.
func sayTouched(o Options, before, after footprint) bool {
	switch changed, unknown := after.since(before); {
	case unknown != "":
		say(o, "--    not checked whether anything of your own was touched: %s", unknown)
	case changed:
		say(o, "FAIL  nothing of your own was touched: files changed in %s", strings.Join(after.folders, ", "))
		return false
	default:
		say(o, "ok    nothing of your own was touched: every file is as it was in %s", strings.Join(after.folders, ", "))
	}
	return true
}

// say prints one line. What is said may quote the site, so nothing in it can
// steer a terminal.
func say(o Options, format string, args ...any) {
	const maxLine = 400
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			args[i] = redact.Line(arg, maxLine)
		case error:
			args[i] = redact.Line(arg.Error(), maxLine)
		}
	}
	_, _ = fmt.Fprintf(o.Out, format+"\n", args...) // see output
}
