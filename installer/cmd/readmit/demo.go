package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/installer/demo"
)

func newDemo(s streams, c computer) *cobra.Command {
	o := demo.Options{Bin: c.bin, Extension: extensionFolder(c.bin), Out: s.stdout, Err: s.err}
	cmd := &cobra.Command{
		Use:   "demo [--headless | --browser <id>]",
		Short: "Show what readmit does, on a site of its own",
		Long: `Shows readmit at work on a sample site on this computer. On a terminal with a
browser at hand it opens that browser with a profile of its own; else it prints
what readmit says about each refusal. It leaves nothing behind and touches
nothing of yours.`,
		Example: `  readmit demo
  readmit demo --headless`,
		Args:                  noArgs,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Headless && o.Browser != "" {
				return usageError{cmd, errors.New("--headless and --browser exclude each other")}
			}
			return runDemo(cmd, o)
		},
	}
	cmd.Flags().BoolVar(&o.Headless, "headless", false, "print, open no browser")
	cmd.Flags().StringVar(&o.Browser, "browser", "", "open the browser with this `id`")
	return cmd
}

func runDemo(cmd *cobra.Command, o demo.Options) error {
	code, err := demo.Run(cmd.Context(), o)
	var known *demo.Error
	switch {
	case err != nil && code == exitUsage:
		err = usageError{cmd, err}
	case errors.Is(err, context.Canceled):
		return exitCode(exitFailed)
	case err == nil && code != exitDone:
		return exitCode(code)
	}
	if errors.As(err, &known) {
		return hinted{err, known.Hint}
	}
	return err
}
