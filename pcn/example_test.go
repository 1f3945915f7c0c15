package pcn_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// Train a small network on the built-in set for three epochs.
func Example() {
	net, err := models.Parse("mlp:784-64-64-10", kernels.GELU)
	if err != nil {
		fmt.Println(err)
		return
	}
	train, test := data.GlyphsN(0, 6400, 500)
	cfg := pcn.DefaultConfig()
	cfg.Optimizer.Rate = pcn.WarmupCosineFor(3e-3, cfg.OptimizerSteps(net, 3*6400/cfg.Batch))

	trainer, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()
	history, err := pcn.Fit(context.Background(), trainer, train, pcn.FitOptions{Epochs: 3, Test: test})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range history {
		fmt.Printf("epoch %d: loss %.3f, test accuracy %.1f %%\n", e.Epoch, e.Loss, 100*e.Test.Accuracy())
	}
	// Output:
	// epoch 0: loss 0.406, test accuracy 56.4 %
	// epoch 1: loss 0.301, test accuracy 70.0 %
	// epoch 2: loss 0.255, test accuracy 74.4 %
}

// A residual block with an auxiliary node, which delays the skip path's
// feedback by as many steps as the main path takes.
func ExampleBuilder() {
	dense := func(n int) pcn.Op { return pcn.Dense(n, true) }
	act := pcn.Activate(kernels.ReLU)

	b := pcn.NewBuilder(pcn.Features(20))
	stem := b.Node("stem", []int{pcn.Input}, dense(16))
	a := b.Node("a", []int{stem}, act, dense(16))
	skip := b.Skip("skip", []int{stem})
	b.Node("out", []int{a, skip}, act, dense(10))
	net, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net.Levels(), "levels, layered:", net.Layered())
	for _, p := range pcn.InitialParameters(net, 0, 1) {
		fmt.Println(p.Name, p.Shape)
	}
	// Output:
	// 3 levels, layered: true
	// stem.W [16 20]
	// stem.b [16]
	// a.W [16 16]
	// a.b [16]
	// out.W [10 16]
	// out.b [10]
}

// One batch from memory.
func ExampleTrainer_Step() {
	net, _ := models.Parse("mlp:2-8-2", kernels.Tanh)
	cfg := pcn.DefaultConfig()
	cfg.Batch, cfg.Gain = 4, 2
	cfg.Optimizer.Rate = pcn.Constant(0.05)
	trainer, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()

	x := kernels.NewMatrix(4, 2) // exclusive or
	copy(x.Row(1), []float32{0, 1})
	copy(x.Row(2), []float32{1, 0})
	copy(x.Row(3), []float32{1, 1})
	batch := &pcn.Batch{X: x, Labels: []uint8{0, 1, 1, 0}}
	for range 200 {
		trainer.Step(batch)
	}
	fmt.Println(trainer.Evaluate(batch).Correct, "of 4")
	// Output: 4 of 4
}

// Many goroutines predict at the same time, without allocating, while training
// could go on.
func ExamplePredictor() {
	net, _ := models.Parse("mlp:784-64-64-10", kernels.GELU)
	train, test := data.GlyphsN(0, 6400, 4)
	cfg := pcn.DefaultConfig()
	cfg.Loss = pcn.CrossEntropy
	cfg.Optimizer.Rate = pcn.WarmupCosineFor(3e-3, cfg.OptimizerSteps(net, 3*6400/cfg.Batch))
	trainer, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()
	if _, err := pcn.Fit(context.Background(), trainer, train, pcn.FitOptions{Epochs: 3}); err != nil {
		fmt.Println(err)
		return
	}

	predictor := trainer.Predictor()
	x, probabilities := kernels.NewMatrix(test.Len(), 784), kernels.NewMatrix(test.Len(), 10)
	var done sync.WaitGroup
	for i := range test.Len() {
		done.Go(func() {
			ws := predictor.NewWorkspace(1) // one for each goroutine; keep it
			test.Fill(x.Row(i), i)
			predictor.Probabilities(ws, probabilities.RowRange(i, i+1), x.RowRange(i, i+1))
		})
	}
	done.Wait()
	for i := range test.Len() {
		fmt.Printf("%q: %.2f\n", test.ClassNames[test.Label(i)], probabilities.Row(i)[test.Label(i)])
	}
	// Output:
	// "0": 0.44
	// "1": 0.29
	// "2": 0.80
	// "3": 0.38
}

