package explain

import (
	"strings"
	"unicode/utf8"

	"github.com/readmit/readmit/agent/redact"
)

// Width is how many characters a line of Layout has at most. Only a word that
// is longer, such as an address, stands out.
const Width = 78

const (
	indent  = "  "
	maxText = 2000 // runes of one paragraph
)

// Layout writes sections for a terminal: a blank line before each, its title,
// its lines wrapped. It takes out what a terminal would act upon.
func Layout(sections []Section) string {
	var b strings.Builder
	for _, s := range sections {
		b.WriteString("\n")
		if s.Title != "" {
			b.WriteString(indent + redact.Line(s.Title, maxText) + "\n")
		}
		for _, l := range s.Lines {
			lead := indent + l.Mark
			for _, line := range wrap(redact.Line(l.Text, maxText), Width-utf8.RuneCountInString(lead)) {
				b.WriteString(strings.TrimRight(lead+line, " ") + "\n")
				lead = strings.Repeat(" ", utf8.RuneCountInString(lead))
			}
		}
	}
	return b.String()
}

// wrap breaks a text at blanks into lines of at most width runes. An empty
// text is one empty line.
func wrap(text string, width int) []string {
	var lines []string
	line, n := "", 0
	for _, word := range strings.Fields(text) {
		size := utf8.RuneCountInString(word)
		if n > 0 && n+1+size > width {
			lines = append(lines, line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += word
		n += size
	}
	return append(lines, line)
}
