package pcn_test

import (
	"context"
	"fmt"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// Callbacks see every batch and every epoch, and may end a run.
func ExampleFit_callbacks() {
	net, _ := models.Parse("mlp:784-64-10", kernels.GELU)
	train, test := data.GlyphsN(0, 2560, 500)
	trainer, err := pcn.NewTrainer(net, pcn.DefaultConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()

	var losses []float64
	best := 0.0
	history, err := pcn.Fit(context.Background(), trainer, train, pcn.FitOptions{
		Epochs: 100,
		Test:   test,
		OnBatch: func(done, batches int, s pcn.Stats) {
			losses = append(losses, s.Loss)
		},
		OnEpoch: func(e pcn.Epoch) error {
			if accuracy := e.Test.Accuracy(); accuracy > best+0.01 {
				best = accuracy
				return nil
			}
			return pcn.ErrStop // not much better than the best before
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d epochs, %d batches, best accuracy %.1f %%\n", len(history), len(losses), 100*best)
	// Output: 6 epochs, 120 batches, best accuracy 65.8 %
}

// A run ends between two batches when its context does: after a time, for
// instance, or with signal.NotifyContext when Ctrl-C is pressed. The trainer
// keeps what it has learned.
func ExampleFit_cancel() {
	net, _ := models.Parse("mlp:784-64-10", kernels.GELU)
	train, _ := data.GlyphsN(0, 2560, 0)
	trainer, err := pcn.NewTrainer(net, pcn.DefaultConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var at pcn.Progress
	_, err = pcn.Fit(ctx, trainer, train, pcn.FitOptions{
		Epochs: 100,
		OnProgress: func(p pcn.Progress) error {
			if at = p; p.Epoch == 2 && p.Batch == 7 {
				cancel() // any goroutine may
			}
			return nil
		},
	})
	fmt.Println(err, "in epoch", at.Epoch, "after batch", at.Batch)
	// Output: context canceled in epoch 2 after batch 7
}

// A schedule of one's own: each level's precision rises to 1 while the error is
// on its way to it, and stays there.
func ExamplePrecision() {
	ramp := pcn.Precision{
		Name: "ramp",
		Schedule: func(level, levels, t, T int) float32 {
			arrival := levels - 1 - level
			return min(1, float32(t+1)/float32(arrival+1))
		},
	}
	net, _ := models.Parse("mlp:784-64-64-64-10", kernels.GELU)
	cfg := pcn.DefaultConfig()
	cfg.Precision = ramp
	cfg.LatentRate = 0.3
	fmt.Println(cfg.Precision, cfg.Check(net))
	fmt.Printf("signal of each level: %.2g\n", cfg.Factors(net))
	// Output:
	// ramp <nil>
	// signal of each level: [0.074 0.25 0.57 1]
}
