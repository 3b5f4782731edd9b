package demo

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/readmit/readmit/installer/browser"
)

// pretend puts executables of these names, and nothing else, in PATH.
func pretend(t *testing.T, names ...string) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder)
}

func TestWhichBrowserIsShown(t *testing.T) {
	if len(browser.On(runtime.GOOS)) == 0 {
		if c, err := choose(Options{}, true); c != nil || err != nil {
			t.Errorf("chose %v, %v on a system without browsers in the table", c, err)
		}
		return
	}
	for _, test := range []struct {
		name      string
		installed []string
		display   string
		options   Options
		terminal  bool
		want      string // id, empty for none
		usage     bool
	}{
		{name: "a person at a screen sees the first one", installed: []string{"chromium", "firefox"}, display: ":0", terminal: true, want: "chromium"},
		{name: "one that needs clicks comes last", installed: []string{"google-chrome", "firefox"}, display: ":0", terminal: true, want: "firefox"},
		{name: "one that needs clicks is better than none", installed: []string{"google-chrome"}, display: ":0", terminal: true, want: "chrome"},
		{name: "no browser means none is shown", display: ":0", terminal: true},
		{name: "no screen means none is shown", installed: []string{"chromium"}, terminal: true},
		{name: "no terminal means none is shown", installed: []string{"chromium"}, display: ":0"},
		{name: "headless means none is shown", installed: []string{"chromium"}, display: ":0", terminal: true, options: Options{Headless: true}},
		{name: "the named one is shown without a terminal", installed: []string{"chromium", "firefox"}, display: ":0", options: Options{Browser: "firefox"}, want: "firefox"},
		{name: "a named one that is not installed is an error", installed: []string{"chromium"}, display: ":0", options: Options{Browser: "firefox"}, usage: true},
		{name: "a named one without a screen is an error", installed: []string{"firefox"}, options: Options{Browser: "firefox"}, usage: true},
		{name: "an unknown one is an error", display: ":0", options: Options{Browser: "netscape"}, usage: true},
		{name: "headless with a name is an error", installed: []string{"firefox"}, display: ":0", options: Options{Browser: "firefox", Headless: true}, usage: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			pretend(t, test.installed...)
			t.Setenv("DISPLAY", test.display)
			t.Setenv("WAYLAND_DISPLAY", "")
			c, err := choose(test.options, test.terminal)
			var hinted *Error
			if test.usage != (err != nil) || (test.usage && (!errors.As(err, &hinted) || hinted.Hint == "")) {
				t.Fatalf("error %v, want one with a hint: %v", err, test.usage)
			}
			got := ""
			if c != nil {
				got = c.row.ID
			}
			if got != test.want {
				t.Errorf("chose %q, want %q", got, test.want)
			}
		})
	}
}

func TestAWrongBrowserIsWrongUsage(t *testing.T) {
	exit, err := Run(t.Context(), Options{Browser: "netscape", Bin: t.TempDir(), Out: io.Discard, Err: io.Discard})
	if exit != exitUsage || err == nil {
		t.Errorf("exit %d, error %v", exit, err)
	}
}
