package pcn_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// BenchmarkStep is one batch of 128, filling x from bytes included.
func BenchmarkStep(b *testing.B) {
	for _, bench := range []struct {
		model, preset string
		steps         int
	}{
		{"mlp:784-128-128-128-10", "pc", 5},
		{"mlp:784-128-128-128-10", "s+fu", 4},
		{"mlp:784-128-128-128-10", "ipc+s", 4},
		{"mlp:784-128-128-128-10", "bp", 0},
	} {
		b.Run(fmt.Sprintf("model=%s/preset=%s", bench.model[4:], bench.preset), func(b *testing.B) {
			net, err := models.Parse(bench.model, kernels.GELU)
			require.NoError(b, err)
			cfg, err := pcn.Preset(bench.preset)
			require.NoError(b, err)
			cfg.Steps = bench.steps
			trainer, err := pcn.NewTrainer(net, cfg)
			require.NoError(b, err)
			defer trainer.Close()
			train, _ := data.GlyphsN(0, 1280, 1)
			order := make([]int32, train.Len())
			data.Order(order, 0, 0)
			batch := data.Batch{Set: train}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				batch.Places = order[i*128 : (i+1)*128]
				trainer.Step(&batch)
				i = (i + 1) % 10
			}
			b.ReportMetric(128*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
			b.ReportMetric(trainer.Work(128).Necessary*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// BenchmarkImages is one batch of 128 of random images at a quarter of the
// width.
func BenchmarkImages(b *testing.B) {
	for _, bench := range []struct {
		model string
		steps int
		norms bool
	}{
		{"vgg5", 7, false},
		{"vgg5", 7, true},
		{"vgg9", 11, false},
		{"resnet18", 18, false},
	} {
		b.Run(fmt.Sprintf("model=%s/norms=%v", bench.model, bench.norms), func(b *testing.B) {
			o := models.CIFAR()
			o.Width, o.BatchNorm = 0.25, bench.norms
			net, err := models.New(bench.model, o)
			require.NoError(b, err)
			cfg := pcn.DefaultConfig()
			cfg.Steps = bench.steps
			trainer, err := pcn.NewTrainer(net, cfg)
			require.NoError(b, err)
			defer trainer.Close()
			batch := &pcn.Batch{X: kernels.NewMatrix(128, net.Input.Len()), Labels: make([]uint8, 128)}
			for i := range batch.X.Data {
				batch.X.Data[i] = float32(i%251)/125 - 1
			}
			for i := range batch.Labels {
				batch.Labels[i] = uint8(i % 10)
			}
			b.ReportAllocs()
			for b.Loop() {
				trainer.Step(batch)
			}
			b.ReportMetric(128*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
			b.ReportMetric(trainer.Work(128).Necessary*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
