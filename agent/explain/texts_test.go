package explain

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/diagnosis"
)

// text is one sentence or more that a person may read.
type text struct {
	where string
	text  string
	title bool
	label bool
	// question says that it is spoken to a caller and may end in "?".
	question bool
}

// allTexts is the whole catalogue. A text that is not listed here is not held
// to the rules, so every table must be.
func allTexts() []text {
	var ts []text
	for _, c := range cause.All {
		e := catalogue[c.ID]
		for i, w := range e.wordings {
			at := fmt.Sprintf("%s, wording %d", c.ID, i)
			ts = append(ts, text{at + ", title", w.title, true, false, false}, text{at + ", text", w.text, false, false, false})
		}
		for _, a := range slices.Sorted(maps.Keys(e.labels)) {
			ts = append(ts, text{fmt.Sprintf("%s, label %s", c.ID, a), e.labels[a], false, true, false})
		}
		if e.dismiss != "" {
			ts = append(ts, text{string(c.ID) + ", dismiss", e.dismiss, false, true, false})
		}
	}
	for _, a := range slices.Sorted(maps.Keys(labels)) {
		ts = append(ts, text{"label " + string(a), labels[a], false, true, false})
	}
	for _, a := range slices.Sorted(maps.Keys(tried)) {
		ts = append(ts, text{"tried " + string(a), tried[a], false, false, false})
	}
	for _, a := range slices.Sorted(maps.Keys(doings)) {
		for i, ending := range []string{helpedOnce, helpedOften} {
			ts = append(ts, text{fmt.Sprintf("doing %s %d", a, i), doings[a] + ending, false, false, false})
		}
	}
	for name, w := range map[string]wording{"loop": loopWording, "spent": spentWording} {
		ts = append(ts, text{name + ", title", w.title, true, false, false}, text{name + ", text", w.text, false, false, false})
	}
	for _, name := range Others() {
		ts = append(ts, text{"answer " + name + ", title", others[name].title, true, false, false}, text{"answer " + name + ", text", others[name].text, false, false, false})
	}
	for _, a := range slices.Sorted(maps.Keys(otherLabels)) {
		ts = append(ts, text{"answer, label " + string(a), otherLabels[a], false, true, false})
	}
	for i, ending := range []string{pastOpened, pastClosed, pastOpen, doings[cause.LoginAgain] + pastHelped} {
		ts = append(ts, text{fmt.Sprintf("past %d", i), ending, false, false, false})
	}
	for _, c := range slices.Sorted(maps.Keys(certainties)) {
		ts = append(ts, text{"certainty " + string(c), certainties[c], false, false, false})
	}
	for i, n := range append(slices.Clone(clearNotes), clearBelowNote) {
		ts = append(ts, text{fmt.Sprintf("note %d", i), n, false, false, false})
	}
	for _, k := range slices.Sorted(maps.Keys(closedWordings)) {
		ts = append(ts, text{"closed " + k + ", title", closedWordings[k].title, true, false, false}, text{"closed " + k + ", text", closedWordings[k].text, false, false, false})
	}
	ts = append(ts, text{"close label", closeLabel, false, true, false}, text{"own words", ownWords, false, false, false}, text{"mark", mark, false, false, false})
	for _, r := range slices.Sorted(maps.Keys(reasons)) {
		for i, line := range reasons[r] {
			ts = append(ts, text{fmt.Sprintf("reason %s %d", r, i), line, false, false, false})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schemes)) {
		ts = append(ts, text{"scheme " + name, schemes[name].person, false, false, false})
	}
	ts = append(ts, text{"other scheme", otherScheme.person, false, false, false})
	for _, code := range slices.Sorted(maps.Keys(faults)) {
		f := faults[code]
		ts = append(ts, text{"fault " + code + ", title", f.title, true, false, false}, text{"fault " + code + ", text", f.text, false, false, false},
			text{"fault " + code + ", main", f.main.Label, false, true, false})
		if f.second != nil {
			ts = append(ts, text{"fault " + code + ", second", f.second.Label, false, true, false})
		}
	}
	return slices.Concat(ts, evidenceTexts(), questionTexts())
}

// banned words blame, alarm or need explaining.
var banned = regexp.MustCompile(`(?i)\b(unauthori[sz]ed|forbidden|invalid|illegal|credentials?|tokens?|sessions?|csrf|oops|idp|saml|your administrator|try again later|you entered|suspicious|log ?in|log in|logged (in|out)|denied|violation|error|cache|cookies?|api|ip|misconfigured|inactive|mistyped)\b`)

// commands are what staff are taught never to paste.
var commands = regexp.MustCompile("(?i)readmit (doctor|install|status|uninstall)|sudo|\\brun:|`|\\$ ")

func TestEveryTextFollowsTheRules(t *testing.T) {
	for _, x := range allTexts() {
		t.Run(x.where, func(t *testing.T) {
			for _, problem := range faultsOf(x) {
				t.Error(problem)
			}
		})
	}
}

