package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/readmit/readmit/agent/capture"
	"github.com/readmit/readmit/agent/diagnosis"
	"github.com/readmit/readmit/agent/explain"
	"github.com/readmit/readmit/agent/incident"
	"github.com/readmit/readmit/agent/recovery"
	"github.com/readmit/readmit/agent/redact"
	"github.com/readmit/readmit/agent/refusal"
	"github.com/readmit/readmit/agent/support"
)

type explainOptions struct {
	file     string // "" or "-" for stdin
	audience string
	language string
	url      string
	json     bool
}

func newExplain(s streams, c computer) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain [<file>|-] [--for <reader>] [--lang <tag>] [--url <address>] [--json]",
		Short: "Explain the refusals in a recording",
		Long: `Explains every 401 and 403 in a recording: a HAR file, which a browser's network
tools save, what "curl -i" or "curl -v" printed, raw HTTP, or a refusal in JSON.
Without a file, or with "-", it reads standard input. Nothing is sent anywhere.

Readers:
  user       what happened and what to do
  helpdesk   the evidence with its weight, what else it may be, the numbers to
             quote, what to ask the caller next
  developer  what the server could do better, each with the section of the
             standard, then the challenges, the request and the evidence

With --json all three are there for every refusal: "diagnosis" and "plan",
"helpdesk" {quote, ask, runnersUp}, "developer" {findings, request, headers,
redirects}. Weights are in nats: +3.5 says so, +0.5 hints, - speaks against.`,
		Example: `  readmit explain login.har --for helpdesk
  curl -v https://intranet.example.org/ 2>&1 | readmit explain`,
		Annotations: map[string]string{needsNoHome: "yes"},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{cmd, hinted{errors.New("explain takes one file"), `to read several, run it once for each`}}
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.file = args[0]
			}
			if err := o.check(); err != nil {
				return usageError{cmd, err}
			}
			return runExplain(cmd.Context(), s, c, o)
		},
	}
	cmd.Flags().StringVar(&o.audience, "for", string(explain.User), "whom to explain it to: `reader` is user, helpdesk or developer")
	cmd.Flags().StringVar(&o.language, "lang", "en", "language of the texts, as a BCP 47 `tag`")
	cmd.Flags().StringVar(&o.url, "url", "", "the `address` asked for, where the recording does not tell")
	cmd.Flags().BoolVar(&o.json, "json", false, "answer in JSON")
	return cmd
}

func (o *explainOptions) check() error {
	if !explain.Audience(o.audience).Known() {
		return hinted{fmt.Errorf("there is no reader %q", o.audience), "use one of: user, helpdesk, developer"}
	}
	if language, _, _ := strings.Cut(o.language, "-"); !strings.EqualFold(language, "en") { // RFC 5646 2.1.1
		return hinted{fmt.Errorf("there are no texts in %q", o.language), "use en; other languages are still to come"}
	}
	if o.url != "" && refusal.Origin(o.url) == "" {
		return hinted{fmt.Errorf("%q is no address of a web page", plain(redact.Text(o.url))), "give it whole, as in: --url https://intranet.example.org/reports"}
	}
	return nil
}

// explained is one refusal with everything that is said about it.
type explained struct {
	source string
	inc    *incident.Incident
	view   explain.View
	// options are those of the view, so that all that is told agrees with it.
	options explain.Options
}

// memory is what explain may take beside the program itself. A recording whose
// every header is huge makes more garbage than the collector would else mind.
const memory = 16 << 20

func runExplain(ctx context.Context, s streams, c computer, o explainOptions) error {
	in, size, err := openRecording(s, o.file)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memory))
	bar := newBar(s, size, c.now)
	defer bar.end()
	printer := newExplainPrinter(s, o, bar)
	summary, err := capture.Read(&watched{r: in, ctx: ctx, bar: bar}, capture.Options{URL: o.url}, func(r capture.Refused) error {
		e, err := explainOne(r, c.now())
		if err != nil {
			return err
		}
		return printer.print(e)
	})
	bar.end()
	if errors.Is(err, capture.ErrUnrecognised) || errors.Is(err, capture.ErrEmpty) {
		return explainError(err, o.file)
	}
	if ended := printer.end(summary); err == nil {
		err = ended
	}
	if err != nil {
		return explainError(err, o.file)
	}
	if summary.Unread > 0 {
		say(s.err, "readmit: %d of %d answers could not be read and are left out", summary.Unread, summary.Exchanges)
	}
	if b := summary.Broken; b != nil && summary.Exchanges == 0 {
		return hinted{fmt.Errorf("%s is damaged: %s (byte %d), and nothing stands before it", plain(sourceName(o.file)), b.Problem, b.Offset), "save or copy it again"}
	} else if b != nil {
		say(s.err, "readmit: %s after %s (byte %d): what stands before it is explained", b.Problem, b.After, b.Offset)
	}
	if summary.Refusals == 0 {
		if !o.json {
			noRefusal(s, o, summary)
		}
		return exitCode(exitNothing)
	}
	return nil
}

