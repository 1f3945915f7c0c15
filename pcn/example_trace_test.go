package pcn_test

import (
	"fmt"
	"math"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// glyphs is a batch of the built-in images.
func glyphs(n int) *data.Batch {
	train, _ := data.GlyphsN(0, n, 0)
	batch := &data.Batch{Set: train}
	for i := range n {
		batch.Places = append(batch.Places, int32(i))
	}
	return batch
}

// Where is the energy? The front descends a level a step; plain predictive coding
// leaves ever less behind it.
func ExampleTrainer_Trace() {
	net, _ := models.Parse("mlp:784-64-64-64-10", kernels.Tanh)
	cfg, _ := pcn.Preset("pc")
	trainer, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()

	trainer.WatchTrace(true)
	trainer.Gradients(glyphs(128)) // relaxes, and moves no weights; Step is watched too
	trace := trainer.Trace()
	for t, levels := range trace.Energy {
		fmt.Printf("after %d steps: %.1e\n", t, levels)
	}
	fmt.Println(len(cfg.TraceWarnings(net, trace)), "warnings")
	// Output:
	// after 0 steps: [0.0e+00 0.0e+00 0.0e+00 7.3e+01]
	// after 1 steps: [0.0e+00 0.0e+00 2.4e-01 6.9e+01]
	// after 2 steps: [0.0e+00 7.5e-04 8.0e-01 6.5e+01]
	// after 3 steps: [2.4e-06 5.4e-03 1.5e+00 6.2e+01]
	// after 4 steps: [3.0e-05 1.7e-02 2.3e+00 5.9e+01]
	// 0 warnings
}

// What a rule hands to the optimiser, before any optimiser: with spiking precision
// and forward updates it is backpropagation's gradient, but shorter.
func ExampleTrainer_Gradients() {
	net, _ := models.Parse("mlp:784-64-64-64-10", kernels.Tanh)
	norms := map[string][]float64{}
	for _, preset := range []string{"bp", "s+fu"} {
		cfg, _ := pcn.Preset(preset)
		trainer, err := pcn.NewTrainer(net, cfg)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer trainer.Close()
		for _, g := range trainer.Gradients(glyphs(128)) {
			sum := 0.0
			for _, v := range g.Data {
				sum += float64(v) * float64(v)
			}
			norms[preset] = append(norms[preset], sum)
		}
	}
	for i, p := range pcn.InitialParameters(net, 0, 1) {
		fmt.Printf("%-5s %.3f\n", p.Name, math.Sqrt(norms["s+fu"][i]/norms["bp"][i]))
	}
	// Output:
	// n0.W  0.088
	// n0.b  0.088
	// n1.W  0.094
	// n1.b  0.094
	// n2.W  0.109
	// n2.b  0.109
	// out.W 1.000
	// out.b 1.000
}
