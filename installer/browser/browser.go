// Package browser is the table of browsers: where each one looks for native
// messaging hosts and how to tell that somebody uses it.
//
// It promises data without I/O: the same row gives the same places on every
// machine, so plans for all systems can be rendered and compared on one. A
// system that a row does not name is one that readmit cannot set up yet.
package browser

import "strings"

// Engine decides the shape of a manifest.
type Engine string

// The engines.
const (
	Chromium Engine = "chromium" // allowed_origins
	Firefox  Engine = "firefox"  // allowed_extensions
)

// Browser is one row of the table.
type Browser struct {
	ID     string // stable, what --browser takes
	Name   string // what people call it
	Engine Engine
	// Systems is keyed by GOOS.
	Systems map[string]Places
}

// Places are a browser's places on one system. Paths are templates for Expand.
type Places struct {
	// User and System are the folders for manifests of one user and of
	// everybody, in the order in which the browser looks.
	User, System []string
	// Profiles exist once somebody has started the browser.
	Profiles []string
	// Executables are the names under which it is found in PATH.
	Executables []string
	// Policies are folders of administrators' JSON files that may forbid
	// native messaging.
	Policies []string
	// Sandboxes exist when the browser was installed as a sandboxed package,
	// which cannot start a program of the desktop by itself.
	Sandboxes []Sandbox
}

// Sandbox is one sandboxed packaging of a browser.
type Sandbox struct {
	Kind   string // "snap" | "flatpak"
	Folder string // template
}

// Base is what templates stand on.
type Base struct {
	Home   string // {home}
	Config string // {config}: $XDG_CONFIG_HOME or ~/.config
	Root   string // {root}: empty but in tests, before absolute paths
}

// Expand fills in a template.
func (b Base) Expand(template string) string {
	return strings.NewReplacer("{home}", b.Home, "{config}", b.Config, "{root}", b.Root).Replace(template)
}

// ExpandAll fills in several.
func (b Base) ExpandAll(templates []string) []string {
	paths := make([]string, len(templates))
	for i, template := range templates {
		paths[i] = b.Expand(template)
	}
	return paths
}

// On returns the rows that know the system, in the table's order.
func On(system string) []Browser {
	var known []Browser
	for _, b := range All {
		if _, ok := b.Systems[system]; ok {
			known = append(known, b)
		}
	}
	return known
}

// ByID finds a row.
func ByID(id string) (Browser, bool) {
	for _, b := range All {
		if b.ID == id {
			return b, true
		}
	}
	return Browser{}, false
}

// IDs lists the ids of rows, in order.
func IDs(rows []Browser) []string {
	ids := make([]string, len(rows))
	for i, b := range rows {
		ids[i] = b.ID
	}
	return ids
}
