package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/rpc"
	"github.com/readmit/readmit/installer/doctor"
)

// Exit codes, the same for every command.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitNothing = 3
)

const exitCodes = `Exit codes:
  0  done
  1  failed
  2  wrong usage
  3  nothing to report`

// Main runs the command line and returns its exit code. The answer goes to
// out, all else that is said to a person to errOut.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	return run(args, streams{in: in, out: out, err: errOut}, thisComputer())
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	stdout   io.Writer // what out writes to, for a command that asks whether it is a terminal
}

// run is Main on a given computer.
func run(args []string, s streams, c computer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	out := &answer{w: s.out}
	s.stdout, s.out = s.out, out
	root := newRoot(s, c)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if out.err != nil {
		err = out.err
	}
	var code exitCode
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	}
	return complain(s.err, err)
}

func newRoot(s streams, c computer) *cobra.Command {
	root := &cobra.Command{
		Use:   about.Name,
		Short: "Says why a page turned you away and what to do next",
		Long: `readmit says why a web page turned you away (401, 403) and what to do next.
This command sets it up for your browsers and says how it is.`,
		Example: `  readmit install
  readmit doctor`,
		Args:    noArgs,
		Version: about.Version,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Annotations[needsNoHome] != "" {
				return nil
			}
			return c.unusable
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(newHelp())
	root.SetHelpTemplate(helpTemplate)
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError{cmd, err} })
	root.AddCommand(
		newInstall(s, c), newUninstall(s, c), newDoctor(s, c), newStatus(s, c), newDemo(s, c), newExplain(s, c),
		newCredential(s, c), newVersion(s), newCompletion(s),
	)
	return root
}

// needsNoHome marks a command that works without a home folder: in a service,
// or where somebody else's file is looked at.
const needsNoHome = "needs no home"

// newHelp is what people type who do not know of --help.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:    "help [<command>]",
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			named, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noArgs(cmd.Root(), args)
			}
			return named.Help()
		},
	}
}

// helpTemplate ends with exit codes and examples: what people look for last
// stands where their eyes are.
const helpTemplate = `{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} <command>{{else}}{{.UseLine}}{{end}}
{{if .HasAvailableSubCommands}}
Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}
{{end}}{{if .HasAvailableLocalFlags}}
Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}
` + exitCodes + `

Examples:
{{.Example}}
`

// exitCode ends a command whose answer has been printed already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// usageError is a command line that cannot be carried out as typed.
type usageError struct {
	cmd *cobra.Command
	err error
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// hinted adds to an error what helps.
type hinted struct {
	error
	hint string
}

func (e hinted) Unwrap() error { return e.error }

// complain prints an error for a person and returns the exit code.
func complain(w io.Writer, err error) int {
	say(w, "%s: %s", about.Name, plain(err.Error()))
	var usage usageError
	isUsage := errors.As(err, &usage)
	hint := hintOf(err)
	if hint == "" && isUsage {
		hint = fmt.Sprintf(`run "%s --help"`, usage.cmd.CommandPath())
	}
	if hint != "" {
		say(w, "hint: %s", plain(hint))
	}
	if isUsage {
		return exitUsage
	}
	return exitFailed
}

func hintOf(err error) string {
	var mine hinted
	var wire *rpc.Error
	switch {
	case errors.As(err, &mine):
		return mine.hint
	case errors.As(err, &wire):
		return wire.Hint
	}
	return doctor.Hint(err)
}

// noArgs refuses arguments, among them a command that does not exist.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("%q takes no argument such as %q", cmd.CommandPath(), args[0])
	if cmd.HasSubCommands() {
		err = fmt.Errorf("there is no command %q", args[0])
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			err = hinted{err, fmt.Sprintf("did you mean %q?", strings.Join(near, `" or "`))}
		}
	}
	return usageError{cmd, err}
}
