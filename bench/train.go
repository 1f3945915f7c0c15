package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
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
func (t *training) trainer(h *kernels.Handle, workers, batch int) (*pcn.Trainer, error) {
	cfg, err := pcn.Preset(t.preset)
	if err != nil {
		return nil, err
	}
	cfg.Steps, cfg.Batch, cfg.Workers, cfg.Kernels = t.steps, batch, workers, h
	options := models.CIFAR()
	options.Activation, options.Width, options.LatentRate = t.act, t.width, cfg.LatentRate
	net, err := models.New(t.model, options)
	if err != nil {
		return nil, err
	}
	return pcn.NewTrainer(net, cfg)
}

// noise is a batch in memory, so that loading data takes no part.
func noise(net *pcn.Network, samples int) *pcn.Batch {
	b := &pcn.Batch{X: kernels.NewMatrix(samples, net.Input.Len()), Labels: make([]uint8, samples)}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range samples {
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
func trainingSteps(h *kernels.Handle, s *settings, t *table) error {
	workers := s.workersOr(0)
	meter := measure.NewMeter(h.ISA(), workers)
	defer meter.Close()
	found := false
	for i := range trainings {
		net := &trainings[i]
		if !s.wants(net.name) {
			continue
		}
		found = true
		r, err := net.measure(h, meter, s)
		if err != nil {
			return fmt.Errorf("%s: %w", net.name, err)
		}
		t.add(r)
	}
	if !found {
		return fmt.Errorf("-net %s: use %s", s.nets, strings.Join(trainingNames(), ", "))
	}
	return t.err
}

func trainingNames() []string {
	var names []string
	for _, t := range trainings {
		names = append(names, t.name)
	}
	return names
}

// wants reports whether a network is to be measured.
func (s *settings) wants(net string) bool {
	return s.nets == "" || slices.Contains(strings.Split(s.nets, ","), net)
}

// measure makes the row of a network. Work is counted by the trainer, as pcn
// summary tells it.
func (t *training) measure(h *kernels.Handle, m *measure.Meter, s *settings) (row, error) {
	workers := m.Pool().Size()
	r := row{Kernel: "train", Op: fmt.Sprintf("%s T=%d", t.preset, t.steps), Shape: t.name, Packed: true, ISA: h.ISA().String(), Workers: workers}
	trainer, err := t.trainer(h, workers, trainBatch)
	if err != nil {
		return r, err
	}
	defer trainer.Close()
	batch := noise(trainer.Network(), trainBatch)
	if s.dump != "" {
		if err := dump(s.dump, t.name, trainer, batch); err != nil {
			return r, err
		}
	}
	work := trainer.Work(1)
	r.Necessary, r.Nominal = work.Necessary, work.Nominal
	stepRounds(&r, m, trainer, batch, s)
	if s.portable && h.ISA() != kernels.Generic && work.Necessary < mostPortable {
		share, err := t.portableShare(m)
		if err != nil {
			return r, err
		}
		r.Portable = r.Ratio / share
	}
	return r, nil
}

// mostPortable is the work of a sample for which portable Go takes half a second
// or so; nobody waits for more.
const mostPortable = 5e8

// portableShare is the rate of a step of few samples in portable Go, on as many
// workers, as a share of the same peak.
func (t *training) portableShare(m *measure.Meter) (float64, error) {
	generic, err := kernels.For(kernels.Generic)
	if err != nil {
		return 0, err
	}
	samples := m.Pool().Size()
	trainer, err := t.trainer(generic, samples, samples)
	if err != nil {
		return 0, err
	}
	defer trainer.Close()
	batch := noise(trainer.Network(), samples)
	trainer.Step(batch)
	before, start := m.Burst(), time.Now()
	trainer.Step(batch)
	took := time.Since(start).Seconds()
	return trainer.Work(samples).Necessary / took / 1e9 / ((before + m.Burst()) / 2), nil
}

// between is the least time from one burst to the next. Longer steps are followed
// by a burst for each burstFor, so that a single odd one counts for little.
const (
	between  = 3 * time.Millisecond
	burstFor = 10 * time.Millisecond
)

// stepRounds fills in the best round by share of the peak.
func stepRounds(r *row, meter *measure.Meter, trainer *pcn.Trainer, batch pcn.Samples, s *settings) {
	flops := trainer.Work(trainBatch).Necessary
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
			passed := time.Since(start)
			took += passed
			for range max(1, passed/burstFor) {
				peaks += meter.Burst()
				bursts++
			}
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
