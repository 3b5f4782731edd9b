package demo

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/paths"
)

// How long programs of the stage may take.
const (
	startLimit = 30 * time.Second
	stopLimit  = 3 * time.Second
)

// stage is the throw-away folder with an agent at work in it.
type stage struct {
	root  string
	dirs  paths.Dirs
	bin   string
	agent *program
}

// raise makes the folder and starts the agent in it.
func raise(ctx context.Context, bin string) (*stage, error) {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return nil, fmt.Errorf("finding the programs: %w", err)
	}
	root, err := os.MkdirTemp("", "readmit-demo-")
	if err != nil {
		return nil, fmt.Errorf("making a throw-away folder: %w", err)
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, fmt.Errorf("making a throw-away folder: %w", err)
	}
	s := &stage{root: root, bin: bin, dirs: paths.Dirs{
		Config: filepath.Join(root, "config"), State: filepath.Join(root, "state"), Runtime: filepath.Join(root, "run"),
	}}
	if err := s.startAgent(ctx); err != nil {
		return nil, errors.Join(err, s.clear())
	}
	return s, nil
}

func (s *stage) startAgent(ctx context.Context) error {
	for _, folder := range []string{s.dirs.Config, s.dirs.State, s.dirs.Runtime, s.home(), s.temp()} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			return fmt.Errorf("making a throw-away folder: %w", err)
		}
	}
	passphrase := filepath.Join(s.root, "passphrase")
	if err := os.WriteFile(passphrase, []byte(rand.Text()+"\n"), 0o600); err != nil {
		return fmt.Errorf("making a throw-away passphrase: %w", err)
	}
	agent, err := s.start(about.AgentProgram, nil,
		"--foreground", "--vault-file", filepath.Join(s.root, "vault.age"), "--passphrase-file", passphrase)
	if err != nil {
		return err
	}
	s.agent = agent
	return s.awaitAgent(ctx)
}

// awaitAgent waits until the agent answers at its socket.
func (s *stage) awaitAgent(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := ipc.Dial(ctx, s.dirs)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.agent.ended:
			return fmt.Errorf("the agent ended at once: %w%s", s.agent.err, s.agent.said.hint())
		case <-ctx.Done():
			return fmt.Errorf("waiting for the agent: %w", err)
		case <-tick.C:
		}
	}
}

func (s *stage) home() string { return filepath.Join(s.root, "home") }
func (s *stage) temp() string { return filepath.Join(s.root, "tmp") }

// keep are the variables that programs of the stage inherit: nothing that
// leads to the person's own folders, session bus or keyring.
var keep = []string{"PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR"}

// environ is the environment of the stage's programs, with more from outside.
func (s *stage) environ(more ...string) []string {
	env := []string{
		"HOME=" + s.home(), "USERPROFILE=" + s.home(), "TMPDIR=" + s.temp(), "TEMP=" + s.temp(), "TMP=" + s.temp(),
		paths.ConfigEnv + "=" + s.dirs.Config, paths.StateEnv + "=" + s.dirs.State, paths.RuntimeEnv + "=" + s.dirs.Runtime,
	}
	for _, name := range append(append([]string{}, keep...), more...) {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// clear ends the agent and removes the folder. A browser's helpers may write
// for a moment after it ended, so the removal is repeated within limits.
func (s *stage) clear() error {
	if s.agent != nil {
		s.agent.stop()
	}
	var err error
	for deadline := time.Now().Add(stopLimit); ; time.Sleep(50 * time.Millisecond) {
		if err = os.RemoveAll(s.root); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("removing the throw-away folder: %w", err)
		}
	}
}

// program is a program of the stage that is running.
type program struct {
	cmd   *exec.Cmd
	said  *tail         // the end of what it wrote to stderr
	ended chan struct{} // closed once err is set
	err   error         // how it ended
}

// start starts a program that lies in bin; setUp may be nil.
func (s *stage) start(name string, setUp func(*exec.Cmd) error, args ...string) (*program, error) {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path := filepath.Join(s.bin, name)
	if _, err := os.Stat(path); err != nil {
		return nil, &Error{Err: fmt.Errorf("finding %s: %w", name, err), Hint: `run "make build"`}
	}
	cmd := exec.Command(path, args...)
	cmd.Env, cmd.Dir = s.environ(), s.root
	return launch(cmd, setUp)
}

func launch(cmd *exec.Cmd, setUp func(*exec.Cmd) error) (*program, error) {
	p := &program{cmd: cmd, said: &tail{}, ended: make(chan struct{})}
	cmd.Stderr = p.said
	// A grandchild that keeps stderr open must not keep the demo.
	cmd.WaitDelay = stopLimit
	if setUp != nil {
		if err := setUp(cmd); err != nil {
			return nil, fmt.Errorf("starting %s: %w", filepath.Base(cmd.Path), err)
		}
	}
	endWithDemo(cmd)
	started := make(chan error, 1)
	go func() {
		// The thread that starts the program has to stay as long as it runs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
		close(p.ended)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(cmd.Path), err)
	}
	return p, nil
}

// stop asks the program to end, and ends it when it does not.
func (p *program) stop() {
	// Windows has no such signal; the program is then ended after the limit.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.NewTimer(stopLimit)
	defer timer.Stop()
	select {
	case <-p.ended:
	case <-timer.C:
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// tail keeps the last bytes written to it.
type tail struct {
	mu   sync.Mutex
	data []byte
}

const maxTail = 2 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, p...)
	if over := len(t.data) - maxTail; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
	}
	return len(p), nil
}

// hint is what was written, ready to follow an error; empty when nothing was.
func (t *tail) hint() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text := strings.TrimSpace(string(t.data)); text != "" {
		return ": " + text
	}
	return ""
}

// footprint is what stands in readmit's own folders of this person, to show
// afterwards that the demo changed none of it.
type footprint struct {
	folders []string
	files   map[string]string // path -> mode, size and time
	unknown string            // why it cannot be told; empty when it can
}

func snapshot() footprint {
	dirs, err := paths.Current()
	if err != nil {
		return footprint{unknown: err.Error()}
	}
	f := footprint{folders: []string{dirs.Config, dirs.State, dirs.Runtime}, files: map[string]string{}}
	if pid := ipc.Holder(dirs); pid != 0 {
		f.unknown = fmt.Sprintf("your own agent, process %d, is at work in these folders", pid)
	}
	for _, folder := range f.folders {
		// What cannot be read or is not there stays out, before and after.
		_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if info, err := entry.Info(); err == nil {
				f.files[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return f
}

// since says whether anything changed from before to f. What stands in the
// way of knowing is unknown, and then nothing was compared.
func (f footprint) since(before footprint) (changed bool, unknown string) {
	if unknown = cmp.Or(before.unknown, f.unknown); unknown != "" {
		return false, unknown
	}
	return !maps.Equal(before.files, f.files), ""
}

// holds reports a file of the stage that holds the text in the clear.
func (s *stage) holds(text string) (string, error) {
	found := ""
	err := filepath.WalkDir(s.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || found != "" {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if bytes.Contains(data, []byte(text)) {
			found = path
		}
		return err
	})
	return found, err
}
