// Command bench measures the kernels against the limit of this machine.
//
//	go run ./bench                            the matrix products of bench/shapes.txt
//	go run ./bench -run gemm,activation       several kinds of work
//	go run ./bench -shapes 128x512x512        one shape, M x K x N
//	go run ./bench -workers 2 -run gemm       products split between two threads
//	go run ./bench -isa avx2 -json            one object a line
//	go run ./bench -run train                 training steps on all cores
//
// It begins with the limits: the peak of multiply-adds and the bandwidths of
// the caches. The figures that follow are shares of the peak in the same fraction
// of a millisecond; package tune/measure says how.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
	"github.com/gopcn/gopcn/tune/profile"
)

// settings are the flags.
type settings struct {
	isa      string
	shapes   string
	run      string
	profile  string
	json     bool
	time     time.Duration
	rounds   int
	workers  int // 0: one, and all of them where that is the point
	portable bool

	// of training steps
	nets string
	dump string
}

// kinds are the values of -run.
var kinds = []struct {
	name    string
	measure func(h *kernels.Handle, s *settings, t *table) error
}{
	{"gemm", measured(products, 1)},
	{"fused", measured(fused, 1)},
	{"activation", measured(activations, 1)},
	{"update", measured(updates, 1)},
	{"conv", measured(convolutions, 1)},
	{"hot", hot},
	{"train", trainingSteps},
}

func kindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(2)
}

func run(args []string, out, errOut io.Writer) error {
	var s settings
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(errOut)
	fs.StringVar(&s.isa, "isa", "", "tiers, comma separated (default: all of this CPU but generic)")
	fs.StringVar(&s.shapes, "shapes", "", "shapes MxKxN of products, comma separated (default: bench/shapes.txt)")
	fs.StringVar(&s.run, "run", "gemm", "what to measure, comma separated: "+strings.Join(kindNames(), ", "))
	fs.StringVar(&s.profile, "profile", "", "profile that tune wrote: a file, or auto for the one of this CPU")
	fs.BoolVar(&s.json, "json", false, "one JSON object a line")
	fs.DurationVar(&s.time, "time", 40*time.Millisecond, "time of a contestant in a round")
	fs.IntVar(&s.rounds, "rounds", 5, "rounds; the best counts")
	fs.IntVar(&s.workers, "workers", 0, "threads to split the work among (default: 1; GOMAXPROCS for hot and train)")
	fs.BoolVar(&s.portable, "portable", true, "compare with portable Go")
	fs.StringVar(&s.nets, "net", "", "networks of -run train, comma separated (default: all)")
	fs.StringVar(&s.dump, "dump", "", "folder for what one step of -run train computes, for comparison")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: see -h", fs.Arg(0))
	}
	if s.time <= 0 || s.rounds < 1 || s.workers < 0 {
		return errors.New("-time and -rounds must be positive, and -workers not negative")
	}
	if _, err := s.productShapes(); err != nil {
		return err
	}
	runs := strings.Split(s.run, ",")
	for _, name := range runs {
		if !slices.Contains(kindNames(), name) {
			return fmt.Errorf("-run %s: use %s", name, strings.Join(kindNames(), ", "))
		}
	}
	handles, err := s.handles()
	if err != nil {
		return err
	}
	t := &table{out: out, json: s.json}
	for _, h := range handles {
		limits(h, s.workersOr(1), t)
	}
	for _, name := range runs {
		for _, kind := range kinds {
			for _, h := range handles {
				if kind.name != name {
					continue
				}
				if err := kind.measure(h, &s, t); err != nil {
					return err
				}
			}
		}
		t.end()
	}
	return t.err
}

// workersOr is the number of workers, or the given one if the flag does not
// say; 0 for GOMAXPROCS.
func (s *settings) workersOr(n int) int {
	if s.workers > 0 {
		return s.workers
	}
	if n == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}

// measured makes a kind of a list of jobs.
func measured(jobs jobList, workers int) func(*kernels.Handle, *settings, *table) error {
	return func(h *kernels.Handle, s *settings, t *table) error {
		meter := measure.NewMeter(h.ISA(), s.workersOr(workers))
		defer meter.Close()
		return jobs(h, meter, s, func(list []job) error {
			for _, r := range race(meter, s, list) {
				t.add(r)
			}
			return t.err
		})
	}
}

// handles are the tiers to measure.
func (s *settings) handles() ([]*kernels.Handle, error) {
	available, err := kernels.Available()
	if err != nil {
		return nil, err
	}
	if s.isa != "" {
		available = available[:0]
		for _, name := range strings.Split(s.isa, ",") {
			isa, err := kernels.ParseISA(name)
			if err != nil {
				return nil, err
			}
			available = append(available, isa)
		}
	} else if len(available) > 1 {
		available = available[1:]
	}
	var list []*kernels.Handle
	for _, isa := range available {
		h, err := kernels.For(isa)
		if err != nil {
			return nil, err
		}
		if h, err = profile.Open(s.profile, h); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}
