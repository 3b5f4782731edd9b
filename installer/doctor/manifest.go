package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

// maxFile bounds what is read of a manifest or policy.
const maxFile = 1 << 20

// manifest looks at the manifests that the browser would use: those of the
// person stand before those of everybody, unless a policy says otherwise.
func (e Env) manifest(b browser.Browser, wanted bool) Result {
	places := b.Systems[e.Machine.OS]
	install := Result{State: Fail, Mend: about.Name + " install --browser " + b.ID, fix: func(context.Context) error { return e.install(b) }}
	if own := e.manifests(places.User); len(own) > 0 && !e.overruled(places) {
		return e.worst(b, own, install)
	}
	if all := e.manifests(places.System); len(all) > 0 {
		return e.worst(b, all, Result{State: Fail, Mend: "ask the administrator to install readmit again"})
	}
	if !wanted {
		return Result{State: Warn, Detail: "not set up for readmit", Mend: install.Mend}
	}
	install.Detail = "it does not know readmit: the manifest is missing"
	return install
}

// worst judges manifests of which the browser reads one, and nobody knows which.
func (e Env) worst(b browser.Browser, files []string, fault Result) Result {
	var worst Result
	for i, path := range files {
		data, err := read(path)
		result := e.judge(b, path, data, err, fault)
		if i == 0 || result.State == Fail || (result.State == Warn && worst.State == OK) {
			worst = result
		}
		if worst.State == Fail {
			break
		}
	}
	return worst
}

// manifests are those of readmit's that are there in the folders.
func (e Env) manifests(folders []string) []string {
	return slices.DeleteFunc(e.manifestPaths(folders), func(path string) bool {
		_, err := os.Lstat(path)
		return err != nil
	})
}

// manifestPaths are where readmit's manifests belong in the folders.
func (e Env) manifestPaths(folders []string) []string {
	all := e.Machine.Base.ExpandAll(folders)
	for i, folder := range all {
		all[i] = filepath.Join(folder, register.FileName)
	}
	return all
}

// judge compares a manifest with what it has to be. The fault it returns is
// the given result with its detail filled in.
func (e Env) judge(b browser.Browser, path string, data []byte, readErr error, fault Result) Result {
	if readErr != nil {
		fault.Detail = readErr.Error()
		return fault
	}
	var m struct {
		Name              string   `json:"name"`
		Path              string   `json:"path"`
		Type              string   `json:"type"`
		AllowedOrigins    []string `json:"allowed_origins"`
		AllowedExtensions []string `json:"allowed_extensions"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		fault.Detail = fmt.Sprintf("%s is damaged: %v", path, err)
		return fault
	}
	allowed, ours := m.AllowedExtensions, []string{about.FirefoxExtensionID}
	if b.Engine == browser.Chromium {
		allowed, ours = m.AllowedOrigins, register.Origins()
	}
	switch {
	case m.Name != about.NativeHost || m.Type != "stdio":
		fault.Detail = fmt.Sprintf("%s has name %q and type %q, not %q and \"stdio\"", path, m.Name, m.Type, about.NativeHost)
		return fault
	case !filepath.IsAbs(m.Path):
		fault.Detail = fmt.Sprintf("%s points to %q, which is no absolute path", path, m.Path)
		return fault
	case !exists(m.Path):
		fault.Detail = fmt.Sprintf("it cannot start readmit: %s points to a file that is gone (%s)", path, m.Path)
		return fault
	}
	for _, id := range ours {
		if !slices.Contains(allowed, id) {
			fault.Detail = fmt.Sprintf("%s does not let readmit's extension %s in", path, id)
			return fault
		}
	}
	if err := register.Lasting(m.Path, e.Temporary); err != nil && m.Path == e.Host {
		return unfit(m.Path, err)
	} else if err != nil {
		fault.Detail = err.Error()
		return fault
	}
	var others []string
	for _, id := range allowed {
		if !slices.Contains(ours, id) {
			others = append(others, id)
		}
	}
	fault.State = Warn
	switch {
	case len(others) > 0:
		fault.Detail = fmt.Sprintf("%s lets other extensions in too: %s", path, strings.Join(others, ", "))
		return fault
	case m.Path != e.Host:
		fault.Detail = fmt.Sprintf("it starts %s, not the program beside this command", m.Path)
		return fault
	}
	return Result{State: OK, Detail: "set up in " + path}
}

// install writes the manifest of one browser again.
func (e Env) install(b browser.Browser) error {
	if err := register.Lasting(e.Host, e.Temporary); err != nil {
		return err
	}
	plan, err := register.New(register.Options{
		Browsers: []browser.Browser{b}, Base: e.Machine.Base, HostPath: e.Host, OS: e.Machine.OS,
	})
	if err != nil {
		return err
	}
	changes, err := register.Apply(plan, e.Dirs.State, false)
	if err != nil {
		return err
	}
	for _, change := range changes {
		if change.Err != nil {
			return change.Err
		}
	}
	return nil
}

// sandboxed says what a sandboxed package means for readmit.
func sandboxed(b browser.Browser, kind string) Result {
	return Result{State: Warn,
		Detail: fmt.Sprintf("%s as a %s package may not start programs of the desktop; readmit explains, but cannot sign in", b.Name, kind),
		Mend:   "install " + b.Name + " from the system's own packages"}
}

func (e Env) noBrowser(context.Context) Result {
	return Result{State: Warn, Detail: "none that readmit knows was found: " + strings.Join(browser.IDs(browser.On(e.Machine.OS)), ", "),
		Mend: about.Name + " install --all"}
}

func damagedRecord(err error) Result {
	return Result{State: Fail, Detail: err.Error(), Mend: Hint(err)}
}

// read reads a file, but not without end.
func read(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxFile))
}
