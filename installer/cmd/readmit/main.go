// Command readmit sets readmit up for the browsers of this user, says how it
// is, and shows what it does.
package main

import "os"

func main() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
