package support

import (
	"strings"

	"github.com/readmit/readmit/agent/redact"
)

const maxValue = 200 // characters of one value in a report

// harmless escapes what Markdown and HTML give a meaning to, and what makes a
// bare address into a link.
var harmless = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`,
	"|", `\|`, "#", `\#`, "&", `\&`, "~", `\~`, "@", `\@`, "://", `\://`, "www.", `www\.`,
)

// plain makes text of a site harmless wherever a report may be pasted: one
// line, without control or direction characters, with markup escaped and no
// leading character that a spreadsheet takes for a formula.
func plain(s string) string {
	s = redact.Line(redact.Text(s), maxValue)
	formula := s != "" && strings.ContainsRune("=+-@", rune(s[0]))
	s = harmless.Replace(s)
	if formula {
		return "'" + s
	}
	return s
}
