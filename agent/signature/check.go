package signature

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/redact"
)

// Bounds of a row.
const (
	maxDepth  = 6    // conditions within conditions
	maxTexts  = 1000 // of one list
	maxText   = 200  // bytes of one text
	maxCauses = 16
	maxName   = 64 // of a product or label
)

var (
	groups    = []Group{GroupBanner, GroupWording, GroupChallenge, GroupCookie, GroupCode}
	strengths = []Strength{Hint, Suggests, Points, Says, Proves}
)

// Check says what is wrong with a row: the closed vocabulary, wherever the row
// comes from.
func (row *Row) Check() error {
	switch {
	case len(row.ID) > maxName || !isID(row.ID):
		return errors.New("the id must be words of a-z and 0-9 joined by _")
	case !slices.Contains(groups, row.Group):
		return fmt.Errorf("group %q is none of %v", row.Group, groups)
	case redact.Line(row.Identifies, maxName) != row.Identifies:
		return fmt.Errorf("identifies %q is no short name", row.Identifies)
	case len(row.Causes) == 0:
		return errors.New("no causes")
	case len(row.Causes) > maxCauses:
		return errors.New("too many causes")
	}
	for i, w := range row.Causes {
		if _, ok := cause.ByID(w.Cause); !ok {
			return fmt.Errorf("cause %q is none", w.Cause)
		}
		if !slices.Contains(strengths, w.Strength) {
			return fmt.Errorf("strength %q is none of %v", w.Strength, strengths)
		}
		if slices.ContainsFunc(row.Causes[:i], func(o Weighted) bool { return o.Cause == w.Cause }) {
			return fmt.Errorf("cause %q stands there twice", w.Cause)
		}
	}
	if err := row.Quote.check(); err != nil {
		return err
	}
	return row.When.check(0)
}

// isID accepts two or more words of a-z and 0-9 joined by _, which begin with
// a letter.
func isID(s string) bool {
	words := 0
	for word := range strings.SplitSeq(s, "_") {
		if words++; word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return words > 1 && s[0] > '9'
}

func (q *Quote) check() error {
	if q == nil {
		return nil
	}
	places := 0
	for _, place := range []string{q.Header, q.After, q.Regexp} {
		if place != "" {
			places++
		}
	}
	switch {
	case q.Label == "" || places != 1:
		return errors.New("quote needs a label and one of header, after and regexp")
	case redact.Line(q.Label, maxName) != q.Label:
		return fmt.Errorf("label %q is no short name", q.Label)
	case !isLower(q.Header) || !isLower(q.After):
		return errors.New("quote: header and after must be in lower case")
	case q.Regexp == "":
		return nil
	}
	if err := checkRegexp(q.Regexp); err != nil {
		return fmt.Errorf("quote: %w", err)
	}
	if regexp.MustCompile(q.Regexp).NumSubexp() != 1 {
		return errors.New("quote: the regexp needs one group, which is quoted")
	}
	return nil
}

func isLower(s string) bool { return strings.ToLower(s) == s }

// check refuses a text that could never be found, since everything that is
// seen is compared in lower case, and one that always would be.
func (c *Condition) check(depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	texts := [...][]string{c.Cookie, c.Held, c.Query, c.Scheme, c.Realm, c.Error, c.Detail, c.Host, c.Path, c.Title, c.Body, c.Markup, c.Header.texts()}
	parts := len(c.Status) + len(c.All) + len(c.Any) + len(c.Not)
	for _, ts := range texts {
		parts += len(ts)
		if len(ts) > maxTexts {
			return errors.New("too many texts in a list")
		}
		for _, t := range ts {
			if t == "" || len(t) > maxText || !isLower(t) {
				return fmt.Errorf("the text %q must be non-empty, in lower case and at most %d bytes long", t, maxText)
			}
		}
	}
	if parts == 0 && c.Pattern == nil {
		return errors.New("a condition must be non-empty")
	}
	for _, s := range c.Status {
		if s != 401 && s != 403 {
			return fmt.Errorf("status %d is never seen", s)
		}
	}
	if c.Pattern != nil {
		if err := c.Pattern.check(c); err != nil {
			return err
		}
	}
	for _, within := range [][]Condition{c.All, c.Any, c.Not} {
		if len(within) > maxTexts {
			return errors.New("too many conditions in a list")
		}
		for i := range within {
			if err := within[i].check(depth + 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// texts are the parts that must be in lower case.
func (h *HeaderTest) texts() []string {
	if h == nil {
		return nil
	}
	ts := []string{h.Name}
	for _, t := range []string{h.Is, h.Has, h.Prefix} {
		if t != "" {
			ts = append(ts, t)
		}
	}
	return ts
}
