// Command samplesite serves the sample site on loopback until its standard
// input ends, for tests that drive a browser.
package main

import (
	"os"

	"github.com/readmit/readmit/installer/samplesite"
)

func main() { os.Exit(samplesite.Main(os.Stdin, os.Stdout, os.Stderr)) }
