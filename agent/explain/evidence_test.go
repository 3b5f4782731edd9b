package explain

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/signature"
)

// rulesOfDiagnosis collects the names of rules from the source: a rule that
// no test reaches must have its text too.
func rulesOfDiagnosis(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "diagnosis", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	constants, named := map[string]string{}, []ast.Expr{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, v := range n.Values {
					if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						constants[n.Names[i].Name], _ = strconv.Unquote(lit.Value)
					}
				}
			case *ast.CompositeLit:
				if id, ok := n.Type.(*ast.Ident); ok && id.Name == "rule" && len(n.Elts) > 0 {
					named = append(named, n.Elts[0])
				}
			}
			return true
		})
	}
	var rules []string
	for _, e := range named {
		switch e := e.(type) {
		case *ast.BasicLit:
			id, _ := strconv.Unquote(e.Value)
			rules = append(rules, id)
		case *ast.Ident:
			if constants[e.Name] != "" {
				rules = append(rules, constants[e.Name])
			}
		}
	}
	if len(rules) < 30 {
		t.Fatalf("only %d rules found: is the source still read aright?", len(rules))
	}
	return rules
}

func TestEveryRuleOfDiagnosisIsPutIntoWords(t *testing.T) {
	for _, id := range rulesOfDiagnosis(t) {
		texts := append(reasons[id], quiet[id]...)
		if len(texts) == 0 {
			t.Errorf("%s has no text", id)
			continue
		}
		needs := strings.NewReplacer("{site}", "", "{minutes}", "", "{times}", "").Replace(texts[len(texts)-1])
		if strings.Contains(needs, "{") {
			t.Errorf("%s needs a fact that may not be known: %q", id, needs)
		}
	}
}

func TestEveryRowIsPutIntoWords(t *testing.T) {
	w := newWriter(incidentOf(t, sessionOver(), signedIn), Options{})
	seen := map[string]bool{}
	for _, r := range signature.InForce().Rows() {
		if _, ok := rowTexts[string(r.Group)]; !ok {
			t.Errorf("%s is of the group %q, which has no texts", r.ID, r.Group)
		}
		causes := []diagnosis.Evidence{{Cause: cause.Unknown, Weight: -2.2}}
		for _, c := range r.Causes {
			sign := 1.0
			if c.Against {
				sign = -1
			}
			causes = append(causes, diagnosis.Evidence{Cause: c.Cause, Weight: sign * 0.5}, diagnosis.Evidence{Cause: c.Cause, Weight: sign * 6})
		}
		for _, e := range causes {
			e.Rule, e.Args = r.ID, map[string]string{"group": string(r.Group), "identifies": r.Identifies}
			line := w.evidence(e)
			if e.Weight < 0 && !strings.HasSuffix(line, speaksNot) {
				t.Errorf("%s speaks against %s and does not say so: %q", r.ID, e.Cause, line)
			}
			if r.Identifies != "" && e.Cause != cause.Unknown && rulesKnow(r) && !strings.Contains(line, r.Identifies) {
				t.Errorf("%s knows %s and does not say so: %q", r.ID, r.Identifies, line)
			}
			if !seen[line] {
				seen[line] = true
				// Names are facts: no rule makes them shorter.
				told := strings.ReplaceAll(line, w.site, "{site}")
				if r.Identifies != "" {
					told = strings.ReplaceAll(told, r.Identifies, "{who}")
				}
				if problems := faultsOf(text{text: told}); len(problems) > 0 {
					t.Errorf("%s: %s", r.ID, strings.Join(problems, "; "))
				}
			}
		}
	}
}

// rulesKnow says whether the text of a row names its product.
func rulesKnow(r signature.Hit) bool {
	return reasons[r.ID] == nil && (r.Group == "banner" || r.Group == "code")
}

func TestEveryCauseHasItsMeaning(t *testing.T) {
	for _, c := range cause.All {
		if c.ID != cause.Unknown && meanings[c.ID] == "" {
			t.Errorf("%s has no meaning", c.ID)
		}
	}
}

func TestEvidenceOfANewKindIsStillTold(t *testing.T) {
	w := newWriter(incidentOf(t, sessionOver(), signedIn), Options{})
	got := w.evidence(diagnosis.Evidence{Rule: "brand_new", Cause: cause.WAFBlock, Weight: 6, Args: map[string]string{"group": "smell"}})
	if got != "A mark in the answer says that a filter stopped the page." {
		t.Errorf("%q", got)
	}
}

func TestEvidenceInDetailsIsNeverEmpty(t *testing.T) {
	for _, inc := range []int{401, 403} {
		in := sessionOver()
		in.Status = inc
		for _, c := range DetailsOf(incidentOf(t, in, signedIn), Options{}).Causes {
			for _, e := range c.Evidence {
				if e.Text == "" || strings.ContainsAny(e.Text, "{}") {
					t.Errorf("%s of %s: %q", e.Rule, c.Cause, e.Text)
				}
			}
		}
	}
}

// evidenceTexts are the texts of this file's tables, for the rules that all
// texts follow.
func evidenceTexts() []text {
	var ts []text
	for id, lines := range quiet {
		for i, line := range lines {
			ts = append(ts, text{where: fmt.Sprintf("quiet %s %d", id, i), text: line})
		}
	}
	for group, texts := range rowTexts {
		for c, means := range meanings {
			for _, line := range []string{texts.clearly, texts.maybe} {
				line = strings.NewReplacer("{who}", server, "{means}", means).Replace(line)
				ts = append(ts, text{where: fmt.Sprintf("row of %q for %s: %s", group, c, line), text: line})
			}
		}
		ts = append(ts, text{where: "row against, " + group, text: strings.ReplaceAll(texts.against, "{who}", server) + " " + speaksNot})
	}
	return append(ts, text{where: "speaks against", text: toldWhy + " " + speaksNot}, text{where: "untold", text: untold}, text{where: "not counted", text: notCounted})
}
