// Package source reads the signature rows as people write them: YAML with a
// source address and examples per row.
//
// It promises that a row which is incomplete, misspelt or without examples is
// an error that names file and row. Programs never read YAML rows: they carry
// what Compile returns.
package source

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/readmit/readmit/agent/cause"
	"github.com/readmit/readmit/agent/signature"
)

// Row is a signature with its source and its examples.
type Row struct {
	ID         string              `yaml:"id"`
	Group      signature.Group     `yaml:"group"`
	Identifies string              `yaml:"identifies"`
	Source     string              `yaml:"source"` // where the marker is documented or was seen
	When       signature.Condition `yaml:"when"`
	Causes     map[cause.ID]string `yaml:"causes"` // "says", "against hint"
	Quote      *signature.Quote    `yaml:"quote"`
	Match      []Example           `yaml:"match"` // the row holds, and its strongest cause leads
	Miss       []Example           `yaml:"miss"`  // the row does not hold
	// Rank is false for rows too weak to lead on their own examples.
	Rank *bool `yaml:"rank"`
}

// Example is a response in as few words as show the marker.
type Example struct {
	URL     string            `yaml:"url"`
	Query   []string          `yaml:"query"`
	Method  string            `yaml:"method"`
	Type    string            `yaml:"type"`
	Status  int               `yaml:"status"`
	Headers map[string]string `yaml:"headers"`
	Cookies []string          `yaml:"cookies"`
	Title   string            `yaml:"title"`
	Body    string            `yaml:"body"`
}

// Read reads every .yaml file of a folder, in the order of their names.
func Read(folder fs.FS) ([]Row, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing signature rows: %w", err)
	}
	var all []Row
	seen := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("reading signature rows: %w", err)
		}
		var rows []Row
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		if err := dec.Decode(&rows); err != nil {
			return nil, fmt.Errorf("reading signature rows %s: %w", name, err)
		}
		for i := range rows {
			if err := rows[i].check(); err != nil {
				return nil, fmt.Errorf("%s: row %q: %w", path.Base(name), rows[i].ID, err)
			}
			if before, twice := seen[rows[i].ID]; twice {
				return nil, fmt.Errorf("%s: row %q is also in %s", name, rows[i].ID, before)
			}
			seen[rows[i].ID] = name
		}
		all = append(all, rows...)
	}
	return all, nil
}

func (r *Row) check() error {
	switch {
	case !strings.HasPrefix(r.Source, "https://"):
		return fmt.Errorf("source must be an https address")
	case len(r.Match) == 0 || len(r.Miss) == 0:
		return fmt.Errorf("at least one match and one miss example must stand at a row")
	}
	for _, e := range slices.Concat(r.Match, r.Miss) {
		if e.Status != 401 && e.Status != 403 {
			return fmt.Errorf("an example has status %d", e.Status)
		}
	}
	row := r.row()
	return row.Check()
}

// row is what the programs carry of r.
func (r *Row) row() signature.Row {
	return signature.Row{ID: r.ID, Group: r.Group, Identifies: r.Identifies, When: r.When, Causes: r.weighted(), Quote: r.Quote}
}

// Compile returns the rows as the programs carry them, without sources and
// examples.
func Compile(rows []Row) []byte {
	plain := make([]signature.Row, len(rows))
	for i := range rows {
		plain[i] = rows[i].row()
	}
	return signature.Encode(plain)
}

// weighted lists the causes by id, so that the result does not depend on the
// order of a map.
func (r *Row) weighted() []signature.Weighted {
	ws := make([]signature.Weighted, 0, len(r.Causes))
	for c, s := range r.Causes {
		plain, against := strings.CutPrefix(s, "against ")
		ws = append(ws, signature.Weighted{Cause: c, Strength: signature.Strength(plain), Against: against})
	}
	slices.SortFunc(ws, func(a, b signature.Weighted) int { return strings.Compare(string(a.Cause), string(b.Cause)) })
	return ws
}
