package source_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/readmit/readmit/agent/signature/internal/source"
)

const good = `
- id: good_row
  group: banner
  source: https://vendor.example/page
  when: {status: [403], body: [marker]}
  causes: {waf_block: says, no_permission: against hint}
  match: [{status: 403, body: marker}]
  miss: [{status: 403, body: other}]
`

func read(files ...string) ([]source.Row, error) {
	folder := fstest.MapFS{}
	for i, f := range files {
		folder[string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(f)}
	}
	return source.Read(folder)
}

func TestAWholeRowIsRead(t *testing.T) {
	rows, err := read(good)
	if err != nil || len(rows) != 1 {
		t.Fatalf("got %d rows, %v", len(rows), err)
	}
	data := string(source.Compile(rows))
	for _, dropped := range []string{"vendor.example", "other"} {
		if strings.Contains(data, dropped) {
			t.Errorf("the programs would carry %q: %q", dropped, data)
		}
	}
	for _, kept := range []string{"good_row", "marker", "no_permission", "waf_block"} {
		if !strings.Contains(data, kept) {
			t.Errorf("the programs would not carry %q: %q", kept, data)
		}
	}
}

func TestAPatternStandsBesideALiteral(t *testing.T) {
	for _, when := range []string{
		`body: [marker], pattern: {in: markup, regexp: '\bmark\S+\d{2}'}`,
		`header: {name: via, has: edge}, pattern: {in: header, header: via, regexp: 'edge-\d+'}`,
	} {
		if _, err := read(strings.Replace(good, "body: [marker]", when, 1)); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
}

func TestARowWithAMistakeNamesFileAndRow(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"a misspelt field":               {"causes:", "cause:", "cause"},
		"a condition nobody knows":       {"body: [marker]", "bodies: [marker]", "bodies"},
		"a cause that is none":           {"waf_block", "waf_blok", `cause "waf_blok" is none`},
		"a strength that is none":        {"says", "shouts", `strength "shouts"`},
		"a group that is none":           {"banner", "banners", `group "banners"`},
		"an id of one word":              {"good_row", "good", "words of a-z"},
		"no source":                      {"https://vendor.example/page", "somewhere", "https address"},
		"no example that must be missed": {"miss: [{status: 403, body: other}]", "miss: []", "one miss example"},
		"upper case that never holds":    {"[marker]}", "[Marker]}", "lower case"},
		"a condition that always holds":  {"{status: [403], body: [marker]}", "{}", "non-empty"},
		"a pattern without a literal":    {"body: [marker]", "pattern: {in: body, regexp: marker}", "needs a literal"},
		"a pattern with a host alone":    {"body: [marker]", "host: [a.example], pattern: {in: body, regexp: marker}", "needs a literal"},
		"a pattern beside a header name": {"body: [marker]", "header: {name: via}, pattern: {in: header, header: via, regexp: marker}", "needs a literal"},
		"a pattern that is none":         {"body: [marker]", "body: [marker], pattern: {in: body, regexp: 'marker('}", "regexp"},
		"a pattern that is too long":     {"body: [marker]", "body: [marker], pattern: {in: body, regexp: '" + strings.Repeat("x", 201) + "'}", "200"},
		"a pattern that RE2 has not":     {"body: [marker]", "body: [marker], pattern: {in: body, regexp: '(?=marker)'}", "regexp"},
		"a pattern in upper case":        {"body: [marker]", "body: [marker], pattern: {in: body, regexp: 'Marker'}", "lower case"},
		"a pattern in a strange place":   {"body: [marker]", "body: [marker], pattern: {in: path, regexp: x}", "only title, body"},
		"a pattern in no header":         {"body: [marker]", "body: [marker], pattern: {in: header, regexp: x}", "names none"},
		"a text that stands everywhere":  {"body: [marker]", "body: ['']", "non-empty"},
		"an empty condition within":      {"body: [marker]", "any: [{body: [marker]}, {}]", "non-empty"},
		"a status that is never seen":    {"status: [403], body", "status: [404], body", "never seen"},
		"a quote in upper case":          {"  match:", "  quote: {label: ID, after: 'Ray ID'}\n  match:", "lower case"},
		"a quote without a group":        {"  match:", "  quote: {label: ID, regexp: '[a-z]+'}\n  match:", "one group"},
		"an example of another status":   {"miss: [{status: 403", "miss: [{status: 404", "status 404"},
		"a quote without a place":        {"  match:", "  quote: {label: ID}\n  match:", "quote needs"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(strings.Replace(good, c.old, c.new, 1))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "a.yaml") {
				t.Errorf("got %v, want an error about %s that names a.yaml", err, c.want)
			}
		})
	}
	if _, err := read(good, good); err == nil || !strings.Contains(err.Error(), "also in a.yaml") {
		t.Errorf("an id twice: %v", err)
	}
}
