package doctor

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
)

// Env is the computer as the checks see it. All fields are required.
type Env struct {
	Machine     register.Machine
	Dirs        paths.Dirs
	Host, Agent string   // paths of the programs beside the running command
	Temporary   []string // folders that are emptied at times
	Getenv      func(string) string
	Now         func() time.Time
	// HostVersion is the function HostVersion but in tests.
	HostVersion func(ctx context.Context, program string) (string, error)
	// Status asks the agent how it is, starting it when it does not run; Stop
	// ends it.
	Status func(context.Context) (rpc.StatusResult, error)
	Stop   func(context.Context) error
	// Holder is the process that holds the agent's lock, 0 when none does.
	Holder func() int
}

// Checks lists the checks for this computer: those of readmit itself, then
// those of each browser that is in use or was set up.
func Checks(e Env) []Check {
	agent := &agentState{status: e.Status}
	checks := []Check{
		{"programs", "Programs", e.programs},
		{"folders", "Folders", e.folders},
		{"environment", "Environment", e.environment},
		{"clock", "Clock", e.clock},
		{"agent", "Agent", func(ctx context.Context) Result { return e.agent(ctx, agent) }},
		{"keyring", "Password store", func(ctx context.Context) Result { return e.keyring(ctx, agent) }},
		{"journal", "Journal", func(ctx context.Context) Result { return e.journal(ctx, agent) }},
	}
	record, err := register.Load(e.Dirs.State)
	if err != nil {
		checks = append(checks, Check{"record", "Record", func(context.Context) Result { return damagedRecord(err) }})
	}
	inUse := map[string]bool{}
	for _, b := range register.InUse(e.Machine) {
		inUse[b.ID] = true
	}
	setUp := map[string]bool{}
	for _, entry := range record.Files {
		setUp[entry.Browser] = true
	}
	found := false
	for _, b := range browser.On(e.Machine.OS) {
		places := b.Systems[e.Machine.OS]
		if inUse[b.ID] || setUp[b.ID] {
			found = true
			// One browser set up by choice does not make the others faulty.
			wanted := setUp[b.ID] || len(setUp) == 0
			checks = append(checks, Check{"manifest." + b.ID, b.Name,
				func(context.Context) Result { return e.manifest(b, wanted) }})
			if len(places.Policies) > 0 {
				checks = append(checks, Check{"policy." + b.ID, b.Name + " policies", func(context.Context) Result {
					return policies(b, e.Machine.Base.ExpandAll(places.Policies), e.forEverybody(places))
				}})
			}
		}
		for _, sandbox := range places.Sandboxes {
			if folder := e.Machine.Base.Expand(sandbox.Folder); exists(folder) {
				found = true
				checks = append(checks, Check{"sandbox." + b.ID + "." + sandbox.Kind, b.Name + " from " + sandbox.Kind,
					func(context.Context) Result { return sandboxed(b, sandbox.Kind) }})
			}
		}
	}
	if !found {
		checks = append(checks, Check{"browsers", "Browsers", noBrowser})
	}
	return checks
}

// forEverybody reports whether a manifest of the whole system is there.
func (e Env) forEverybody(places browser.Places) bool {
	for _, folder := range e.Machine.Base.ExpandAll(places.System) {
		if exists(filepath.Join(folder, register.FileName)) {
			return true
		}
	}
	return false
}

// agentState asks once, so that one fault does not cost a wait per check.
type agentState struct {
	status func(context.Context) (rpc.StatusResult, error)
	once   sync.Once
	result rpc.StatusResult
	err    error
}

func (a *agentState) get(ctx context.Context) (rpc.StatusResult, error) {
	a.once.Do(func() { a.result, a.err = a.status(ctx) })
	return a.result, a.err
}

// again forgets the answer after something was mended.
func (a *agentState) again() { a.once = sync.Once{} }
