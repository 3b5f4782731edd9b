package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// parentOf returns the executable of a process's parent. See proc(5): the
// second field of stat is in parentheses and may hold anything, the fourth is
// the parent.
func parentOf(pid int) (program, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return program{}, err
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 2 {
		return program{}, fmt.Errorf("process %d has no parent", pid)
	}
	ppid, err := strconv.Atoi(fields[1])
	if err != nil {
		return program{}, fmt.Errorf("reading the parent of process %d: %w", pid, err)
	}
	exe, err := os.Readlink("/proc/" + fields[1] + "/exe")
	if err != nil {
		return program{}, err
	}
	// A browser that was updated while it runs.
	return program{pid: ppid, name: filepath.Base(strings.TrimSuffix(exe, " (deleted)"))}, nil
}
