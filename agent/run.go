package agent

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/readmit/readmit/agent/about"
	"github.com/readmit/readmit/agent/internal/journal"
	"github.com/readmit/readmit/agent/internal/machine"
	"github.com/readmit/readmit/agent/internal/vault"
	"github.com/readmit/readmit/agent/ipc"
	"github.com/readmit/readmit/agent/launch"
	"github.com/readmit/readmit/agent/paths"
)

// The exit codes that all programs of readmit share.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

const keyringWait = 1500 * time.Millisecond // of one operation

// options are the flags.
type options struct {
	vaultFile, passphraseFile string
	foreground, debug         bool
	idle                      time.Duration
}

// Main runs the agent until it is idle, stopped or told to end. Args are those
// after the program's name. That another agent runs is no failure: whoever
// wanted one can dial it.
func Main(args []string) int {
	o, err := parseFlags(args, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		return exitUsage
	}
	err = run(o)
	if err == nil || errors.Is(err, ipc.ErrRunning) {
		return exitDone
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", about.AgentProgram, err)
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(os.Stderr, "hint: %s\n", hint)
	}
	return exitFailed
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet(about.AgentProgram, flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.vaultFile, "vault-file", "", "keep passwords in this age `file` instead of the system's password store")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "read the passphrase of the vault file from this `file`")
	f.BoolVar(&o.foreground, "foreground", false, "log to standard error as well")
	f.BoolVar(&o.debug, "debug", false, "log every answer")
	f.DurationVar(&o.idle, "idle-exit", idleExit, "end after this `time` without a connection")
	if err := f.Parse(args); err != nil {
		return options{}, err
	}
	problem := ""
	switch {
	case f.NArg() > 0:
		problem = "it takes no arguments"
	case (o.vaultFile == "") != (o.passphraseFile == ""):
		problem = "--vault-file and --passphrase-file belong together"
	case o.idle <= 0:
		problem = "--idle-exit must be above zero"
	default:
		return o, nil
	}
	_, _ = fmt.Fprintf(stderr, "%s: %s\n", about.AgentProgram, problem) // there is nowhere else to say it
	f.Usage()
	return options{}, errors.New(problem)
}

func run(o options) error {
	if err := launch.Harden(); err != nil {
		return fmt.Errorf("keeping memory out of core dumps: %w", err)
	}
	dirs, err := paths.Current()
	if err != nil {
		return err
	}
	if err := paths.Private(dirs.State); err != nil {
		return err
	}
	// The lock first: without it nothing is touched that another agent uses.
	l, err := ipc.Listen(dirs)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return runOn(ctx, l, dirs, o)
}

// runOn opens what the hub works with, serves, and closes it again.
func runOn(ctx context.Context, l net.Listener, dirs paths.Dirs, o options) error {
	defer func() { _ = l.Close() }()
	log, closeLog, err := openLog(dirs, o)
	if err != nil {
		return err
	}
	defer closeLog()
	c := config{machine: machine.New(), log: log, idle: o.idle, dirs: dirs, vaultKind: chosenStore(dirs)}
	c.rowsProblem = useRows(paths.System(), about.SignatureKey)
	logRows(log, c.rowsProblem)
	where := vaultConfig(dirs, c.vaultKind)
	if o.vaultFile != "" {
		c.vaultKind, c.vaultFixed = storeFile, true
		where.File, where.PassphraseFile = o.vaultFile, o.passphraseFile
	}
	if c.vault, err = vault.Open(where); err != nil {
		return fmt.Errorf("opening the vault: %w", err)
	}
	c.journal, err = journal.Open(journal.Config{
		Path: filepath.Join(dirs.State, "journal.db"),
		OnError: func(err error) {
			log.Warn().Err(err).Str("part", "journal").Msg("writing")
		},
	})
	if err != nil {
		// Explaining needs no journal. Sending a password does, and is then
		// refused; status and doctor say so.
		log.Error().Err(err).Str("part", "journal").Str("hint", hintOf(err)).Msg("working without a journal")
		c.journal = journal.None(err)
	}
	log.Info().Str("part", "hub").Str("version", about.Version).Str("journal", string(c.journal.State())).Msg("agent started")
	err = errors.Join(newServer(c).serve(ctx, l), c.journal.Close())
	log.Info().Str("part", "hub").AnErr("error", err).Msg("agent ended")
	return err
}

func init() { zerolog.MessageFieldName = "msg" }

// openLog writes to State/log/agent.log: one JSON object a line, 1 MB in a
// file, three files, for this user alone.
func openLog(dirs paths.Dirs, o options) (zerolog.Logger, func(), error) {
	dir := filepath.Join(dirs.State, "log")
	if err := paths.Private(dir); err != nil {
		return zerolog.Logger{}, nil, err
	}
	file := &lumberjack.Logger{Filename: filepath.Join(dir, "agent.log"), MaxSize: 1, MaxBackups: 2}
	var out io.Writer = file
	if o.foreground {
		out = zerolog.MultiLevelWriter(file, os.Stderr)
	}
	level := zerolog.InfoLevel
	if o.debug {
		level = zerolog.DebugLevel
	}
	log := zerolog.New(out).Level(level).With().Timestamp().Logger()
	return log, func() { _ = file.Close() }, nil
}

// hintOf says what helps against an error, empty when nothing is known to.
func hintOf(err error) string {
	var hinted interface{ Hint() string }
	var unsafe *paths.UnsafeError
	switch {
	case errors.As(err, &hinted):
		return hinted.Hint()
	case errors.As(err, &unsafe):
		return unsafe.Hint
	default:
		return ""
	}
}
