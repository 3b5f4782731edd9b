package demo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// firefoxPrefs keep a new profile quiet and let the demo, and nobody else,
// load the extension over a socket in the stage.
const firefoxPrefs = `user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("devtools.chrome.enabled", true);
user_pref("devtools.debugger.remote-enabled", true);
user_pref("devtools.debugger.prompt-connection", false);
user_pref("termsofuse.bypassNotification", true);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("trailhead.firstrun.didSeeAboutWelcome", true);
`

// loadLimit bounds the loading of the extension; a first start is slow.
const loadLimit = time.Minute

func (s *stage) debugSocket() string { return filepath.Join(s.root, "firefox.sock") }

// firefoxArgs prepare the profile and say how to start with it.
func (s *stage) firefoxArgs(profile, url string) ([]string, error) {
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxPrefs), 0o600); err != nil {
		return nil, fmt.Errorf("making a throw-away profile: %w", err)
	}
	return []string{"--new-instance", "--profile", profile, "--start-debugger-server", s.debugSocket(), url}, nil
}

// loadInFirefox installs the extension as a temporary add-on, as web-ext does.
func (s *stage) loadInFirefox(ctx context.Context, ended <-chan struct{}, extension string) error {
	ctx, cancel := context.WithTimeout(ctx, loadLimit)
	defer cancel()
	conn, err := dialWhenThere(ctx, ended, s.debugSocket())
	if err != nil {
		return fmt.Errorf("reaching Firefox: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return fmt.Errorf("reaching Firefox: %w", err)
		}
	}
	return installAddon(conn, extension)
}

func dialWhenThere(ctx context.Context, ended <-chan struct{}, socket string) (net.Conn, error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
		if err == nil {
			return conn, nil
		}
		select {
		case <-ended:
			return nil, errors.New("it ended")
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

// installAddon speaks the remote debugging protocol: packets of a decimal
// length, a colon and JSON, the server greeting first.
// https://firefox-source-docs.mozilla.org/devtools/backend/protocol.html
func installAddon(conn io.ReadWriter, extension string) error {
	in := bufio.NewReader(conn)
	if _, err := readPacket(in, "root"); err != nil {
		return fmt.Errorf("greeting Firefox: %w", err)
	}
	root, err := ask(conn, in, map[string]any{"to": "root", "type": "getRoot"})
	if err != nil {
		return fmt.Errorf("greeting Firefox: %w", err)
	}
	if root.AddonsActor == "" {
		return errors.New("this Firefox has no actor for add-ons")
	}
	if _, err := ask(conn, in, map[string]any{"to": root.AddonsActor, "type": "installTemporaryAddon", "addonPath": extension, "openDevTools": false}); err != nil {
		return fmt.Errorf("loading the extension: %w", err)
	}
	return nil
}

// packet is the part of Firefox's packets that is looked at.
type packet struct {
	From        string `json:"from"`
	Type        string `json:"type"` // set for events, which are no answers
	Error       string `json:"error"`
	Message     string `json:"message"`
	AddonsActor string `json:"addonsActor"`
}

func ask(out io.Writer, in *bufio.Reader, question map[string]any) (packet, error) {
	payload, err := json.Marshal(question)
	if err != nil {
		return packet{}, err
	}
	if _, err := fmt.Fprintf(out, "%d:%s", len(payload), payload); err != nil {
		return packet{}, err
	}
	to, _ := question["to"].(string)
	return readPacket(in, to)
}

// readPacket reads until the actor answers; packets of others are events.
func readPacket(in *bufio.Reader, from string) (packet, error) {
	const maxPacket, maxSkipped = 1 << 20, 100
	for range maxSkipped {
		length, err := in.ReadSlice(':') // bounded by the reader's buffer
		if err != nil {
			return packet{}, err
		}
		size, err := strconv.Atoi(string(bytes.TrimSuffix(length, []byte(":"))))
		if err != nil || size < 0 || size > maxPacket {
			return packet{}, fmt.Errorf("a packet of length %.20q", length)
		}
		payload := make([]byte, size)
		if _, err := io.ReadFull(in, payload); err != nil {
			return packet{}, err
		}
		var p packet
		if err := json.Unmarshal(payload, &p); err != nil {
			return packet{}, err
		}
		switch {
		case p.From != from || p.Type != "":
		case p.Error != "":
			return packet{}, fmt.Errorf("%s: %s", p.Error, p.Message)
		default:
			return p, nil
		}
	}
	return packet{}, errors.New("no answer among its packets")
}
