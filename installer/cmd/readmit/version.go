package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/about"
)

func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Example: `  readmit version
  readmit version | cut -d' ' -f2`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.out, about.Name, about.Version)
			return err
		},
	}
}
