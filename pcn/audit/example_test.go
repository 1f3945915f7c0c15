package audit_test

import (
	"context"
	"fmt"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/audit"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// Am I just doing backprop? With spiking precision and forward updates, yes;
// plain predictive coding does something else, where its signal arrives at all.
func Example() {
	net, _ := models.Parse("mlp:784-32x8-10", kernels.Tanh)
	train, _ := data.GlyphsN(0, 64, 0)
	places := make([]int32, train.Len())
	for i := range places {
		places[i] = int32(i)
	}
	batch := &data.Batch{Set: train, Places: places}

	for _, preset := range []string{"s+fu", "pc"} {
		cfg, _ := pcn.Preset(preset)
		report, err := audit.Run(context.Background(), net, cfg, batch, audit.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %s\n", preset, report.Verdict())
	}
	// Output:
	// s+fu: yes, but for its length: every level has backprop's direction (cosine 1.000), and 0.046 to 1 of its length
	// pc: no: levels 0 and 1 have little but rounding errors, levels 2 to 7 have backprop's direction (cosine 0.995 to 0.999), level 8 has nearly backprop's direction (cosine 0.970)
}
