package doctor

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
)

// agent looks whether the agent answers, starting it if need be, and whether
// it is the one that belongs to this command.
func (e Env) agent(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		return e.Unanswered(err)
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

// Unanswered says why there is no agent to talk to. What the error itself
// advises comes first.
func (e Env) Unanswered(err error) Result {
	result := Result{State: Fail, Detail: "it does not answer: " + err.Error(),
		Mend: fmt.Sprintf("look at what it says: %q --foreground", e.Agent)}
	var known *rpc.Error
	if errors.As(err, &known) {
		result.Detail = "it does not answer: " + known.Message
	}
	var unsafe *paths.UnsafeError
	if errors.As(err, &unsafe) {
		result.Mend = unsafe.Hint
	} else if pid := e.Holder(); errors.Is(err, context.DeadlineExceeded) && pid != 0 {
		// A second agent would end at once, since this one holds the lock; and a
		// stopped process takes no other signal.
		result.Detail = fmt.Sprintf("process %d is the agent, and it does not answer", pid)
		result.Mend = fmt.Sprintf("kill -9 %d", pid)
	}
	return result
}

// keyring says whether sign-ins can be kept.
func (e Env) keyring(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		return unknown
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
	case "timeout":
		return Result{State: Warn, Detail: where + " does not answer; kept sign-ins cannot be used until it does",
			Mend: "sign in to the desktop again"}
	case "broken":
		return Result{State: Warn, Detail: where + " cannot be read; kept sign-ins cannot be used",
			Mend: fmt.Sprintf("look at what the agent says: cat %q", filepath.Join(e.Dirs.State, "log", "agent.log"))}
	case "absent":
		return Result{State: Warn, Detail: "no password store answers; sign-ins work, but cannot be kept",
			Mend: "install one that speaks the Secret Service protocol, such as gnome-keyring or KeePassXC, or run \"readmit credential store --file\""}
	}
	return Result{State: Warn, Detail: fmt.Sprintf("the agent says %q", status.Keyring), Mend: "install readmit again"}
}

// journal says whether history is kept.
func (e Env) journal(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		return unknown
	}
	switch status.Journal {
	case "read_only":
		return Result{State: Warn, Detail: "a newer readmit wrote it; nothing is added, and no kept sign-in is sent",
			Mend: "install the newer readmit again"}
	case "off":
		detail := "nothing is kept, and no kept sign-in is sent"
		if status.JournalProblem != "" {
			detail += ": " + status.JournalProblem
		}
		return Result{State: Fail, Detail: detail,
			Mend: fmt.Sprintf("set %s to a folder of yours on a local disk, then sign in to the desktop again", paths.StateEnv)}
	case "set_aside":
		return Result{State: Warn, Detail: "it was damaged and set aside; a new one was begun",
			Mend: fmt.Sprintf("ls %q/*.damaged-*", e.Dirs.State)}
	}
	return Result{State: OK, Detail: "in " + e.Dirs.State}
}