// noRefusal says why there is nothing to explain, and what helps.
func noRefusal(s streams, o explainOptions, summary capture.Summary) {
	name := plain(sourceName(o.file))
	switch {
	case summary.ProxyAsked > 0:
		say(s.err, "readmit: no refusal of a site in %s: the proxy on the way asked for a sign-in of its own (407)", name)
		say(s.err, "hint: sign in to the proxy, or ask who runs it; the site was not reached")
	case summary.Exchanges == 0:
		say(s.err, "readmit: %s holds no answers", name)
		say(s.err, "hint: open the network tools first, then load the page that says no")
	default:
		say(s.err, "readmit: no refusal in %s: of %d answers none was 401 or 403", name, summary.Exchanges)
		say(s.err, "hint: record again while the page says no; in the browser's network tools, keep the log over page loads")
	}
}

// explainOne goes the way from a refusal to its explanation.
func explainOne(r capture.Refused, now time.Time) (explained, error) {
	at := r.Refusal.Time
	if at.IsZero() {
		at = now
	}
	facts := diagnosis.Facts{History: diagnosis.History{
		LastSuccess: r.Story.LastSuccess, Refusals: r.Story.Refusals, Later: diagnosis.Later(r.Story.Later),
	}}
	d := diagnosis.Of(&r.Refusal, &facts)
	id, err := incident.NewID(at, rand.Reader)
	if err != nil {
		return explained{}, err
	}
	inc := incident.New(r.Refusal, d, recovery.Plan(d, recovery.Rules{}, recovery.Experience{}), at, id)
	opt := explain.Options{Now: now}
	v := explain.Of(inc, opt)
	v.SupportCode = support.Code(inc, v.Certainty)
	return explained{source: r.Source, inc: inc, view: v, options: opt}, nil
}

// openRecording opens what is to be read and says how long it is, 0 when that
// is not known.
func openRecording(s streams, file string) (io.ReadCloser, int64, error) {
	if file == "" || file == "-" {
		if f, ok := s.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) && file == "" {
			return nil, 0, hinted{errors.New("there is nothing to explain"), "name a file, as in: readmit explain login.har"}
		}
		return io.NopCloser(s.in), 0, nil
	}
	f, err := os.Open(file)
	if err != nil {
		var failed *fs.PathError
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return nil, 0, hinted{fmt.Errorf("opening %s: %w", plain(file), err), "check the name and that you may read it"}
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		_ = f.Close()
		return nil, 0, fmt.Errorf("opening the recording: %w", err)
	case info.IsDir():
		_ = f.Close()
		return nil, 0, hinted{fmt.Errorf("%s is a folder", file), "name a file in it"}
	}
	return f, info.Size(), nil
}

// explainError adds what helps to the ways in which reading fails.
func explainError(err error, file string) error {
	switch {
	case errors.Is(err, capture.ErrEmpty):
		return hinted{fmt.Errorf("%s: %w", sourceName(file), err), "save the recording again; of a pipe, look whether the program before it printed anything"}
	case errors.Is(err, capture.ErrUnrecognised):
		return hinted{fmt.Errorf("%s: %w", sourceName(file), err),
			`save the network log as HAR in the browser's developer tools, or run: curl -v <address> 2>&1 | readmit explain; a page alone, as "curl -s" prints it, says too little: add -i`}
	case errors.Is(err, capture.ErrTooLarge):
		return hinted{fmt.Errorf("%s: %w", sourceName(file), err), "record only the page that says no"}
	case errors.Is(err, context.Canceled):
		return errors.New("interrupted")
	}
	return err
}

func sourceName(file string) string {
	if file == "" || file == "-" {
		return "standard input"
	}
	return file
}

// watched is an input that a person can interrupt, and whose progress shows.
type watched struct {
	r   io.Reader
	ctx context.Context
	bar *bar
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.r.Read(p)
	w.bar.add(n)
	return n, err
}
