package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/frame"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/rpc"
)

// The engines a caller may name.
const (
	engineChromium = "chromium"
	engineFirefox  = "firefox"
	engineCLI      = "cli"
)

const maxCaller = 4096 // bytes of the preamble

// program is a process's executable, by base name.
type program struct {
	pid  int
	name string
}

// greet reads the preamble and decides whether to talk at all.
func (c *conn) greet(in io.Reader) error {
	if err := c.net.SetReadDeadline(time.Now().Add(callerWait)); err != nil {
		return err
	}
	payload, err := frame.Read(in, maxCaller)
	if err != nil {
		c.refuse("the preamble did not arrive")
		return fmt.Errorf("reading the preamble: %w", err)
	}
	if err := c.net.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	var req rpc.Request
	if json.Unmarshal(payload, &req) != nil || req.Method != rpc.NotifyCaller || json.Unmarshal(req.Params, &c.caller) != nil {
		c.refuse("the first message must be the preamble")
		return errors.New("the first message is not the preamble")
	}
	if !knownCaller(c.caller) {
		c.refuse("this extension is not known to readmit")
		return errors.New("the extension is not on the list")
	}
	c.lookAtParent()
	return nil
}

func (c *conn) refuse(message string) {
	c.fail(nil, &rpc.Error{Code: rpc.CodeCallerRefused, Message: message, Hint: "install the extension that belongs to this readmit"})
}

// knownCaller checks the id against the lists in package about.
func knownCaller(caller rpc.Caller) bool {
	switch caller.Engine {
	case engineChromium:
		return slices.Contains(about.ChromiumExtensionIDs, caller.ExtensionID)
	case engineFirefox:
		return caller.ExtensionID == about.FirefoxExtensionID
	case engineCLI:
		return caller.ExtensionID == ""
	default:
		return false
	}
}

// browserOnly are the methods that hand secrets over or ask for it; cliOnly those that only
// a person at the command line has a use for.
var (
	browserOnly = []string{rpc.MethodCredentialAsk, rpc.MethodCredentialRelease, rpc.MethodCredentialSave}
	cliOnly     = []string{
		rpc.MethodAgentStop, rpc.MethodAccountList, rpc.MethodAccountStore, rpc.MethodAccountRemove, rpc.MethodStoreChoose,
	}
)

func allowed(engine, method string) bool {
	if engine == engineCLI {
		return !slices.Contains(browserOnly, method)
	}
	return !slices.Contains(cliOnly, method)
}

// lookAtParent asks the kernel who runs the host. Whoever is not started by a
// browser is answered, but never trusted with lasting consent; the log says so
// once.
func (c *conn) lookAtParent() {
	if c.caller.Engine == engineCLI {
		return
	}
	log := c.server.log.Warn().Str("part", "hub").Uint64("conn", c.id)
	pid, err := c.server.peer(c.net)
	if err != nil {
		log.Err(err).Msg("the peer is unknown: no lasting consent on this connection")
		return
	}
	p, err := c.server.parent(pid)
	switch {
	case err != nil:
		log.Err(err).Msg("the peer's parent is unknown: no lasting consent on this connection")
	case !slices.Contains(about.BrowserPrograms, p.name):
		log.Msg("the host was not started by a browser: no lasting consent on this connection")
	case c.caller.BrowserPID != 0 && c.caller.BrowserPID != p.pid:
		log.Msg("the host's parent is not the browser it names: no lasting consent on this connection")
	default:
		log.Discard()
		c.browserParent = true
	}
}

func peerPID(nc net.Conn) (int, error) {
	p, err := ipc.PeerOf(nc)
	return p.PID, err
}
