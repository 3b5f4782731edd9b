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
	if user := e.Getenv("SUDO_USER"); e.UID == 0 && user != "" && user != "root" {
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

// manifestsOf says which manifests a record knows, by whatever links lead there.
func manifestsOf(record register.Record) func(path string) bool {
	return func(path string) bool {
		resolved := path
		if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
			resolved = filepath.Join(folder, filepath.Base(path))
		}
		return slices.ContainsFunc(record.Files, func(entry register.Entry) bool { return entry.Path == path || entry.Path == resolved })
	}
}

// leftovers looks for manifests of readmit's that no record knows: another
// copy wrote them, and removing this one leaves them.
func (e Env) leftovers(known func(path string) bool) func(context.Context) Result {
	return func(context.Context) Result {
		for _, b := range browser.On(e.Machine.OS) {
			for _, path := range e.manifests(b.Systems[e.Machine.OS].User) {
				if !known(path) {
					return Result{State: Warn, Detail: path + " was not written by this copy, and is not removed with it", Mend: about.Name + " install --browser " + b.ID}
				}
			}
		}
		return Result{State: OK, Detail: "there are none"}
	}
}

// overruled says whether a policy makes the browser use what is set up for
// everybody, whatever the person has.
func (e Env) overruled(places browser.Places) bool {
	return e.forEverybody(places) && readPolicies(e.Machine.Base.ExpandAll(places.Policies)).userLevelBy != ""
}

// shadowed says which of two manifests a browser uses: that of the person
// stands before that of everybody.
func (e Env) shadowed(b browser.Browser, places browser.Places) Result {
	own, all := e.manifests(places.User), e.manifests(places.System)
	switch {
	case len(own) == 0 || len(all) == 0:
		return Result{State: OK, Detail: "none stands before another"}
	case e.overruled(places):
		return Result{State: OK, Detail: "the organisation's policy makes " + all[0] + " count"}
	}
	return Result{State: Warn, Detail: fmt.Sprintf("%s uses %s; the administrator's %s has no effect", b.Name, own[0], all[0]), Mend: fmt.Sprintf("rm %q", own[0])}
}

// policyFiles looks whether others than the administrator can write what the
// organisation set. Where a link leads is what counts.
func policyFiles(b browser.Browser, folders []string) Result {
	for _, path := range policyPaths(folders) {
		file, err := filepath.EvalSymlinks(path)
		if err != nil {
			continue // the policy check says why it cannot be read
		}
		if err := paths.TrustedFile(file); err != nil {
			return Result{State: Warn, Detail: fmt.Sprintf("others could change what the organisation set for %s: %v", b.Name, err), Mend: "ask the administrator: " + Hint(err)}
		}
	}
	return Result{State: OK, Detail: "no other user can change them"}
}
