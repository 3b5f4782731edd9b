package doctor

import (
	"context"
	"slices"
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
	// Free says how many bytes a folder's disk has left for this user.
	Free func(folder string) (uint64, error)
	// Extension is the extension's folder beside the programs, "" when it is
	// not there.
	Extension string
	UID       int // who runs this
	// Holder is the process that holds the agent's lock, 0 when none does.
	Holder func() int
}

// ProgramChecks are those of the programs alone, for who sets them up for others.
func ProgramChecks(e Env) []Check {
	return []Check{{"programs", "Programs", e.programs}, {"clock", "Clock", e.clock}}
}

// Checks lists the checks for this computer: those of readmit itself, then
// those of each browser that is in use or was set up.
func Checks(e Env) []Check {
	agent := &agentState{status: e.Status}
	checks := []Check{
		{"user", "User", e.user},
		{"programs", "Programs", e.programs},
		{"command", "Command", e.command},
		{"folders", "Folders", e.folders},
		{"log", "Log", e.log},
		{"disk", "Disk", e.disk},
		{"environment", "Environment", e.environment},
		{"clock", "Clock", e.clock},
		{"socket", "Socket", e.socket},
		agent.check("agent", "Agent", e.agent),
		agent.check("second", "One agent", e.second),
		agent.check("keyring", "Password store", e.keyring),
		agent.check("bus", "Session bus", e.bus),
		agent.check("passphrase", "Passphrase", e.passphrase),
		agent.check("journal", "Journal", e.journal),
		agent.check("signatures", "Signatures", e.signatures),
	}
	if e.Extension != "" {
		checks = append(checks, Check{"extension", "Extension", e.extension})
	}
	record, err := register.Load(e.Dirs.State)
	known := manifestsOf(record)
	if err != nil {
		checks = append(checks, Check{"record", "Record", func(context.Context) Result { return damagedRecord(err) }})
	} else {
		checks = append(checks, Check{"leftovers", "Other copies", e.leftovers(known)})
	}
	inUse := map[string]bool{}
	for _, b := range register.InUse(e.Machine) {
		inUse[b.ID] = true
	}
	setUp, forAll := map[string]bool{}, false
	for _, b := range browser.On(e.Machine.OS) {
		places := b.Systems[e.Machine.OS]
		setUp[b.ID] = slices.ContainsFunc(e.manifestPaths(places.User), known)
		forAll = forAll || e.forEverybody(places)
	}
	found := false
	for _, b := range browser.On(e.Machine.OS) {
		places := b.Systems[e.Machine.OS]
		if inUse[b.ID] || setUp[b.ID] {
			found = true
			// One browser set up by choice does not make the others faulty.
			wanted := setUp[b.ID] || (len(record.Files) == 0 && !forAll)
			checks = append(checks, Check{"manifest." + b.ID, b.Name,
				func(context.Context) Result { return e.manifest(b, wanted) }})
			if len(places.Policies) > 0 {
				checks = append(checks, Check{"policy." + b.ID, b.Name + " policies", func(context.Context) Result {
					return policies(b, e.Machine.Base.ExpandAll(places.Policies), e.forEverybody(places))
				}}, Check{"policy-files." + b.ID, b.Name + " policy files", func(context.Context) Result {
					return policyFiles(b, e.Machine.Base.ExpandAll(places.Policies))
				}})
			}
			checks = append(checks, Check{"shadow." + b.ID, b.Name + " manifests", func(context.Context) Result { return e.shadowed(b, places) }})
		}
		for _, sandbox := range places.Sandboxes {
			if folder := e.Machine.Base.Expand(sandbox.Folder); exists(folder) {
				if last := len(checks) - 1; checks[last].ID == "sandbox."+b.ID+"."+sandbox.Kind {
					continue // two packages of one kind are one trouble
				}
				found = true
				checks = append(checks, Check{"sandbox." + b.ID + "." + sandbox.Kind, b.Name + " from " + sandbox.Kind,
					func(context.Context) Result { return sandboxed(b, sandbox.Kind) }})
			}
		}
	}
	if !found {
		checks = append(checks, Check{"browsers", "Browsers", e.noBrowser})
	}
	return checks
}

// forEverybody reports whether a manifest of the whole system is there.
func (e Env) forEverybody(places browser.Places) bool {
	return len(e.manifests(places.System)) > 0
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

// check is one that rests on the agent's answer.
func (a *agentState) check(id, title string, look func(context.Context, *agentState) Result) Check {
	return Check{id, title, func(ctx context.Context) Result { return look(ctx, a) }}
}

// again forgets the answer after something was mended.
func (a *agentState) again() { a.once = sync.Once{} }
