// Command bench measures the kernels against the limit of this machine.
//
//	go run ./bench                       the matrix products of bench/shapes.txt
//	go run ./bench -shapes 128x512x512   one shape, M x K x N
//	go run ./bench -isa avx2 -json       one object a line
//	go run ./bench -run train            training steps on all cores
//
// Figures are shares of the peak in the same fraction of a millisecond; package
// tune/measure says how.
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

//go:embed shapes.txt
var committedShapes string

// settings are the flags.
type settings struct {
	isa    string
	shapes string
	run    string
	json   bool
	time   time.Duration
	rounds int

	// of training steps
	nets    string
	workers int
	dump    string
}

// wants reports whether a network is to be measured.
func (s *settings) wants(net string) bool {
	return s.nets == "" || slices.Contains(strings.Split(s.nets, ","), net)
}

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func run(args []string, out, errOut io.Writer) error {
	var s settings
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(errOut)
	fs.StringVar(&s.isa, "isa", "", "tiers, comma separated (default: all of this CPU but generic)")
	fs.StringVar(&s.shapes, "shapes", "", "shapes MxKxN, comma separated (default: bench/shapes.txt)")
	fs.StringVar(&s.run, "run", "gemm", "what to measure: gemm, fused, hot, conv, activation or train")
	fs.BoolVar(&s.json, "json", false, "one JSON object a line")
	fs.DurationVar(&s.time, "time", 40*time.Millisecond, "time of a contestant in a round")
	fs.IntVar(&s.rounds, "rounds", 5, "rounds; the best counts")
	fs.StringVar(&s.nets, "net", "", "networks of -run train, comma separated (default: all)")
	fs.IntVar(&s.workers, "workers", runtime.GOMAXPROCS(0), "workers of -run train and hot")
	fs.StringVar(&s.dump, "dump", "", "folder for what one step of -run train computes, for comparison")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: see -h", fs.Arg(0))
	}
	if s.time <= 0 || s.rounds < 1 || s.workers < 1 {
		return errors.New("-time, -rounds and -workers must be positive")
	}
	handles, err := s.handles()
	if err != nil {
		return err
	}
	var rowsOf func(*kernels.Handle, *settings) ([]row, error)
	switch s.run {
	case "gemm":
		rowsOf = oneThread(products)
	case "fused":
		rowsOf = oneThread(fused)
	case "hot":
		rowsOf = hot
	case "conv":
		rowsOf = oneThread(convolutions)
	case "activation":
		rowsOf = oneThread(activations)
	case "train":
		rowsOf = trainingSteps
	default:
		return fmt.Errorf("-run %s: use gemm, fused, hot, conv, activation or train", s.run)
	}
	table := newTable(out, s.json)
	for _, h := range handles {
		rows, err := rowsOf(h, &s)
		if err != nil {
			return err
		}
		for _, r := range rows {
			table.add(r)
		}
	}
	return table.flush()
}

// oneThread gives a measurement a meter of one thread.
func oneThread(run func(*kernels.Handle, *measure.Meter, *settings) ([]row, error)) func(*kernels.Handle, *settings) ([]row, error) {
	return func(h *kernels.Handle, s *settings) ([]row, error) {
		meter := measure.NewMeter(h.ISA(), 1)
		defer meter.Close()
		return run(h, meter, s)
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
		list = append(list, h)
	}
	return list, nil
}

// A row is one line of the result.
type row struct {
	Kernel  string  `json:"kernel"`
	Op      string  `json:"op"`
	Act     string  `json:"act,omitempty"`
	Shape   string  `json:"shape"`
	Packed  bool    `json:"packed"`
	ISA     string  `json:"isa"`
	Workers int     `json:"workers"`
	GFLOPS  float64 `json:"gflops,omitempty"`
	Peak    float64 `json:"peak_gflops"`
	Ratio   float64 `json:"ratio,omitempty"`
	Spread  float64 `json:"spread,omitempty"`
	NS      float64 `json:"ns_per_element,omitempty"`
	Kept    int     `json:"pairs_kept"`

	SamplesPerSecond float64 `json:"samples_per_second,omitempty"`
}

// table prints rows for people or for programs.
type table struct {
	tabs *tabwriter.Writer
	enc  *json.Encoder
}

func newTable(out io.Writer, asJSON bool) *table {
	if asJSON {
		return &table{enc: json.NewEncoder(out)}
	}
	t := &table{tabs: tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)}
	fmt.Fprintln(t.tabs, "kernel\top\tshape\tpacked\tisa\tGFLOP/s\tpeak\tratio\tspread\tns/element\tpairs\tsamples/s")
	return t
}

func (t *table) add(r row) {
	if t.enc != nil {
		t.enc.Encode(r)
		return
	}
	ns, samples := "", ""
	if r.SamplesPerSecond > 0 {
		samples = fmt.Sprintf("%.0f", r.SamplesPerSecond)
	}
	if r.NS > 0 {
		ns = fmt.Sprintf("%.3f", r.NS)
	}
	fmt.Fprintf(t.tabs, "%s\t%s\t%s\t%v\t%s\t%.1f\t%.1f\t%.3f\t%.3f\t%s\t%d\t%s\n",
		r.Kernel, strings.TrimSpace(r.Op+" "+r.Act), r.Shape, r.Packed, r.ISA, r.GFLOPS, r.Peak, r.Ratio, r.Spread, ns, r.Kept, samples)
}

func (t *table) flush() error {
	if t.tabs != nil {
		return t.tabs.Flush()
	}
	return nil
}
