//go:build !linux

package agent

import "errors"

// parentOf cannot tell on this system yet, so that lasting consent is neither
// granted nor used there.
func parentOf(int) (program, error) { return program{}, errors.ErrUnsupported }
