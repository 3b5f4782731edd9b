package challenge

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// grammar is a field line as RFC 9110 11.6.1 has it, with what 5.6.1.2 and
// 5.6.3 tell a recipient to accept, written down a second time.
var grammar = func() *regexp.Regexp {
	token := "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
	quoted := `"(?:[\t \x21\x23-\x5b\x5d-\x7e\x{80}-\x{ff}]|\\[\t\x20-\x7e\x{80}-\x{ff}])*"`
	param := token + `[ \t]*=[ \t]*(?:` + token + `|` + quoted + `)`
	list := func(element string) string {
		return `(?:,[ \t]*)*` + element + `(?:[ \t]*,(?:[ \t]*` + element + `)?)*`
	}
	challenge := token + `(?:[ \t]+(?:[0-9A-Za-z\-._~+/]+=*|` + list(param) + `))?`
	return regexp.MustCompile(`^[ \t]*(?:` + list("(?:"+challenge+")") + `|(?:,[ \t]*)*)[ \t]*$`)
}()

var breaks = regexp.MustCompile(`\r?\n`)

// keepsToTheGrammar judges a value whose folds are resolved.
func keepsToTheGrammar(value string) bool {
	latin := make([]rune, 0, len(value)) // one rune for each octet
	for i := 0; i < len(value); i++ {
		latin = append(latin, rune(value[i]))
	}
	unfolded := regexp.MustCompile(`\r?\n([ \t])`).ReplaceAllString(string(latin), " $1")
	return !slices.ContainsFunc(breaks.Split(unfolded, -1), func(line string) bool { return !grammar.MatchString(line) })
}

func TestWhatIsCertainKeepsToTheGrammar(t *testing.T) {
	for _, v := range vectors(t) {
		for _, field := range v.Fields {
			if !v.Guessed && !keepsToTheGrammar(field) {
				t.Errorf("%s: certain, and not what RFC 9110 has: %q", v.Name, field)
			}
		}
	}
	for _, field := range []string{`Basic realm="x" a=b`, `Basic realm=a b`, `Basic realm="x`, `Basic realm="x";`, `realm="x"`, "Basic realm=\"a\x00\""} {
		if keepsToTheGrammar(field) {
			t.Errorf("the grammar of this test takes %q", field)
		}
	}
}

// FuzzRead: nothing panics, the two readers agree, oddities lie inside the
// input, what is certain keeps to the grammar, and what Parse returns is what
// Parse returns of its Format.
func FuzzRead(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(strings.Join(v.Fields, "\n"), "")
		if len(v.Fields) > 1 {
			f.Add(v.Fields[0], v.Fields[1])
		}
	}
	// Found by fuzzing: shapes that took a way of their own through the parser.
	for _, seed := range [][2]string{
		{"\n \x05", "0"}, {"0 0=\xdd", ""}, {"0=0 ( (", "0"}, {"0\t,0=", "0"}, {"0:,0:0", "0"}, {"0=0;0  ", ""},
		{"( 0", "( 0"}, {"0= 0=", "0"}, {"\r\r0", ""}, {"0", "\" "}, {"A 0 A=", "A"}, {"0 0=0\"0", ""},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		got, err := Parse(first, second)
		read, errRead := Read(first, second)
		if (err == nil) != (errRead == nil) {
			t.Fatalf("Parse: %v, Read: %v", err, errRead)
		}
		if err != nil {
			if got != nil || !cmp.Equal(Reading{}, read, cmp.AllowUnexported(Reading{})) {
				t.Fatalf("error %v with %d challenges", err, len(got))
			}
			return
		}
		if diff := cmp.Diff(got, read.Challenges); diff != "" {
			t.Fatalf("Read differs from Parse: %s", diff)
		}
		if len(got) > MaxChallenges || len(read.Oddities) > MaxOddities {
			t.Fatalf("%d challenges, %d oddities", len(got), len(read.Oddities))
		}
		for _, o := range read.Oddities {
			if o.Field < 0 || o.Field > 1 || o.Offset < 0 || o.Offset >= len([]string{first, second}[o.Field]) || o.Kind.Info().Breaks == "" {
				t.Fatalf("%+v of %q and %q", o, first, second)
			}
		}
		if read.Certain() && (!keepsToTheGrammar(first) || !keepsToTheGrammar(second)) {
			t.Fatalf("certain, and not what RFC 9110 has: %q and %q", first, second)
		}
		for _, c := range got {
			checkForm(t, c)
		}
		written := Format(got...)
		again, err := Parse(written)
		if err != nil && len(written) <= MaxInput {
			t.Fatalf("Parse(%q): %v", written, err)
		}
		if diff := cmp.Diff(got, again, cmpopts.EquateEmpty()); diff != "" && err == nil {
			t.Fatalf("%q: %s", written, diff)
		}
	})
}

