package explain

import (
	"slices"
	"strconv"

	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/recovery"
)

// walked says what the plan has been through: what was tried last, that
// signing in goes round in a circle, that nothing is left, and how often the
// step that comes first has helped here.
func (w *writer) walked(v *View) {
	failed := w.triedLines()
	switch {
	case recovery.Spent(w.inc.Plan):
		w.instead(spentWording, v)
		v.Why = failed[:min(len(failed), maxWhy)]
		return
	case w.d.Seen(diagnosis.RuleSignInLoop):
		w.instead(loopWording, v)
	}
	var first []string
	if line := w.experienceLine(); line != "" {
		first = append(first, line)
	}
	if len(failed) > 0 {
		first = append(first, failed[0])
	}
	v.Why = append(first, v.Why[:min(len(v.Why), maxWhy-len(first))]...)
}

// instead replaces the words about the cause. How sure that is no longer
// belongs to them.
func (w *writer) instead(words wording, v *View) {
	w.fits(words, v)
	v.CertaintyText = ""
}

// triedLines says which steps were tried without success, the last one first.
func (w *writer) triedLines() []string {
	var lines []string
	for _, o := range slices.Backward(w.inc.Outcomes) {
		line := tried[o.Action]
		if o.Result == recovery.ResultRefused && line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// experienceLine says how often the step that comes first has helped here.
func (w *writer) experienceLine() string {
	steps := recovery.Offered(w.inc.Plan)
	if len(steps) == 0 || steps[0].Helped == 0 || doings[steps[0].Action] == "" {
		return ""
	}
	s := steps[0]
	text := helpedOften
	if s.Tried == 1 {
		text = helpedOnce
	}
	line, _ := w.fill(doings[s.Action]+text, map[string]string{"helped": strconv.Itoa(s.Helped), "tried": strconv.Itoa(s.Tried)})
	return line
}
