// Command readmit-host is what browsers start to reach readmit's agent.
package main

import (
	"os"

	"github.com/readmit/readmit/nativehost"
)

func main() { os.Exit(nativehost.Main(os.Args, os.Stdin, os.Stdout)) }
