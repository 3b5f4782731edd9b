package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/register"
)

const (
	// hostLimit bounds how long the host may take to introduce itself; on a busy
	// computer the start of a program takes seconds.
	hostLimit = 8 * time.Second
	// maxPreamble bounds what it says.
	maxPreamble = 4 << 10
)

// HostVersion starts the native host as a browser does and reads its version
// from what it tells an agent first. The agent is played by this function, in
// a folder of its own, so that a running one is not disturbed.
func HostVersion(ctx context.Context, program string) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, hostLimit)
	defer cancel()
	defer func() {
		if err != nil {
			err = fmt.Errorf("starting %s as a browser does: %w", program, err)
		}
	}()
	folder, err := os.MkdirTemp("", "readmit-doctor-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	dirs := paths.Dirs{Config: folder, State: folder, Runtime: filepath.Join(folder, "run")}
	defer func() { _ = os.RemoveAll(filepath.Dir(dirs.Socket())) }() // elsewhere if the path is long
	listener, err := ipc.Listen(dirs)
	if err != nil {
		return "", err
	}
	defer func() { _ = listener.Close() }()

	host := exec.CommandContext(ctx, program, register.Origins()[0])
	host.Env = append(os.Environ(), paths.RuntimeEnv+"="+dirs.Runtime)
	host.WaitDelay = time.Second
	stdin, err := host.StdinPipe() // open as long as the browser is there
	if err != nil {
		return "", err
	}
	if err := host.Start(); err != nil {
		return "", err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = host.Wait()      // how it ended says nothing: it is told to, or killed
		_ = listener.Close() // a host that has ended does not call any more
	}()
	defer func() {
		_ = stdin.Close() // the browser is gone: the host ends
		<-ended
	}()
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()

	conn, err := listener.Accept()
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("it ended without calling the agent")
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(hostLimit)); err != nil {
		return "", err
	}
	payload, err := frame.Read(conn, maxPreamble)
	if err != nil {
		return "", err
	}
	var preamble struct {
		Method string     `json:"method"`
		Params rpc.Caller `json:"params"`
	}
	if err := json.Unmarshal(payload, &preamble); err != nil || preamble.Method != rpc.NotifyCaller {
		return "", fmt.Errorf("it did not introduce itself")
	}
	return preamble.Params.HostVersion, nil
}
