package challenge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryKindIsOnceInTheTableAndShown(t *testing.T) {
	shown := map[string]bool{}
	for _, v := range vectors(t) {
		for _, o := range v.Oddities {
			kind, _, _ := strings.Cut(o, " ")
			shown[kind] = true
		}
	}
	seen := map[Kind]bool{}
	for _, info := range Kinds {
		if seen[info.Kind] {
			t.Errorf("%s is twice in the table", info.Kind)
		}
		seen[info.Kind] = true
		if !strings.HasPrefix(info.Breaks, "RFC ") {
			t.Errorf("%s breaks %q", info.Kind, info.Breaks)
		}
		if !shown[string(info.Kind)] {
			t.Errorf("no vector shows %s", info.Kind)
		}
		delete(shown, string(info.Kind))
	}
	for kind := range shown {
		t.Errorf("%s is not in the table", kind)
	}
	if (Kind("none").Info() != KindInfo{}) {
		t.Error("a kind that does not exist has a row")
	}
}

func TestAnOddityNamesWhatItIsAbout(t *testing.T) {
	read, err := Read(`Negotiate, Bearer error="x" scope="y", Basic charset=UTF-8`, "realm=z")
	if err != nil {
		t.Fatal(err)
	}
	want := []Oddity{
		{Kind: UnknownError, Offset: 18, Scheme: "bearer", Param: "error"},
		{Kind: MissingComma, Offset: 28, Scheme: "bearer", Param: "scope"},
		{Kind: ContinuedLine, Field: 1, Scheme: "basic", Param: "realm"},
		{Kind: UnquotedRealm, Field: 1, Scheme: "basic", Param: "realm"},
	}
	if diff := cmp.Diff(want, read.Oddities); diff != "" {
		t.Error(diff)
	}
}

// What is one too many to list still counts.
func TestAGuessBeyondTheListIsAGuess(t *testing.T) {
	many := strings.Repeat(`Digest nonce="", stale=maybe, qop=no, algorithm=no, `, MaxOddities/4)
	read, err := Read(many + `Basic realm="x"`)
	if err != nil || !read.Certain() || len(read.Oddities) != MaxOddities {
		t.Fatalf("%v, certain %v, %d oddities", err, read.Certain(), len(read.Oddities))
	}
	read, err = Read(many + `Basic realm="x`)
	if err != nil || read.Certain() || len(read.Oddities) != MaxOddities {
		t.Errorf("%v, certain %v, %d oddities", err, read.Certain(), len(read.Oddities))
	}
	if slices.ContainsFunc(read.Oddities, func(o Oddity) bool { return o.Kind.Info().Guessed }) {
		t.Error("the list holds the guess, so this test shows nothing")
	}
}

func TestEverySchemeIsOnceInTheTable(t *testing.T) {
	seen := map[string]bool{}
	registered := 0
	for _, s := range Schemes {
		if seen[s.Name] || s.Name != strings.ToLower(s.Name) || !strings.EqualFold(strings.TrimSuffix(s.Name, "*"), s.Title) {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		if s.Registered != strings.HasPrefix(s.Source, "RFC ") || s.Answerer == "" {
			t.Errorf("%+v", s)
		}
		if s.Registered {
			registered++
		}
	}
	if registered != 14 {
		t.Errorf("%d registered schemes, IANA has 14", registered)
	}
}

func TestSchemeOf(t *testing.T) {
	for name, want := range map[string]string{"NEGOTIATE": "Negotiate", "scram-sha-256": "SCRAM-SHA-256", "X-Own": "X-", "X-": "X-", "Newer": "", "": ""} {
		info, ok := SchemeOf(name)
		if info.Title != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", name, info.Title, ok)
		}
	}
}

func ExampleRead() {
	read, err := Read(`Basic realm="security" charset="UTF-8"`)
	if err != nil {
		return
	}
	for _, o := range read.Oddities {
		fmt.Println(o.Kind, o.Offset, o.Kind.Info().Breaks)
	}
	fmt.Println(read.Challenges, read.Certain())
	// Output:
	// missing_comma 23 RFC 9110 5.6.1
	// [basic realm="security", charset="UTF-8"] false
}
