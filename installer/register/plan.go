// Package register puts native-messaging host manifests where browsers look
// for them, and takes them away again.
//
// It promises that a plan is data (rendered alike on every system), that
// nothing is written through a link that was put in its way after planning,
// that a manifest somebody else wrote is kept aside and never lost, and that
// Undo removes exactly what a record says Apply wrote: a file changed since
// stays and is reported.
//
// Limits: a process of the same user could change the
// folders at any time and is not defended against.
package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/browser"
)

// FileName is what a manifest is called in every folder.
const FileName = about.NativeHost + ".json"

// Options say what to plan. All fields but Resolve are required.
type Options struct {
	Browsers []browser.Browser
	Base     browser.Base
	HostPath string // absolute
	OS       string // GOOS
	System   bool   // for everybody, not for one user
	// Resolve follows the links above a manifest folder, so that the plan names
	// the place itself. Nil means to follow those on this machine.
	Resolve func(path string) (string, error)
}

// Plan is what Apply would write.
type Plan struct{ Actions []Action }

// Action writes one manifest.
type Action struct {
	Browser string // id
	Name    string
	Also    []string // names of other browsers that read this very file
	// Anchor is a folder taken as it is. Apply follows no link beneath it.
	Anchor  string
	Folder  string // of the manifest, beneath Anchor
	Shared  bool   // everybody may read the folders that are made
	Content []byte
}

// Path is where the manifest goes.
func (a Action) Path() string { return filepath.Join(a.Folder, FileName) }

// New plans manifests for the browsers. It writes nothing.
func New(o Options) (Plan, error) {
	if !filepath.IsAbs(o.HostPath) {
		return Plan{}, fmt.Errorf("planning manifests: the host's path %q is not absolute", o.HostPath)
	}
	resolve := o.Resolve
	if resolve == nil {
		resolve = followLinks
	}
	top := o.Base.Home
	if o.System {
		top = o.Base.Expand("{root}/")
	}
	home, err := resolve(filepath.Clean(top))
	if err != nil {
		return Plan{}, fmt.Errorf("planning manifests: %w", err)
	}
	var plan Plan
	for _, b := range o.Browsers {
		places, ok := b.Systems[o.OS]
		if !ok {
			return Plan{}, fmt.Errorf("planning manifests: where %s looks on %s is not known", b.Name, o.OS)
		}
		content, err := Manifest(b.Engine, o.HostPath)
		if err != nil {
			return Plan{}, err
		}
		for _, folder := range o.folders(places) {
			above, err := resolve(filepath.Dir(folder))
			if err != nil {
				return Plan{}, fmt.Errorf("planning the manifest of %s: %w", b.Name, err)
			}
			anchor := home
			if !beneath(above, home) {
				anchor = filepath.VolumeName(above) + string(filepath.Separator)
			}
			plan.add(Action{
				Browser: b.ID, Name: b.Name, Anchor: anchor,
				Folder: filepath.Join(above, filepath.Base(folder)), Shared: o.System, Content: content,
			})
		}
	}
	return plan, nil
}

// folders are those that get a manifest. Of several for everybody only those
// whose tree is there: not every system has lib64.
func (o *Options) folders(places browser.Places) []string {
	if !o.System {
		return o.Base.ExpandAll(places.User)
	}
	all := o.Base.ExpandAll(places.System)
	there := slices.DeleteFunc(slices.Clone(all), func(folder string) bool {
		_, err := os.Stat(filepath.Dir(filepath.Dir(folder)))
		return err != nil
	})
	if len(there) == 0 {
		return all
	}
	return there
}

// add plans an action, unless it is planned for another browser already.
func (p *Plan) add(a Action) {
	for i := range p.Actions {
		if same := &p.Actions[i]; same.Path() == a.Path() {
			if same.Browser != a.Browser && !slices.Contains(same.Also, a.Name) {
				same.Also = append(same.Also, a.Name)
			}
			return
		}
	}
	p.Actions = append(p.Actions, a)
}

// manifest is a native messaging host manifest, its members in the order in
// which vendors' pages show them.
// https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging#native-messaging-host
// https://developer.mozilla.org/en-US/docs/Mozilla/Add-ons/WebExtensions/Native_manifests#native_messaging_manifests
type manifest struct {
	Name              string   `json:"name"`
	Description       string   `json:"description"`
	Path              string   `json:"path"`
	Type              string   `json:"type"`
	AllowedOrigins    []string `json:"allowed_origins,omitempty"`
	AllowedExtensions []string `json:"allowed_extensions,omitempty"`
}

// Manifest renders the manifest for browsers of an engine.
func Manifest(engine browser.Engine, hostPath string) ([]byte, error) {
	m := manifest{
		Name:        about.NativeHost,
		Description: "readmit: says why a page turned you away and what to do next",
		Path:        hostPath,
		Type:        "stdio",
	}
	switch engine {
	case browser.Chromium:
		m.AllowedOrigins = Origins()
	case browser.Firefox:
		m.AllowedExtensions = []string{about.FirefoxExtensionID}
	default:
		return nil, fmt.Errorf("rendering a manifest: unknown engine %q", engine)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // paths may hold an ampersand
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("rendering a manifest: %w", err)
	}
	return out.Bytes(), nil
}

// Origins are the extensions that a Chromium-based browser may connect.
func Origins() []string {
	origins := make([]string, len(about.ChromiumExtensionIDs))
	for i, id := range about.ChromiumExtensionIDs {
		origins[i] = "chrome-extension://" + id + "/"
	}
	return origins
}

// followLinks resolves the deepest part of path that exists and appends the
// rest: people do keep ~/.config or a browser's profile elsewhere.
func followLinks(path string) (string, error) {
	var rest []string
	for at := path; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); err == nil {
			resolved, err := filepath.EvalSymlinks(at)
			if err != nil {
				return "", err
			}
			return filepath.Join(append([]string{resolved}, rest...)...), nil
		} else if !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			return "", err
		}
		rest = append([]string{filepath.Base(at)}, rest...)
	}
}

// beneath reports whether path is root or inside it.
func beneath(path, root string) bool {
	rel, err := filepath.Rel(root, path)
	return err == nil && filepath.IsLocal(rel)
}
