package demo

// hasDisplay reports whether a window could be shown.
func hasDisplay() bool { return true }

func displayEnviron() []string { return nil }
