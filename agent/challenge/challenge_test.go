package challenge

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vector is one case of testdata/vectors.json. Oddities read "kind
// field:offset"; guessed says that the challenges are not certain.
type vector struct {
	Name       string   `json:"name"`
	Fields     []string `json:"fields"`
	Challenges []struct {
		Scheme  string      `json:"scheme"`
		Params  [][2]string `json:"params"`
		Token68 string      `json:"token68"`
	} `json:"challenges"`
	Oddities []string `json:"oddities"`
	Guessed  bool     `json:"guessed"`
}

func vectors(tb testing.TB) []vector {
	tb.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		tb.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(data, &all); err != nil {
		tb.Fatal(err)
	}
	return all
}

func TestVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			got, err := Parse(v.Fields...)
			if err != nil {
				t.Fatal(err)
			}
			var want []Challenge
			for _, c := range v.Challenges {
				w := Challenge{Scheme: c.Scheme, Token68: c.Token68}
				for _, p := range c.Params {
					w.Params = append(w.Params, Param{Name: p[0], Value: p[1]})
				}
				want = append(want, w)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			read, err := Read(v.Fields...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, read.Challenges); diff != "" {
				t.Errorf("Read differs from Parse: %s", diff)
			}
			var oddities []string
			for _, o := range read.Oddities {
				oddities = append(oddities, fmt.Sprintf("%s %d:%d", o.Kind, o.Field, o.Offset))
			}
			if diff := cmp.Diff(v.Oddities, oddities); diff != "" {
				t.Error(diff)
			}
			if read.Certain() == v.Guessed {
				t.Errorf("certain: %v", read.Certain())
			}
		})
	}
}

func TestBounds(t *testing.T) {
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	params := func(n int) string {
		s := "x"
		for i := range n {
			s += " p" + strings.Repeat("i", i) + "=1,"
		}
		return s
	}
	for _, tc := range []struct {
		name   string
		fields []string
		want   error
	}{
		{"the largest input passes", []string{"x " + strings.Repeat("y", MaxInput-2)}, nil},
		{"one octet more does not", []string{"x " + strings.Repeat("y", MaxInput-2), "z"}, ErrTooLarge},
		{"the most challenges pass", []string{many(MaxChallenges, "x")}, nil},
		{"one challenge more does not", []string{many(MaxChallenges, "x"), "x"}, ErrTooLarge},
		{"the most parameters pass", []string{params(MaxParams)}, nil},
		{"one parameter more does not", []string{params(MaxParams + 1)}, ErrTooLarge},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse(tc.fields...)
			if !errors.Is(err, tc.want) || err != nil && got != nil {
				t.Errorf("%d challenges, %v; want %v", len(got), err, tc.want)
			}
			read, err := Read(tc.fields...)
			if !errors.Is(err, tc.want) || err != nil && read.Challenges != nil {
				t.Errorf("Read: %d challenges, %v; want %v", len(read.Challenges), err, tc.want)
			}
		})
	}
}

func TestReadings(t *testing.T) {
	cs, err := Parse(`Digest realm="a", qop="auth, Auth-Int", algorithm=SHA-256, stale=TRUE, nonce="n"`,
		`Basic realm="b", charset="UTF-8"`, `Bearer realm="c", error="insufficient_scope", error_description="d", scope="read write"`)
	if err != nil {
		t.Fatal(err)
	}
	digest, _ := cs[0].Digest()
	basic, _ := cs[1].Basic()
	bearer, _ := cs[2].Bearer()
	if diff := cmp.Diff(Digest{Realm: "a", QOP: []string{"auth", "auth-int"}, Algorithm: "SHA-256", Stale: true}, digest); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Basic{Realm: "b", Charset: "UTF-8"}, basic); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Bearer{Realm: "c", Error: "insufficient_scope", ErrorDescription: "d", Scope: []string{"read", "write"}}, bearer); diff != "" {
		t.Error(diff)
	}
	if _, ok := cs[0].Basic(); ok {
		t.Error("a Digest challenge reads as Basic")
	}
	if _, ok := cs[1].Bearer(); ok {
		t.Error("a Basic challenge reads as Bearer")
	}
	if _, ok := cs[2].Digest(); ok {
		t.Error("a Bearer challenge reads as Digest")
	}
	if diff := cmp.Diff(map[string]string{"realm": "b", "charset": "UTF-8"}, cs[1].Map()); diff != "" {
		t.Error(diff)
	}
}

func TestStrongest(t *testing.T) {
	for _, tc := range []struct {
		name, field string
		supported   []string
		want        string
	}{
		{"digest before basic", `Basic realm=b, Digest realm=d, nonce=n`, nil, `digest`},
		{"the better digest", `Digest realm=d, nonce=n, Digest realm=e, nonce=n, algorithm=SHA-256`, nil, `e`},
		{"a digest that no browser knows does not count", `Digest realm=d, algorithm=SHA-512-256, Basic realm=b`, nil, `basic`},
		{"negotiate before all", `NTLM, Basic realm=b, Negotiate`, nil, `negotiate`},
		{"only what is supported", `Negotiate, Digest realm=d, Basic realm=b`, []string{"basic"}, `basic`},
		{"the first of equals", `Basic realm=first, Basic realm=second`, nil, `first`},
		{"nothing that a browser answers", `Bearer realm=x, Newer`, nil, ``},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cs, err := Parse(tc.field)
			if err != nil {
				t.Fatal(err)
			}
			best, ok := Strongest(cs, tc.supported...)
			realm, _ := best.Get("realm")
			if ok != (tc.want != "") || ok && tc.want != best.Scheme && tc.want != realm {
				t.Errorf("got %v, %v; want %q", best, ok, tc.want)
			}
		})
	}
}

func TestStringHidesWhatBelongsToOneExchange(t *testing.T) {
	cs, err := Parse(`Digest realm="r", nonce="canary", opaque=canary, algorithm=MD5, Negotiate canary`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := cs[0].String()+" | "+cs[1].String(), `digest realm="r", nonce="...", opaque="...", algorithm=MD5 | negotiate ...`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if nonce, _ := cs[0].Get("nonce"); nonce != "canary" {
		t.Error("String changed the challenge")
	}
}
