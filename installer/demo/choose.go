package demo

import (
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/readmit/readmit/installer/browser"
)

// choice is a browser that can be shown.
type choice struct {
	row     browser.Browser
	program string // path of its executable
}

// takesExtension reports whether the browser can be handed an extension from
// outside. Google's own Chrome no longer can, from version 137 on.
// https://groups.google.com/a/chromium.org/g/chromium-extensions/c/1-g8EFx2BBY
func takesExtension(b browser.Browser) bool { return b.ID != "chrome" }

// shown are the browsers that the demo was tried with.
func shown() []browser.Browser {
	return slices.DeleteFunc(browser.On(runtime.GOOS), func(b browser.Browser) bool {
		return b.ID != "chromium" && b.ID != "chrome" && b.ID != "firefox"
	})
}

// choose decides which browser is shown, nil for none. Without being asked for
// one, a browser is shown only to a person at a terminal and a screen, and one
// that needs clicks only where there is no other.
func choose(o Options, terminal bool) (*choice, error) {
	known := shown()
	if o.Browser != "" {
		return named(o, known)
	}
	if o.Headless || !terminal || !hasDisplay() {
		return nil, nil
	}
	var byHand *choice
	for _, row := range known {
		program, found := executable(row)
		switch {
		case found && takesExtension(row):
			return &choice{row, program}, nil
		case found && byHand == nil:
			byHand = &choice{row, program}
		}
	}
	return byHand, nil
}

func named(o Options, known []browser.Browser) (*choice, error) {
	if o.Headless {
		return nil, &Error{Err: fmt.Errorf("--headless shows no browser"), Hint: "use --headless or --browser, not both"}
	}
	for _, row := range known {
		if row.ID != o.Browser {
			continue
		}
		program, found := executable(row)
		if !found {
			return nil, &Error{Err: fmt.Errorf("%s is not installed", row.Name), Hint: "use --headless"}
		}
		if !hasDisplay() {
			return nil, &Error{Err: fmt.Errorf("there is no screen to show %s on", row.Name), Hint: "use --headless"}
		}
		return &choice{row, program}, nil
	}
	ids := strings.Join(browser.IDs(known), ", ")
	if ids == "" {
		ids = "none on this system"
	}
	return nil, &Error{Err: fmt.Errorf("browser %.40q is not known", o.Browser), Hint: "known: " + ids}
}

func executable(row browser.Browser) (string, bool) {
	for _, name := range row.Systems[runtime.GOOS].Executables {
		if program, err := exec.LookPath(name); err == nil {
			return program, true
		}
	}
	return "", false
}