func checkForm(t *testing.T, c Challenge) {
	t.Helper()
	if !isToken(c.Scheme) || c.Scheme != strings.ToLower(c.Scheme) || len(c.Params) > MaxParams {
		t.Fatalf("not well formed: %#v", c)
	}
	for i, p := range c.Params {
		if !isToken(p.Name) || p.Name != strings.ToLower(p.Name) || strings.ContainsAny(p.Value, "\r\n\x00") {
			t.Fatalf("not well formed: %#v", p)
		}
		if v, _ := c.Get(p.Name); v != c.Params[slices.IndexFunc(c.Params, func(q Param) bool { return q.Name == p.Name })].Value || i > 0 && c.Params[i-1].Name == p.Name {
			t.Fatalf("twice: %#v", p)
		}
	}
}

// FuzzFormat: whatever a Challenge holds, what Format writes is read as that
// Challenge, less what cannot be said, and keeps to the grammar unless
// parameters follow token68.
func FuzzFormat(f *testing.F) {
	f.Add("basic", "", "realm", "Staff area", "charset", "UTF-8", "digest")
	f.Add("Negotiate", "NTLM", "a b", "x", "qop", "\"\\\n", "")
	f.Add("digest", "realm=", "qop", "auth", "stale", "TRUE", "auth-int")
	f.Add("x", "a=", "algorithm", "'md5", "nonce", ", y=\"z\"", "www-authenticate")
	// Found by fuzzing.
	f.Add("BAsiC", "", "A0", "0", "a0", "0", "00 ")
	f.Add("00", "0000=", "\u05fb", "0", "stAle", "00", "digest")
	f.Add("X", "A", "qop", "\x94", "!", "\x86", "x-")
	f.Fuzz(func(t *testing.T, scheme, token68, name1, value1, name2, value2, next string) {
		given := []Challenge{{scheme, []Param{{name1, value1}, {name2, value2}}, token68}, {Scheme: next}}
		written := Format(given...)
		if len(written) > MaxInput {
			return
		}
		read, err := Read(written)
		if err != nil {
			t.Fatal(err)
		}
		var want []Challenge
		for _, c := range given {
			if w, ok := sayable(c); ok {
				want = append(want, w)
			}
		}
		if diff := cmp.Diff(want, read.Challenges, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%q: %s", written, diff)
		}
		if Format(read.Challenges...) != Format(want...) {
			t.Fatalf("%q is written anew as %q", written, Format(read.Challenges...))
		}
		exact := true
		for _, o := range read.Oddities {
			exact = exact && (!o.Kind.Info().Guessed || o.Kind == DigestWithoutNonce)
		}
		mixed := slices.ContainsFunc(want, func(c Challenge) bool {
			return c.Token68 != "" && (len(c.Params) > 0 || !carriesToken68(c.Scheme))
		})
		if len(want) > 0 && !mixed && !strings.EqualFold(name1, name2) && (!exact || !keepsToTheGrammar(written)) {
			t.Fatalf("%q: %+v", written, read.Oddities)
		}
	})
}

func carriesToken68(scheme string) bool {
	info, _ := SchemeOf(scheme)
	return info.Token68 || !info.Registered
}

// sayable is what is left of a challenge that went through a field.
func sayable(c Challenge) (Challenge, bool) {
	if !isToken(c.Scheme) {
		return Challenge{}, false
	}
	out := Challenge{Scheme: strings.ToLower(c.Scheme)}
	if readsAsToken68(out.Scheme, c.Token68) {
		out.Token68 = c.Token68
	}
	for _, p := range c.Params {
		name := strings.ToLower(p.Name)
		if _, given := out.Get(name); given || !isToken(p.Name) {
			continue
		}
		value := []byte(p.Value)
		for i := range value {
			if isControl(value[i]) {
				value[i] = ' '
			}
		}
		out.Params = append(out.Params, Param{name, string(value)})
	}
	return out, true
}
