package demo

import "os"

// hasDisplay reports whether a window could be shown.
func hasDisplay() bool {
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// displayEnviron is what a browser needs to reach the screen. The runtime
// folder leads to the session bus too, so it is passed only to Wayland, which
// cannot do without.
func displayEnviron() []string {
	names := []string{"DISPLAY", "XAUTHORITY"}
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		names = append(names, "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE")
	}
	return names
}
