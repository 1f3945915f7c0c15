package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/models"
	"github.com/gopcn/gopcn/tune/measure"
)

// trainBatch is the samples of a training step.
const trainBatch = 128

// training is a network with the settings it is trained with. bench/peers has
// the same table for other programs.
type training struct {
	name, model string
	width       float64
	act         kernels.Activation
	preset      string
	steps       int
}

var trainings = []training{
	{"mlp4", "mlp:784-128-128-128-10", 1, kernels.GELU, "pc", 5},
	{"mlp17", "mlp:784" + strings.Repeat("-128", 16) + "-10", 1, kernels.Tanh, "s+fu", 17},
	{"vgg5-0.25", "vgg5", 0.25, kernels.GELU, "s+fu", 7},
	{"vgg9-0.25", "vgg9", 0.25, kernels.GELU, "s+fu", 11},
	{"resnet18-0.25", "resnet18", 0.25, kernels.GELU, "s+fu", 18},
	{"vgg5-1", "vgg5", 1, kernels.GELU, "s+fu", 7},
	{"vgg9-1", "vgg9", 1, kernels.GELU, "s+fu", 11},
}

// trainer makes the trainer, with the rates that its preset has.
func (t *training) trainer(h *kernels.Handle, workers int) (*pcn.Trainer, error) {
	cfg, err := pcn.Preset(t.preset)
	if err != nil {
		return nil, err
	}
	cfg.Steps, cfg.Batch, cfg.Workers, cfg.Kernels = t.steps, trainBatch, workers, h
	options := models.CIFAR()
	options.Activation, options.Width, options.LatentRate = t.act, t.width, cfg.LatentRate
	net, err := models.New(t.model, options)
	if err != nil {
		return nil, err
	}
	return pcn.NewTrainer(net, cfg)
}

// noise is a batch in memory, so that loading data takes no part.
func noise(net *pcn.Network) *pcn.Batch {
	b := &pcn.Batch{X: kernels.NewMatrix(trainBatch, net.Input.Len()), Labels: make([]uint8, trainBatch)}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range trainBatch {
		for j := range b.X.Row(i) {
			b.X.Row(i)[j] = 2*r.Float32() - 1
		}
		b.Labels[i] = uint8(r.IntN(net.Classes()))
	}
	return b
}

// trainingSteps measures whole training steps on all workers. Steps are longer
// than a millisecond, so bursts stand between steps, one every few milliseconds,
// and the time they take is taken off.
func trainingSteps(h *kernels.Handle, s *settings) ([]row, error) {
	meter := measure.NewMeter(h.ISA(), s.workers)
	defer meter.Close()
	var rows []row
	for i := range trainings {
		t := &trainings[i]
		if !s.wants(t.name) {
			continue
		}
		trainer, err := t.trainer(h, s.workers)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		r := row{Kernel: "train", Op: fmt.Sprintf("%s T=%d", t.preset, t.steps), Shape: t.name, Packed: true, ISA: h.ISA().String(), Workers: s.workers}
		batch := noise(trainer.Network())
		if s.dump != "" {
			if err := dump(s.dump, t.name, trainer, batch); err != nil {
				trainer.Close()
				return nil, err
			}
		}
		stepRounds(&r, meter, trainer, batch, s)
		trainer.Close()
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("-net %s: no such network", s.nets)
	}
	return rows, nil
}

// between is the least time from one burst to the next.
const between = 3 * time.Millisecond

// stepRounds fills in the best round by share of the peak.
func stepRounds(r *row, meter *measure.Meter, trainer *pcn.Trainer, batch pcn.Samples, s *settings) {
	flops := stepFLOPs(trainer)
	trainer.Step(batch)
	best, worst := 0.0, 0.0
	for round := range s.rounds {
		peaks, bursts := meter.Burst(), 1
		steps, took := 0, time.Duration(0)
		for took < s.time || steps < 2 {
			start := time.Now()
			for time.Since(start) < between {
				trainer.Step(batch)
				steps++
			}
			took += time.Since(start)
			peaks += meter.Burst()
			bursts++
		}
		peak, rate := peaks/float64(bursts), float64(steps)/took.Seconds()
		score := rate / peak
		if round == 0 || score < worst {
			worst = score
		}
		if score > best {
			best = score
			r.SamplesPerSecond, r.Peak, r.Kept = rate*trainBatch, peak, bursts
			r.GFLOPS = rate * flops / 1e9
			r.Ratio = r.GFLOPS / peak
		}
	}
	r.Spread = (best - worst) * flops / 1e9
}

// dump writes what one step made of the initial parameters, for other programs
// to compare: NAME.json with the labels, names and shapes and NAME.bin with the
// little-endian float32 values of x, the parameters and, after the step, AdamW's
// first moments, which are 0.1 times the gradient.
func dump(dir, name string, trainer *pcn.Trainer, batch *pcn.Batch) error {
	type tensor struct {
		Name  string `json:"name"`
		Shape []int  `json:"shape"`
	}
	var header struct {
		Labels []int    `json:"labels"`
		Input  []int    `json:"input"` // height, width, channels
		Params []tensor `json:"params"`
	}
	in := trainer.Network().Input
	header.Input = []int{in.Height, in.Width, in.Channels}
	for _, label := range batch.Labels {
		header.Labels = append(header.Labels, int(label))
	}
	var values []float32
	for i := range batch.Len() {
		values = append(values, batch.X.Row(i)...)
	}
	for _, p := range trainer.Parameters() {
		header.Params = append(header.Params, tensor{p.Name, p.Shape})
		values = append(values, p.Data...)
	}
	trainer.Step(batch)
	for _, m := range trainer.OptimizerState().First {
		values = append(values, m.Data...)
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, name+".json"), text, 0o666); err != nil {
		return err
	}
	bytes, err := binary.Append(nil, binary.LittleEndian, values)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".bin"), bytes, 0o666)
}
