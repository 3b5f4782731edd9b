package explain

import (
	"fmt"
	"strings"

	"github.com/readmit/readmit/agent/incident"
)

// Text explains an incident in plain lines: for a person what a view says, for
// helpdesk and developers also the steps and the evidence with its weights.
func Text(inc *incident.Incident, opt Options) string {
	v := Of(inc, opt)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%s\n", v.Title, v.Summary, v.CertaintyText)
	section(&b, "Why we think so", v.Why)
	section(&b, "What to know first", v.Notes)
	var steps []string
	for _, button := range append([]*Button{v.Main, v.Second}, pointers(v.Other)...) {
		if button == nil || button.Step == 0 {
			continue
		}
		step := button.Label
		if button.URL != "" {
			step += " (" + button.URL + ")"
		}
		steps = append(steps, step)
	}
	section(&b, "What to do", steps)
	if opt.Audience == Helpdesk || opt.Audience == Developer {
		var plan []string
		for _, s := range inc.Plan {
			plan = append(plan, fmt.Sprintf("%d. %s for %s: %s", s.N, s.Action, s.Cause, s.State))
		}
		section(&b, "Plan", plan)
		section(&b, "For IT", v.ForIT)
	}
	return b.String()
}

func section(b *strings.Builder, heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", heading)
	for _, l := range lines {
		fmt.Fprintf(b, "  %s\n", l)
	}
}

func pointers(bs []Button) []*Button {
	ps := make([]*Button, len(bs))
	for i := range bs {
		ps[i] = &bs[i]
	}
	return ps
}
