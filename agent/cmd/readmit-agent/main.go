// Command readmit-agent is the one program per user that explains refusals and
// keeps credentials; the native hosts of the browsers start it when needed.
package main

import (
	"os"

	"github.com/readmit/readmit/agent"
)

func main() { os.Exit(agent.Main(os.Args[1:])) }