// faultsOf lists the rules that a text breaks.
func faultsOf(x text) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if x.text == "" {
		return []string{"empty"}
	}
	if w := banned.FindString(x.text); w != "" {
		fault("%q says %q", x.text, w)
	}
	if w := commands.FindString(x.text); w != "" {
		fault("%q holds the command %q", x.text, w)
	}
	if strings.ContainsAny(x.text, "!") {
		fault("%q raises its voice", x.text)
	}
	if got := len(words(x.text)); x.title && got > 8 {
		fault("title %q has %d words", x.text, got)
	} else if x.label && got > 7 {
		fault("label %q has %d words", x.text, got)
	}
	if x.label && strings.HasSuffix(x.text, ".") {
		fault("label %q ends like a sentence", x.text)
	}
	ends := strings.HasSuffix(x.text, ".") || x.question && strings.HasSuffix(x.text, "?")
	if !x.label && !ends {
		fault("%q does not end", x.text)
	}
	ss := sentences(x.text)
	if len(ss) > 2 {
		fault("%q has %d sentences", x.text, len(ss))
	}
	for _, s := range ss {
		if n := len(words(s)); n > 20 {
			fault("sentence %q has %d words", s, n)
		}
	}
	if g := grade(x.text); len(words(x.text)) >= 6 && g > 7 {
		fault("%q needs reading grade %.1f", x.text, g)
	}
	return faults
}

// Title and text of a situation are read together.
func TestTitleAndTextTogetherStayEasyToRead(t *testing.T) {
	for id, e := range catalogue {
		for _, w := range e.wordings {
			if g := grade(w.title + " " + w.text); g > 7 {
				t.Errorf("%s: %q %q needs reading grade %.1f", id, w.title, w.text, g)
			}
		}
	}
	for code, f := range faults {
		if g := grade(f.title + " " + f.text); g > 7 {
			t.Errorf("%s: %q %q needs reading grade %.1f", code, f.title, f.text, g)
		}
	}
}

func TestEveryCauseAndEveryActionHasItsText(t *testing.T) {
	for _, c := range cause.All {
		e, ok := catalogue[c.ID]
		if !ok || len(e.wordings) == 0 {
			t.Errorf("%s has no text", c.ID)
			continue
		}
		last := e.wordings[len(e.wordings)-1]
		if last.when != "" || strings.Contains(strings.NewReplacer("{site}", "").Replace(last.title+last.text), "{") {
			t.Errorf("the last wording of %s needs a fact that may not be known: %q", c.ID, last.text)
		}
	}
	for _, a := range cause.Actions {
		if labels[a.Action] == "" {
			t.Errorf("%s has no label", a.Action)
		}
	}
	for id := range catalogue {
		if _, ok := cause.ByID(id); !ok {
			t.Errorf("%s has a text and is no cause", id)
		}
	}
}

// On a page that stayed empty nobody typed anything.
func TestAnEmptyPageHoldsNoText(t *testing.T) {
	for id, e := range catalogue {
		for _, w := range e.wordings {
			if !strings.Contains(w.text, "typed") {
				continue
			}
			empty := slices.IndexFunc(e.wordings, func(w wording) bool { return w.when == diagnosis.RuleEmptyPage })
			if w.when == diagnosis.RuleBackground && (empty < 0 || empty > slices.Index(e.wordings, w)) {
				t.Errorf("%s says %q of an empty page", id, w.text)
			}
		}
	}
}

func TestTheGradeTellsPlainFromLearned(t *testing.T) {
	plain := "Sign in to see this page. The site needs to know who you are."
	learned := "Authentication credentials were insufficient; subsequent authorization requires administrative intervention."
	if g := grade(plain); g > 4 {
		t.Errorf("grade of %q is %.1f", plain, g)
	}
	if g := grade(learned); g < 12 {
		t.Errorf("grade of %q is %.1f", learned, g)
	}
}

// grade is the Flesch-Kincaid grade level: Kincaid, Fishburne, Rogers and
// Chissom, Derivation of new readability formulas, 1975.
func grade(s string) float64 {
	ws, ss := words(s), sentences(s)
	if len(ws) == 0 {
		return 0
	}
	syllables := 0
	for _, w := range ws {
		syllables += syllablesOf(w)
	}
	return 0.39*float64(len(ws))/float64(len(ss)) + 11.8*float64(syllables)/float64(len(ws)) - 15.59
}

func sentences(s string) []string {
	var ss []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '?' || r == '!' }) {
		if strings.TrimSpace(part) != "" {
			ss = append(ss, part)
		}
	}
	return ss
}

// words counts a fact in braces as the short word that it stands for.
func words(s string) []string {
	s = regexp.MustCompile(`\{\w+\}`).ReplaceAllString(s, "it")
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '-'
	})
}

// syllablesOf counts groups of vowels, which is right for most English words;
// a silent e at the end does not count.
func syllablesOf(word string) int {
	w := strings.ToLower(word)
	if short := strings.TrimSuffix(w, "e"); short != w && !strings.HasSuffix(short, "l") {
		w = short
	} else if short := strings.TrimSuffix(w, "ed"); short != w && !strings.HasSuffix(short, "t") && !strings.HasSuffix(short, "d") {
		w = short
	}
	n, before := 0, false
	for _, r := range w {
		vowel := strings.ContainsRune("aeiouy", r)
		if vowel && !before {
			n++
		}
		before = vowel
	}
	return max(n, 1)
}
