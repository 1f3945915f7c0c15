package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// A class is work of one kind, and the settings that decide how fast it is.
type class struct {
	name     string
	settings []string
	works    func() []work // makes the operands

	// factors are tried on each setting in turn: first far away, then around the
	// best.
	factors [2][]float64

	// portable classes say something about portable Go too, whose products are
	// slower than any cache.
	portable bool
}

// A work is something to do with a handle. Close ends what its contestants
// started; it may be nil.
type work struct {
	run   func(h *kernels.Handle) measure.Contestant
	close func()
}

// usual are the factors of sizes.
var usual = [2][]float64{{0.25, 0.5, 0.75, 1.33, 2, 4}, {0.85, 0.93, 1.08, 1.17}}

// classes lists what tune looks at, in the order in which it is searched. Runs
// of works stay within some milliseconds, so that many fit a budget.
var classes = []class{
	{
		name:     "small products",
		settings: []string{"strip_rows"},
		factors:  [2][]float64{{0.34, 0.5, 0.67, 1.34, 1.5, 2}, {0.85, 1.17}},
		works: func() []work {
			return []work{packed(kernels.NT, 64, 64, 64), packed(kernels.NT, 64, 128, 128), packed(kernels.NN, 64, 27, 512), packed(kernels.NN, 128, 512, 128)}
		},
	},
	{
		name:     "large products",
		settings: []string{"block_depth", "block_rows", "block_columns"},
		factors:  usual,
		works: func() []work {
			return []work{
				plain(kernels.NN, 512, 512, 512), plain(kernels.NT, 256, 784, 512),
				packed(kernels.NN, 512, 512, 512), packed(kernels.NT, 128, 1152, 1024),
			}
		},
	},
	{
		name:     "transposed products",
		settings: []string{"block_depth_transposed"},
		factors:  usual,
		works: func() []work {
			return []work{plain(kernels.TN, 512, 512, 512), plain(kernels.TN, 784, 128, 512), packed(kernels.TN, 128, 1024, 128)}
		},
	},
	{
		name:     "few rows, or a small B",
		settings: []string{"direct_rows", "direct_floats"},
		factors:  usual,
		works: func() []work {
			return []work{
				plain(kernels.NN, 8, 512, 512), plain(kernels.NN, 16, 512, 512), plain(kernels.NN, 32, 512, 512),
				plain(kernels.NN, 64, 64, 64), plain(kernels.NN, 128, 128, 128), plain(kernels.NN, 64, 128, 32),
			}
		},
	},
	{
		name:     "rows 4096 bytes apart",
		settings: []string{"copy_columns"},
		factors:  usual,
		works: func() []work {
			return []work{
				aliased(kernels.NN, 128, 1024, 32, 1024), aliased(kernels.NN, 128, 1024, 64, 1024),
				aliased(kernels.NN, 128, 1024, 128, 1024), aliased(kernels.TN, 128, 128, 64, 128),
			}
		},
	},
	{
		name:     "convolutions",
		settings: []string{"conv_samples"},
		factors:  usual,
		works: func() []work {
			small, wide, last := measure.NewConvolution(32, 64, 8, 64), measure.NewConvolution(128, 128, 4, 64), measure.NewConvolution(128, 128, 4, 128)
			return []work{whole(small.Predict), whole(wide.Predict), whole(last.Feedback)}
		},
	},
	{
		name:     "gradients of convolutions",
		settings: []string{"gradient_positions"},
		factors:  usual,
		works: func() []work {
			small, wide, first := measure.NewConvolution(32, 64, 8, 16), measure.NewConvolution(64, 64, 16, 4), measure.NewConvolution(3, 32, 32, 4)
			return []work{whole(small.Gradient), whole(wide.Gradient), whole(first.Gradient)}
		},
	},
	{
		name:     "hand-over to workers",
		settings: []string{"spins"},
		factors:  [2][]float64{{1. / 64, 1. / 16, 0.25, 4, 16}, {0.5, 2}},
		works:    func() []work { return []work{handOver(1), handOver(10), handOver(40)} },
		portable: true,
	},
}

func plain(op kernels.Op, m, k, n int) work { return aliased(op, m, k, n, 0) }

// aliased has the rows of A so many floats apart.
func aliased(op kernels.Op, m, k, n, stride int) work {
	p := measure.NewStridedProduct(op, m, k, n, stride)
	return work{run: func(h *kernels.Handle) measure.Contestant { return p.Plain(h, nil) }}
}

func packed(op kernels.Op, m, k, n int) work {
	p := measure.NewProduct(op, m, k, n)
	return work{run: func(h *kernels.Handle) measure.Contestant { return p.Packed(h, nil) }}
}

// whole is a direction of a convolution on one thread.
func whole(direction func(h *kernels.Handle, worker, workers int) measure.Contestant) work {
	return work{run: func(h *kernels.Handle) measure.Contestant { return direction(h, 0, 1) }}
}

// workers are at most this many, which is enough to see how they wait.
const mostWorkers = 8

// handOver is ten tasks of 10 microseconds for all workers, with so many
// microseconds of the caller's own work behind each, as the parts of a training
// step have.
func handOver(microseconds time.Duration) work {
	var pools []*kernels.Pool
	return work{
		run: func(h *kernels.Handle) measure.Contestant {
			pool := h.NewPool(min(runtime.GOMAXPROCS(0), mostWorkers))
			pools = append(pools, pool)
			return measure.Contestant{Run: func() {
				for range 10 {
					pool.Run(busy(10 * time.Microsecond))
					busy(microseconds*time.Microsecond).Run(0, 1)
				}
			}}
		},
		close: func() {
			for _, p := range pools {
				p.Close()
			}
			pools = nil
		},
	}
}

// busy is a task that takes so long on every worker.
type busy time.Duration

func (b busy) Run(_, _ int) {
	for start := time.Now(); time.Since(start) < time.Duration(b); {
	}
}

// classesFor leaves out what portable Go has nothing of.
func classesFor(isa kernels.ISA) []class {
	var list []class
	for _, c := range classes {
		if isa != kernels.Generic || c.portable {
			list = append(list, c)
		}
	}
	return list
}

// setting returns the setting of p with that name.
func setting(p *kernels.Profile, name string) kernels.Setting {
	for _, s := range p.Settings() {
		if s.Name == name {
			return s
		}
	}
	panic(fmt.Sprintf("tune: profiles have no setting %s", name))
}

// changes are the settings of c that differ from the defaults.
func (c *class) changes(standard, p *kernels.Profile) map[string]int {
	list := map[string]int{}
	for _, name := range c.settings {
		if value := *setting(p, name).Value; value != *setting(standard, name).Value {
			list[name] = value
		}
	}
	return list
}

// copySettings sets the settings of c in to as they are in from.
func (c *class) copySettings(to, from *kernels.Profile) {
	for _, name := range c.settings {
		*setting(to, name).Value = *setting(from, name).Value
	}
}
