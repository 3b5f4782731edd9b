// Package browser is the table of browsers: where each one looks for native
// messaging hosts and how to tell that somebody uses it.
//
// It promises data without I/O: the same row gives the same places on every
// machine, so plans for all systems can be rendered and compared on one.
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
	// Systems is keyed by GOOS: "linux", "darwin", "windows".
	Systems map[string]Places
	// Sources are the pages and programs that the places were read from.
	Sources []string
}

// Places are a browser's places on one system. Paths are templates for Expand.
type Places struct {
	// User and System are the folders for manifests of one user and of
	// everybody. Of several a version reads one or the other.
	User, System []string
	// Keys are Windows' registry keys, beneath HKEY_CURRENT_USER for one user
	// and HKEY_LOCAL_MACHINE for everybody. A key of the host's name beneath
	// them names the manifest.
	Keys []string
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

	Support string // {support}: macOS, ~/Library/Application Support
	Local   string // {local}: Windows, %LocalAppData%
	Roaming string // {roaming}: Windows, %AppData%
}

// Example is the base of nobody in particular, for plans that are only shown.
var Example = Base{Home: "~", Config: "~/.config", Support: "~/Library/Application Support", Local: "%LocalAppData%", Roaming: "%AppData%"}

// Expand fills in a template.
func (b Base) Expand(template string) string {
	return strings.NewReplacer("{home}", b.Home, "{config}", b.Config, "{root}", b.Root,
		"{support}", b.Support, "{local}", b.Local, "{roaming}", b.Roaming).Replace(template)
}

// ExpandAll fills in several.
func (b Base) ExpandAll(templates []string) []string {
	paths := make([]string, len(templates))
	for i, template := range templates {
		paths[i] = b.Expand(template)
	}
	return paths
}

// On returns the rows that readmit can set up on the system, in the table's
// order. Of others than Linux it only shows plans, since none was seen working.
func On(system string) []Browser {
	if system != "linux" {
		return nil
	}
	return Known(system)
}

// Known returns the rows that name the system.
func Known(system string) []Browser {
	var rows []Browser
	for _, b := range All {
		if _, ok := b.Systems[system]; ok {
			rows = append(rows, b)
		}
	}
	return rows
}

// Systems are the systems that rows name, as people call them.
var Systems = []string{"linux", "macos", "windows"}

// GOOS is what the table calls a system.
func GOOS(system string) string {
	if system == "macos" {
		return "darwin"
	}
	return system
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