// What digits are taken for what others.
func ExampleTrainer_Confusion() {
	net, _ := models.Parse("mlp:784-64-64-10", kernels.GELU)
	train, test := data.GlyphsN(0, 6400, 500)
	cfg := pcn.DefaultConfig()
	cfg.Optimizer.Rate = pcn.WarmupCosineFor(3e-3, cfg.OptimizerSteps(net, 3*6400/cfg.Batch))
	trainer, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()
	if _, err := pcn.Fit(context.Background(), trainer, train, pcn.FitOptions{Epochs: 3}); err != nil {
		fmt.Println(err)
		return
	}
	c := trainer.Confusion(test)
	fmt.Printf("accuracy %.1f %%\n", 100*c.Accuracy())
	for class := range 3 {
		s := c.Class(class)
		fmt.Printf("%s: %d of %d, taken for 7: %d\n", test.ClassNames[class], s.Correct, s.Samples, c.Counts[class][7])
	}
	// Output:
	// accuracy 74.4 %
	// 0: 43 of 50, taken for 7: 1
	// 1: 25 of 50, taken for 7: 8
	// 2: 39 of 50, taken for 7: 7
}

// A run that stops and goes on: the rest is the same to the bit.
func ExampleFitOptions() {
	net, _ := models.Parse("mlp:784-32-10", kernels.GELU)
	train, _ := data.GlyphsN(0, 1280, 0)
	fit := func(start pcn.Progress, from *pcn.Snapshot, o pcn.FitOptions) *pcn.Trainer {
		trainer, err := pcn.NewTrainer(net, pcn.DefaultConfig())
		if err != nil {
			panic(err)
		}
		if from != nil {
			if err := trainer.Restore(*from); err != nil {
				panic(err)
			}
		}
		o.Epochs, o.Start = 2, start
		if _, err := pcn.Fit(context.Background(), trainer, train, o); err != nil {
			panic(err)
		}
		return trainer
	}
	whole := fit(pcn.Progress{}, nil, pcn.FitOptions{})
	defer whole.Close()

	var at pcn.Progress
	part := fit(pcn.Progress{}, nil, pcn.FitOptions{OnProgress: func(p pcn.Progress) error {
		if at = p; p.Epoch == 1 && p.Batch == 3 {
			return pcn.ErrStop
		}
		return nil
	}})
	defer part.Close()
	state := part.Snapshot() // package checkpoint keeps it in a file
	rest := fit(at, &state, pcn.FitOptions{})
	defer rest.Close()
	fmt.Println(rest.Digest() == whole.Digest())
	// Output: true
}

// Settings are judged before a run is wasted on them.
func ExampleConfig_Warnings() {
	net, _ := models.Parse("mlp:784-128-128-128-10", kernels.Tanh)
	cfg := pcn.DefaultConfig()
	cfg.Momentum = 0.5
	for _, warning := range cfg.Warnings(net) {
		fmt.Println(warning)
	}
	// Output:
	// levels 0 to 2: the signal that reaches the weights has the wrong sign (-0.06 of the output's at level 0): the latents overshoot; lower LatentRate from 0.8 to less than 0.67
}

func ExampleConfig_Factors() {
	net, _ := models.Parse("mlp:784-128-128-128-10", kernels.Tanh)
	for _, preset := range []string{"s+fu", "pc"} {
		cfg, _ := pcn.Preset(preset)
		fmt.Printf("%s %.2g\n", preset, cfg.Factors(net))
	}
	// Output:
	// s+fu [0.087 0.094 0.11 1]
	// pc [0.0048 0.06 0.36 1]
}
