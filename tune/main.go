// Command tune finds the block sizes and thresholds of the kernels that suit
// this CPU, and writes them to a profile if they gain anything.
//
//	go run ./tune                    60 seconds; the profile goes to the user's cache
//	go run ./tune -budget 5m         more rounds tell smaller gains from noise
//	go run ./tune -dry-run -json     only tell, one JSON object a line
//
// Programs use the profile when they are told to: pcn train -profile auto, or
// package tune/profile. It changes how fast they are and no bit of a result.
//
// Candidates and defaults take turns within milliseconds, and only their
// quotient counts; package tune/measure says why. A class of work keeps what was
// found for it only if a second measurement of it gains more than two
// measurements of the defaults differ by.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"time"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
	"github.com/gopcn/gopcn/tune/profile"
)

// settings are the flags.
type settings struct {
	budget time.Duration
	isa    string
	out    string
	json   bool
	dryRun bool
}

// errUsage is a command called wrongly.
var errUsage = errors.New("see tune -h")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

// exitCode is 0 for success, 1 if something failed, 2 for wrong flags and 130 if
// interrupted.
func exitCode(err error, w io.Writer) int {
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "tune: interrupted; nothing is written")
		return 130
	}
	fmt.Fprintln(w, "tune:", err)
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}

// leastBudget is what the shortest search takes.
const leastBudget = 10 * time.Second

func parse(args []string, out, errOut io.Writer) (*settings, error) {
	s := &settings{}
	fs := flag.NewFlagSet("tune", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.DurationVar(&s.budget, "budget", time.Minute, "`time` to measure in, such as 60s or 5m; at least 10s")
	fs.StringVar(&s.isa, "isa", "", "`tier` to tune: generic, avx2 or avx512 (default: the best within GOPCN_ISA)")
	fs.StringVar(&s.out, "out", "", "`file` to write (default: one for this CPU in the user's cache folder, where -profile auto looks)")
	fs.BoolVar(&s.json, "json", false, "print one JSON object a line")
	fs.BoolVar(&s.dryRun, "dry-run", false, "measure and tell, write nothing")
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, "Usage: tune [flags]\n\nFinds the block sizes and thresholds of the kernels that suit this CPU, and\n"+
			"writes them to a profile if they gain more than the noise.\n\n")
		fs.SetOutput(out)
		fs.PrintDefaults()
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", err, errUsage)
	case fs.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q: %w", fs.Arg(0), errUsage)
	case s.budget < leastBudget:
		return nil, fmt.Errorf("-budget %v: at least %v are needed to tell anything: %w", s.budget, leastBudget, errUsage)
	}
	return s, nil
}

// kernels returns the handle to tune.
func (s *settings) kernels() (*kernels.Handle, error) {
	if _, err := kernels.Available(); err != nil || s.isa == "" {
		return kernels.Default(), err
	}
	isa, err := kernels.ParseISA(s.isa)
	if err != nil {
		return nil, fmt.Errorf("-isa: %w: %w", err, errUsage)
	}
	return kernels.For(isa)
}

func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	s, err := parse(args, out, errOut)
	if err != nil {
		return err
	}
	h, err := s.kernels()
	if err != nil {
		return err
	}
	if s.out == "" {
		if s.out, err = profile.Path(h); err != nil {
			return err
		}
	}
	meter := measure.NewMeter(h.ISA(), 1)
	defer meter.Close()
	bar := newProgress(errOut, s.budget)
	t := &tuner{handle: h, gauge: meterGauge(meter), budget: s.budget, now: time.Now, step: bar.update}
	start := time.Now()
	r, err := t.run(ctx)
	bar.clear()
	if err != nil {
		return err
	}
	return s.report(r, h, time.Since(start), out)
}

// report prints what was found and writes the profile.
func (s *settings) report(r *result, h *kernels.Handle, took time.Duration, out io.Writer) error {
	written := r.changed && !s.dryRun
	if written {
		tuned, err := h.WithProfile(r.profile)
		if err != nil {
			return err
		}
		f := profile.Of(tuned, h, r.gains())
		if err := f.Save(s.out); err != nil {
			return err
		}
	}
	if s.json {
		if err := r.printJSON(out); err != nil {
			return err
		}
		last := event{Profile: s.out, Written: &written, ISA: h.ISA().String(), CPU: profile.ThisCPU().String(), Seconds: math.Round(took.Seconds()*10) / 10}
		return json.NewEncoder(out).Encode(last)
	}
	fmt.Fprintf(out, "%v, %v, %.0f seconds\n\n", profile.ThisCPU(), h.ISA(), took.Seconds())
	if err := r.print(out, h.Profile()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s\n", s.verdict(r))
	return err
}

// verdict says what became of the profile.
func (s *settings) verdict(r *result) string {
	switch _, err := os.Stat(s.out); {
	case r.changed && s.dryRun:
		return "not written, for this is a dry run: " + s.out
	case r.changed:
		return "wrote " + s.out
	case err == nil:
		return "The defaults are as good as anything found. An earlier profile stays: " + s.out
	}
	return "The defaults are as good as anything found, so there is nothing to write."
}
