package demo

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/installer/browser"
	"github.com/readmit/readmit/installer/register"
	"github.com/readmit/readmit/installer/samplesite"
)

// show opens the browser on the sample site, with a profile and a host
// registration inside the stage, until the browser or ctx ends.
func show(ctx context.Context, o Options, s *stage, site *samplesite.Running, c choice) (exit int, err error) {
	extension, err := o.extension()
	if err != nil {
		return exitFailed, err
	}
	// The agent leaves when nobody is connected for a while; this connection
	// keeps it as long as the browser is open.
	h, err := s.openHost(ctx)
	if err != nil {
		return exitFailed, err
	}
	defer h.close()
	if err := s.registerHost(c.row); err != nil {
		return exitFailed, err
	}
	profile := filepath.Join(s.root, "profile")
	if c.row.Engine == browser.Chromium {
		profile = s.base().Expand(c.row.Systems[runtime.GOOS].Profiles[0])
	}
	if err := os.MkdirAll(profile, 0o700); err != nil {
		return exitFailed, fmt.Errorf("making a throw-away profile: %w", err)
	}
	var args []string
	if c.row.Engine == browser.Firefox {
		args, err = s.firefoxArgs(profile, site.URL)
	} else {
		args = chromiumArgs(profile, extension, site.URL)
	}
	if err != nil {
		return exitFailed, err
	}
	cmd := exec.Command(c.program, args...)
	cmd.Dir, cmd.Env = s.home(), s.browserEnviron()
	running, err := launch(cmd, nil)
	if err != nil {
		return exitFailed, err
	}
	defer running.stop()
	talk(o, "%s opens the sample site at %s with a profile of its own.", c.row.Name, site.URL)
	if how := s.load(ctx, c.row, running, extension); how != "" {
		talk(o, "Load readmit by hand: %s.", how)
	}
	talk(o, "The demo ends when you close the browser.")
	select {
	case <-running.ended:
	case <-ctx.Done():
		return exitDone, nil
	}
	if running.err != nil {
		return exitFailed, fmt.Errorf("%s: %w%s", c.row.Name, running.err, running.said.hint())
	}
	return exitDone, nil
}

// load hands the extension to the browser, or says how a person does.
func (s *stage) load(ctx context.Context, row browser.Browser, running *program, extension string) string {
	manifest := filepath.Join(extension, "manifest.json")
	switch {
	case row.Engine == browser.Firefox:
		if err := s.loadInFirefox(ctx, running.ended, extension); err != nil {
			return `open about:debugging#/runtime/this-firefox, press "Load Temporary Add-on" and choose ` + manifest
		}
	case !takesExtension(row):
		return `open chrome://extensions, switch on "Developer mode", press "Load unpacked" and choose ` + extension
	}
	return ""
}

// base is where the browser looks for the folders of its table row.
func (s *stage) base() browser.Base {
	return browser.Base{Home: s.home(), Config: filepath.Join(s.home(), ".config"), Support: filepath.Join(s.home(), "Library", "Application Support")}
}

// registerHost tells the browser of the stage where the host is.
func (s *stage) registerHost(row browser.Browser) error {
	program := about.HostProgram
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	content, err := register.Manifest(row.Engine, filepath.Join(s.bin, program))
	if err != nil {
		return err
	}
	for _, folder := range s.base().ExpandAll(row.Systems[runtime.GOOS].User) {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("registering the host: %w", err)
		}
		if err := os.WriteFile(filepath.Join(folder, register.FileName), content, 0o600); err != nil {
			return fmt.Errorf("registering the host: %w", err)
		}
	}
	return nil
}

// browserEnviron is the stage's environment with a way to the screen.
func (s *stage) browserEnviron() []string {
	env := append(s.environ(displayEnviron()...), "XDG_CONFIG_HOME="+s.base().Config)
	// The stage's home hides the default place of the key to an X screen.
	if os.Getenv("XAUTHORITY") == "" {
		if home, err := os.UserHomeDir(); err == nil {
			env = append(env, "XAUTHORITY="+filepath.Join(home, ".Xauthority"))
		}
	}
	return env
}

// chromiumArgs open a first window that asks nothing.
func chromiumArgs(profile, extension, url string) []string {
	args := []string{
		"--user-data-dir=" + profile,
		"--load-extension=" + extension,
		"--no-first-run", "--no-default-browser-check",
		"--password-store=basic", // never the system's keyring
		"--disable-background-networking", "--disable-sync",
	}
	if os.Geteuid() == 0 {
		// Chromium refuses to run as root with its sandbox; the only site it is
		// shown here is on this computer.
		args = append(args, "--no-sandbox")
	}
	return append(args, url)
}

// talk says something to the person, apart from answers.
func talk(o Options, format string, args ...any) {
	_, _ = fmt.Fprintf(o.Err, format+"\n", args...)
}
