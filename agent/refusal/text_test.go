package refusal

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVisibleText(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"text and headings", "<h1>403</h1><p>You are not allowed.</p>", "403 You are not allowed."},
		{"inline elements join words", "<p>un<b>allow</b>ed</p>", "unallowed"},
		{"white space folds", " a\n\t b&nbsp; c ", "a b c"},
		{"references are read", "It&#39;s &lt;closed&gt; &amp; gone", "It's <closed> & gone"},
		{"scripts, styles and templates go", "a<script>var b='<p>'</script><style>c{}</style><template><p>d</p></template>e", "ae"},
		{"the title is not on the page", "<title>T</title><body>b", "b"},
		{"hidden elements go with what is in them", `a<div hidden>b<div>c</div>d</div>e`, "ae"},
		{"invisible styles count as hidden", `a<p style="color:red; display: none">b</p><p style="visibility:hidden">c</p>e`, "ae"},
		{"a hidden field hides nothing else", `a<input hidden>b`, "ab"},
		{"a page for browsers without scripts shows", "<noscript><h1>Enable <b>JavaScript</b></h1></noscript>now", "Enable JavaScript now"},
		{"nested noscript is dropped", "a<noscript>b<noscript>c</noscript>d", "a b d"},
		{"what the person typed is not read", "a<textarea>my text</textarea><select><option>x</select>b", "ab"},
		{"comments go", "a<!-- b -->c", "ac"},
		{"plain text comes back", "{\"error\": \"denied\"}", "{\"error\": \"denied\"}"},
		{"an unclosed script hides the rest", "a<script>b", "a"},
		{"nothing is nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := VisibleText(tc.in); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestVisibleTextIsBounded(t *testing.T) {
	got := VisibleText("x" + strings.Repeat("ä", MaxVisible))
	if len(got) > MaxVisible || len(got) < MaxVisible-2 || !utf8.ValidString(got) {
		t.Errorf("%d bytes, valid %v", len(got), utf8.ValidString(got))
	}
}

func FuzzVisibleText(f *testing.F) {
	f.Add("<p hidden>a<p>b<noscript><noscript>")
	f.Fuzz(func(t *testing.T, markup string) {
		if got := VisibleText(markup); len(got) > MaxVisible || strings.ContainsAny(got, "\n\t") {
			t.Errorf("%d bytes: %q", len(got), got)
		}
	})
}
