package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

// command looks whether typing "readmit" starts this one.
func (e Env) command(context.Context) Result {
	found, err := e.Machine.LookPath(about.Name)
	if err != nil {
		return Result{State: OK, Detail: "not in PATH; it is run by its path"}
	}
	if resolved, err := filepath.EvalSymlinks(found); err == nil {
		found = resolved
	}
	if own := filepath.Dir(e.Host); filepath.Dir(found) != own {
		return Result{State: Warn, Detail: fmt.Sprintf("typing %q starts %s, another copy than this", about.Name, found), Mend: fmt.Sprintf("export PATH=%q:\"$PATH\"", own)}
	}
	return Result{State: OK, Detail: found}
}

// user points out that the person's own set-up is not what is looked at.
func (e Env) user(context.Context) Result {
	if user := e.Getenv("SUDO_USER"); user != "" && user != "root" {
		return Result{State: Warn, Detail: "this looks at root's set-up; run it without sudo for that of " + user, Mend: about.Name + " doctor"}
	}
	return Result{State: OK, Detail: "this looks at your own set-up"}
}

// extension compares the extension that lies beside the programs with them.
func (e Env) extension(context.Context) Result {
	path := filepath.Join(e.Extension, "manifest.json")
	data, err := read(path)
	var manifest struct {
		Version string `json:"version"`
	}
	if err == nil {
		err = json.Unmarshal(data, &manifest)
	}
	switch {
	case err != nil:
		return Result{State: Fail, Detail: fmt.Sprintf("the extension beside the programs cannot be loaded: %v", err), Mend: sameRelease}
	case manifest.Version != about.Version:
		return Result{State: Warn, Detail: fmt.Sprintf("the extension in %s is version %s, this is %s", e.Extension, manifest.Version, about.Version), Mend: sameRelease}
	}
	return Result{State: OK, Detail: "version " + manifest.Version + " in " + e.Extension}
}

// leftovers looks for manifests of readmit's that no record knows: another
// copy wrote them, and removing this one leaves them.
func (e Env) leftovers(record register.Record) func(context.Context) Result {
	return func(context.Context) Result {
		var known, left []string
		for _, entry := range record.Files {
			known = append(known, entry.Path)
		}
		for _, b := range browser.On(e.Machine.OS) {
			for _, folder := range e.Machine.Base.ExpandAll(b.Systems[e.Machine.OS].User) {
				path := filepath.Join(folder, register.FileName)
				if resolved, err := filepath.EvalSymlinks(folder); err == nil && slices.Contains(known, filepath.Join(resolved, register.FileName)) {
					continue
				}
				if exists(path) && !slices.Contains(known, path) && !slices.Contains(left, path) {
					left = append(left, path)
				}
			}
		}
		if len(left) > 0 {
			return Result{State: Warn, Detail: fmt.Sprintf("%s was not written by this copy, and is not removed with it", left[0]), Mend: about.Name + " install"}
		}
		return Result{State: OK, Detail: "there are none"}
	}
}

// shadowed says which of two manifests a browser uses: that of the person
// stands before that of everybody.
func (e Env) shadowed(b browser.Browser, places browser.Places) (Result, bool) {
	own, all := e.firstManifest(places.User), e.firstManifest(places.System)
	if own == "" || all == "" {
		return Result{}, false
	}
	return Result{State: Warn, Detail: fmt.Sprintf("%s uses %s; the administrator's %s has no effect", b.Name, own, all),
		Mend: about.Name + " uninstall"}, true
}

// firstManifest is the manifest that is found first in the folders, "" when
// there is none.
func (e Env) firstManifest(folders []string) string {
	for _, folder := range e.Machine.Base.ExpandAll(folders) {
		if path := filepath.Join(folder, register.FileName); exists(path) {
			return path
		}
	}
	return ""
}

// policyFiles looks whether others than the administrator can write what the
// organisation set.
func policyFiles(b browser.Browser, folders []string) Result {
	for _, folder := range folders {
		files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
		for _, file := range files {
			if err := paths.TrustedFile(file); err != nil {
				return Result{State: Warn, Detail: fmt.Sprintf("others could change what the organisation set for %s: %v", b.Name, err), Mend: "ask the administrator: " + Hint(err)}
			}
		}
	}
	return Result{State: OK, Detail: "only the administrator can change them"}
}
