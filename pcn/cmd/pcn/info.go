package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"text/tabwriter"

	"github.com/klauspost/cpuid/v2"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn/cmd/pcn/internal/cli"
)

// machine is what pcn info tells. Sizes are in bytes, 0 where the CPU does not
// say.
type machine struct {
	CPU        string `json:"cpu"`
	ISA        string `json:"isa"`      // the tier in use
	Detected   string `json:"detected"` // the best tier of CPU, system and build
	Cap        string `json:"cap"`      // GOPCN_ISA
	Cores      int    `json:"cores"`    // logical cores this process may use
	GOMAXPROCS int    `json:"gomaxprocs"`
	L1Data     int    `json:"l1_data"`
	L2         int    `json:"l2"`
	L3         int    `json:"l3"`
	OS         string `json:"os"`
	Arch       string `json:"arch"`
	Go         string `json:"go"`
}

func thisMachine() machine {
	cache := cpuid.CPU.Cache
	return machine{
		CPU:        cpuid.CPU.BrandName,
		ISA:        kernels.Default().ISA().String(),
		Detected:   kernels.Detected().String(),
		Cap:        os.Getenv(kernels.EnvISA),
		Cores:      runtime.NumCPU(),
		GOMAXPROCS: runtime.GOMAXPROCS(0),
		L1Data:     max(0, cache.L1D), // cpuid has -1 for unknown
		L2:         max(0, cache.L2),
		L3:         max(0, cache.L3),
		OS:         runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version(),
	}
}

var infoCommand = command{
	name:    "info",
	summary: "what this machine offers, and what of it is used",
	usage: `Usage: pcn info [-json]

What this machine offers, and what of it is used. The environment variable
GOPCN_ISA (generic, avx2 or avx512) caps the tier of instructions.
`,
	groups: func() []cli.Group { return infoFlags(new(bool)) },
	run:    info,
}

func info(_ context.Context, args []string, s cli.Streams) error {
	asJSON := false
	fs := cli.NewFlagSet("info", infoFlags(&asJSON))
	if err := cli.Parse(fs, args); err != nil {
		return err
	}
	if _, err := kernels.Available(); err != nil {
		return cli.UsageError{Err: err}
	}
	if asJSON {
		return json.NewEncoder(s.Out).Encode(thisMachine())
	}
	return thisMachine().print(s.Out)
}

func infoFlags(asJSON *bool) []cli.Group {
	return []cli.Group{{Flags: []cli.Flag{
		{Name: "json", Value: cli.Toggle(asJSON), Text: "print one line of JSON; sizes are in bytes, 0 for unknown"},
	}}}
}

func (m machine) print(w io.Writer) error {
	inUse := m.ISA
	if m.Cap != "" {
		inUse += fmt.Sprintf(" (%s=%s)", kernels.EnvISA, m.Cap)
	}
	name := m.CPU
	if name == "" {
		name = "unknown"
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"CPU", name},
		{"best tier", m.Detected},
		{"tier in use", inUse},
		{"logical cores", fmt.Sprint(m.Cores)},
		{"GOMAXPROCS", fmt.Sprint(m.GOMAXPROCS)},
		{"L1 data cache", size(m.L1Data)},
		{"L2 cache", size(m.L2)},
		{"L3 cache", size(m.L3)},
		{"system", m.OS + "/" + m.Arch + ", " + m.Go},
	} {
		fmt.Fprintf(t, "%s\t%s\n", row[0], row[1])
	}
	return t.Flush()
}

// size formats a number of bytes.
func size(bytes int) string {
	switch {
	case bytes == 0:
		return "unknown"
	case bytes%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}
