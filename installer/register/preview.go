package register

import (
	"fmt"
	"slices"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/browser"
)

// Place is one file or registry key that setting up would write.
type Place struct {
	Browser string   // id
	Also    []string // names of other browsers that read this very place
	Path    string
}

// manifests is the folder of Windows' manifests, to which the keys point: one
// file for each engine.
const manifests = `{local}\readmit\`

// Preview lists what would be written for the browsers on a system, which need
// not be this one: nothing is looked at, and the places are those of nobody in
// particular.
func Preview(rows []browser.Browser, system string) ([]Place, error) {
	var all []Place
	add := func(b browser.Browser, path string) {
		if i := slices.IndexFunc(all, func(p Place) bool { return p.Path == path }); i < 0 {
			all = append(all, Place{Browser: b.ID, Path: path})
		} else if all[i].Browser != b.ID && !slices.Contains(all[i].Also, b.Name) {
			all[i].Also = append(all[i].Also, b.Name)
		}
	}
	for _, b := range rows {
		places, ok := b.Systems[system]
		if !ok {
			return nil, fmt.Errorf("%s is not known on %s", b.Name, system)
		}
		for _, folder := range places.User {
			add(b, browser.Example.Expand(folder)+"/"+FileName)
		}
		for _, key := range places.Keys {
			add(b, browser.Example.Expand(manifests+string(b.Engine)+`\`+FileName))
			add(b, `HKEY_CURRENT_USER\`+key+`\`+about.NativeHost)
		}
	}
	return all, nil
}
