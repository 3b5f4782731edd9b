package doctor

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/rpc"
)

// agent looks whether the agent answers, starting it if need be, and whether
// it is the one that belongs to this command.
func (e Env) agent(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		detail := err.Error()
		var known *rpc.Error
		if errors.As(err, &known) {
			detail = known.Message
		}
		return Result{State: Fail, Detail: "it does not answer: " + detail,
			Mend: fmt.Sprintf("look at what it says: %q --foreground", e.Agent)}
	}
	if status.Version != about.Version {
		return Result{State: Warn, Mend: fmt.Sprintf("kill %d", status.PID),
			Detail: fmt.Sprintf("version %s is running, this is %s", status.Version, about.Version),
			fix: func(ctx context.Context) error {
				defer agent.again()
				return e.Stop(ctx)
			}}
	}
	return Result{State: OK, Detail: fmt.Sprintf("version %s answers, process %d", status.Version, status.PID)}
}

// keyring says whether sign-ins can be kept.
func keyring(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		return Result{State: Warn, Detail: "not known, because the agent does not answer", Mend: "see Agent above"}
	}
	where := "the desktop's password store"
	if status.Vault == "file" {
		where = "the encrypted file that was chosen"
	}
	switch status.Keyring {
	case "ok":
		return Result{State: OK, Detail: where + " is open"}
	case "locked":
		return Result{State: Warn, Detail: where + " is locked; kept sign-ins cannot be used until it is opened",
			Mend: "sign in to the desktop again, or open it in the desktop's password manager"}
	case "absent":
		return Result{State: Warn, Detail: "no password store answers; sign-ins work, but cannot be kept",
			Mend: "install one that speaks the Secret Service protocol, such as gnome-keyring or KeePassXC"}
	}
	return Result{State: Warn, Detail: fmt.Sprintf("the agent says %q", status.Keyring), Mend: "install readmit again"}
}

// journal says whether history is kept.
func (e Env) journal(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		return Result{State: Warn, Detail: "not known, because the agent does not answer", Mend: "see Agent above"}
	}
	switch status.Journal {
	case "read_only":
		return Result{State: Warn, Detail: "a newer readmit wrote it; nothing is added", Mend: "install the newer readmit again"}
	case "set_aside":
		return Result{State: Warn, Detail: "it was damaged and set aside; a new one was begun",
			Mend: fmt.Sprintf("ls %q", filepath.Join(e.Dirs.State, "*.damaged-*"))}
	}
	return Result{State: OK, Detail: "in " + e.Dirs.State}
}
