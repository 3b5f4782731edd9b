// Command compile turns a folder of signature rows into the JSON that package
// signature carries. It is run by `go generate`.
package main

import (
	"fmt"
	"os"

	"github.com/readmit/readmit/agent/signature/internal/source"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "compile:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: compile <folder of rows> <file to write>")
	}
	rows, err := source.Read(os.DirFS(args[0]))
	if err != nil {
		return err
	}
	data, err := source.Compile(rows)
	if err != nil {
		return err
	}
	return os.WriteFile(args[1], data, 0o644)
}
