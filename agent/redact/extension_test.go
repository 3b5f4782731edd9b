package redact

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the extension's copy of the header list")

// The extension sends no header that the agent would drop: its list is written
// from this package's, which stays the only one kept by hand.
func TestTheExtensionsHeaderListIsThisOne(t *testing.T) {
	const path = "../../extension/src/lib/headers.js"
	want := extensionHeaders()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what this list makes; run go test ./agent/redact -update", path)
	}
}

func extensionHeaders() string {
	var names []string
	for _, kind := range headers {
		names = append(names, kind...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var b strings.Builder
	b.WriteString("// The response headers that may reach the agent. Written by a test of\n// agent/redact, which keeps the list; change it there.\n\n")
	b.WriteString("/** Lower-case field names; a name ending in \"*\" stands for all that begin so. */\nexport const headerNames = Object.freeze([\n")
	for chunk := range slices.Chunk(names, 6) {
		b.WriteString(" ")
		for _, name := range chunk {
			fmt.Fprintf(&b, " %q,", name)
		}
		b.WriteString("\n")
	}
	b.WriteString("]);\n\n/** No name is let in by its beginning alone when it says that it carries a secret. */\n")
	fmt.Fprintf(&b, "export const secretName = /%s/;\n", secretName)
	return b.String()
}
