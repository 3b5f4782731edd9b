package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/readmit/readmit/agent/about"
)

// socket looks for what stands in the way of the agent's socket. One that an
// agent left behind is no trouble: the next start replaces it.
func (e Env) socket(context.Context) Result {
	path := e.Dirs.Socket()
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Result{State: OK, Detail: "made when the agent starts"}
	case err != nil:
		return Result{State: Warn, Detail: err.Error(), Mend: fmt.Sprintf("ls -l %q", path)}
	case info.Mode()&fs.ModeSocket == 0:
		return inTheWay(path, "no socket, and stands where the agent's belongs")
	case e.Holder() == 0:
		return Result{State: OK, Detail: path + " may be left behind by an agent that ended; the next start replaces it"}
	}
	return Result{State: OK, Detail: path}
}

// second looks whether the agent that answers is the one that holds the lock.
func (e Env) second(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		return unknown
	}
	if holder := e.Holder(); holder != 0 && status.PID != 0 && holder != status.PID {
		return Result{State: Fail, Mend: fmt.Sprintf("kill %d %d", status.PID, holder),
			Detail: fmt.Sprintf("two agents run: process %d answers, and process %d holds the lock", status.PID, holder)}
	}
	return Result{State: OK, Detail: "there is one agent"}
}

// unknown is what can be said while the agent does not answer.
var unknown = Result{State: Warn, Detail: "not known, because the agent does not answer", Mend: "see Agent above"}

// bus looks, where no password store was found, whether there is a session bus
// to find one on.
func (e Env) bus(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	switch {
	case err != nil:
		return unknown
	case e.Machine.OS != "linux" || status.Keyring != "absent" || status.Vault == "file":
		return Result{State: OK, Detail: "nothing is missing"}
	}
	if runtime := e.Getenv("XDG_RUNTIME_DIR"); e.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" && (runtime == "" || !exists(filepath.Join(runtime, "bus"))) {
		return Result{State: Warn, Detail: "there is no session bus, on which a password store would answer", Mend: "sign in to the desktop, not by ssh or su, and run this there"}
	}
	return Result{State: OK, Detail: "there is one, without a password store on it"}
}

// signatures says whether the file of newer signatures is in force.
func (e Env) signatures(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	if err != nil {
		return unknown
	}
	if problem := status.Signatures.Problem; problem != "" {
		mend := status.Signatures.Hint
		if mend == "" {
			mend = "ask the administrator to put the file there again"
		}
		return Result{State: Warn, Detail: "the newer ones are not used: " + problem, Mend: mend}
	}
	return Result{State: OK, Detail: fmt.Sprintf("%d are in force", status.Signatures.Rows)}
}

// passphrase looks, where the encrypted file was chosen, whether what opens it
// is there and closed to others.
func (e Env) passphrase(ctx context.Context, agent *agentState) Result {
	status, err := agent.get(ctx)
	switch {
	case err != nil:
		return unknown
	case status.Vault != "file":
		return Result{State: OK, Detail: "none is needed"}
	}
	path := filepath.Join(e.Dirs.Config, "passphrase")
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Result{State: Fail, Detail: "what opens the encrypted file is gone: " + path, Mend: about.Name + " credential store --file"}
	case err != nil:
		return Result{State: Fail, Detail: err.Error(), Mend: fmt.Sprintf("ls -l %q", path)}
	case !info.Mode().IsRegular():
		return Result{State: Fail, Detail: path + " is no plain file", Mend: "put the file itself there"}
	case info.Mode().Perm()&0o077 != 0:
		return Result{State: Fail, Detail: path + " can be read by others", Mend: fmt.Sprintf("chmod 600 %q", path),
			fix: func(context.Context) error { return os.Chmod(path, 0o600) }}
	}
	return Result{State: OK, Detail: path}
}
