package explain

import (
	"strings"
	"testing"
)

// One code stands for both, so that its text may claim neither.
func TestAPasswordThatNobodySawRefusedIsNotCalledRefused(t *testing.T) {
	v := Fault("refused_before", Options{})
	if strings.Contains(v.Title, "not accepted") || !strings.Contains(v.Summary, "or we could not see whether it was") {
		t.Errorf("%s %s", v.Title, v.Summary)
	}
}
