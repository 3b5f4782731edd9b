package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/doctor"
	"github.com/readmit/readmit/installer/register"
)

// printJSON prints an answer for programs. Its members are only ever added to.
func printJSON(w io.Writer, answer any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(answer)
}

// say prints one line. Whether it arrived is asked once, at the end; see answer.
func say(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(w, format+"\n", args...)
}

// answer is stdout. It remembers that a write failed, on a full disk for
// instance, so that half an answer does not count as one.
type answer struct {
	w   io.Writer
	err error
}

func (a *answer) Write(p []byte) (int, error) {
	n, err := a.w.Write(p)
	if a.err == nil && err != nil {
		a.err = fmt.Errorf("writing the answer: %w", err)
	}
	return n, err
}

// line prints one finding: state, what it is about, detail, and what mends it.
func line(w io.Writer, state doctor.State, title, detail, mend string) {
	say(w, "%-4s  %s: %s", state, plain(title), plain(detail))
	if mend != "" {
		say(w, "      mend: %s", plain(mend))
	}
}

// maxLine bounds one line of output; paths and messages are shorter.
const maxLine = 2000

// plain takes from a text what a terminal would act upon: files and other
// programs may have put it there.
func plain(text string) string { return redact.Line(text, maxLine) }

func printFindings(w io.Writer, findings []doctor.Finding) {
	for _, f := range findings {
		detail := f.Detail
		if f.Mended {
			detail += " (mended)"
		}
		line(w, f.State, f.Title, detail, f.Mend)
	}
}

// change is a register.Change as printed.
type change struct {
	Browser string       `json:"browser"`
	Also    []string     `json:"also,omitempty"`
	Path    string       `json:"path"`
	Did     register.Did `json:"did"`
	Kept    string       `json:"kept,omitempty"`
	Error   string       `json:"error,omitempty"`
	Hint    string       `json:"hint,omitempty"`
}

// changesOf makes changes printable and says whether one failed.
func changesOf(done []register.Change) (changes []change, failed bool) {
	changes = []change{} // printed as [] rather than null
	for _, d := range done {
		c := change{Browser: d.Browser, Also: d.Also, Path: d.Path, Did: d.Did, Kept: d.Kept}
		if d.Err != nil {
			c.Error, c.Hint, failed = d.Err.Error(), hintOf(d.Err), true
		}
		changes = append(changes, c)
	}
	return changes, failed
}

// saying is how a change reads, and in which state it leaves the person.
var saying = map[register.Did]struct {
	state      doctor.State
	did, would string
}{
	register.Wrote:     {doctor.OK, "wrote %s", "would write %s"},
	register.Replaced:  {doctor.OK, "brought %s up to date", "would bring %s up to date"},
	register.Unchanged: {doctor.OK, "%s is as it should be", "%s is as it should be"},
	register.KeptAside: {doctor.Warn, "wrote %s; the one that was there is not readmit's and is kept as %s",
		"would write %s; the one that is there is not readmit's and would be kept as %s"},
	register.Removed:  {doctor.OK, "removed %s", ""},
	register.Restored: {doctor.OK, "removed %s; the one that was there before is back", ""},
	register.Gone:     {doctor.OK, "%s was gone already", ""},
	register.Left:     {doctor.Warn, "left %s: it was changed since and is not readmit's any more", ""},
}

func printChanges(w io.Writer, changes []change, dryRun bool) {
	for _, c := range changes {
		name := c.Browser
		if b, ok := browser.ByID(c.Browser); ok {
			name = strings.Join(append([]string{b.Name}, c.Also...), ", ")
		}
		if c.Did == register.Failed {
			line(w, doctor.Fail, name, c.Error, c.Hint)
			continue
		}
		says := saying[c.Did]
		text := says.did
		if dryRun {
			text = says.would
		}
		args := []any{c.Path}
		if c.Did == register.KeptAside {
			args = append(args, c.Kept)
		}
		line(w, says.state, name, fmt.Sprintf(text, args...), "")
	}
}
