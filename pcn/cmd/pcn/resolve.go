package main

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/models"
)

// A task is what settings amount to: all that training takes, but the seed.
type task struct {
	settings *settings
	net      *pcn.Network
	config   pcn.Config

	train, test *data.Set
	val         *data.Set // nil without -val

	warnings []string
}

// newTask checks the settings, completes them and loads the data. given are
// the flags that the user set.
func newTask(s *settings, given map[string]bool) (*task, error) {
	t, err := planTask(s, given)
	if err != nil {
		return nil, err
	}
	if err := s.checkFolder(); err != nil {
		return nil, err
	}
	if err := t.loadData(); err != nil {
		return nil, err
	}
	t.config.Optimizer.Rate = s.rate(t.config.OptimizerSteps(t.net, s.Epochs*(t.train.Len()/s.Batch)))
	return t, nil
}

// planTask is newTask without the data.
func planTask(s *settings, given map[string]bool) (*task, error) {
	t := &task{settings: s}
	handle, err := s.handle()
	if err != nil {
		return nil, usageError{err}
	}
	if !given["activation"] && slices.Contains(models.Names(), s.Model) {
		s.Activation = kernels.GELU.String() // what image networks are published with
	}
	activation, err := kernels.ParseActivation(s.Activation)
	if err != nil {
		return nil, usageError{err}
	}
	if t.net, err = s.network(activation); err != nil {
		return nil, usagef("-model: %s", withoutPackage(err.Error()))
	}
	s.complete(t.net, given)
	// The weight of auxiliary nodes depends on the latent rate, whose default
	// depends on the number of levels.
	if t.net, err = s.network(activation); err != nil {
		return nil, usagef("-model: %s", withoutPackage(err.Error()))
	}
	if err := s.check(t.net, given); err != nil {
		return nil, err
	}
	t.config = s.config()
	t.config.Kernels = handle
	if err := t.config.Check(t.net); err != nil {
		return nil, usagef("%s", inFlags(err.Error()))
	}
	t.warnings = s.withoutEffect(given)
	for _, w := range t.config.Warnings(t.net) {
		t.warnings = append(t.warnings, inFlags(w))
	}
	return t, nil
}

// network makes the network of -model for the images of -data.
func (s *settings) network(activation kernels.Activation) (*pcn.Network, error) {
	o := models.Options{Activation: activation, Width: s.Width, BatchNorm: s.Norms, NoAux: !s.Aux, LatentRate: s.LatentRate}
	if o.LatentRate == 0 { // backpropagation, or not known yet
		o.LatentRate = 1
	}
	o.Input, o.Classes = s.imageShape()
	return models.New(s.Model, o)
}

// handle returns the kernels of -isa, or the best ones. It fails if GOPCN_ISA
// makes no sense, whatever -isa says.
func (s *settings) handle() (*kernels.Handle, error) {
	available, err := kernels.Available()
	if err != nil {
		return nil, err
	}
	isa := available[len(available)-1]
	if s.ISA != "" {
		if isa, err = kernels.ParseISA(s.ISA); err != nil {
			return nil, err
		}
	}
	s.ISA = isa.String()
	handle, err := kernels.For(isa)
	if err != nil {
		return nil, fmt.Errorf("-isa: %s", withoutPackage(err.Error()))
	}
	return handle, nil
}

// preset returns the name of the settings in package pcn that serve for the
// rule and the precision.
func (s *settings) preset() string {
	switch {
	case s.Rule == "bp":
		return "bp"
	case s.Rule == "ipc" && s.Precision == "uniform":
		return "ipc"
	case s.Rule == "ipc":
		return "ipc+s"
	case s.Precision == "uniform":
		return "pc"
	case s.Precision == "decaying":
		return "d+fu"
	}
	return "s+fu"
}

// complete fills in the defaults that depend on other flags.
func (s *settings) complete(net *pcn.Network, given map[string]bool) {
	preset, err := pcn.Preset(s.preset())
	if err != nil {
		panic(err) // all that preset returns are there
	}
	if s.Precision == "decaying" {
		preset.Momentum = 0
	}
	if s.Rule == "pc" && s.Precision == "uniform" && s.Activation == kernels.Tanh.String() && net.Levels() > 6 {
		preset.LatentRate = 0.3
	}
	fill(&s.Update, preset.Update.String(), given["update"])
	fill(&s.LatentRate, preset.LatentRate, given["latent-lr"])
	fill(&s.Momentum, preset.Momentum, given["momentum"])
	fill(&s.Rate, preset.Optimizer.Rate.At(0), given["lr"])
	fill(&s.WeightDecay, preset.Optimizer.WeightDecay, given["wd"])
	fill(&s.SkipZero, preset.Optimizer.SkipZero.String(), given["skip-zero"])
	fill(&s.Augment, strings.HasPrefix(s.Data, "cifar"), given["augment"])
	if s.Steps == 0 {
		s.Steps = net.Levels()
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
}

// fill sets a value that the user did not give.
func fill[T any](value *T, standard T, given bool) {
	if !given {
		*value = standard
	}
}

// checkFolder refuses folders that make no sense.
func (s *settings) checkFolder() error {
	switch {
	case s.Data == "glyphs" && s.Dir != "":
		return usagef("-data glyphs is built in and reads no folder: leave -dir out, or choose the set in it with -data mnist or -data fashion-mnist")
	case s.Data != "glyphs" && s.Dir == "":
		return usagef("-data %s needs -dir, the folder that holds its files", s.Data)
	}
	return nil
}

// check refuses combinations of flags that make no sense.
func (s *settings) check(net *pcn.Network, given map[string]bool) error {
	switch {
	case s.Rule == "ipc" && s.Update == "forward":
		return usagef("-rule ipc moves the weights while relaxing, which leaves no forward update: leave -update out, or use -rule pc")
	case s.Rule != "pc" && s.Nudge != "none":
		return usagef("-nudge %s needs -rule pc, not %s", s.Nudge, s.Rule)
	case s.Rule != "bp" && s.Precision == "decaying" && s.Steps < net.Levels():
		return usagef("-precision decaying needs at least as many relaxation steps as levels: set -steps to %d or more, not %d", net.Levels(), s.Steps)
	case given["out"] && s.out == "":
		return usagef("-out needs the name of a folder")
	}
	return nil
}

// withoutEffect warns about flags that the user gave in vain.
func (s *settings) withoutEffect(given map[string]bool) []string {
	var list []string
	vain := func(when bool, why string, flags ...string) {
		for _, f := range flags {
			if when && given[f] {
				list = append(list, "-"+f+" has no effect with "+why)
			}
		}
	}
	bp := s.Rule == "bp"
	vain(bp, "-rule bp", "update", "precision", "alpha", "decay-k", "normalised", "steps", "latent-lr", "momentum", "nesterov", "beta")
	vain(!bp && s.Precision != "spiking", "-precision "+s.Precision, "alpha")
	vain(!bp && s.Precision != "decaying", "-precision "+s.Precision, "decay-k", "normalised")
	vain(!bp && s.Nudge == "none", "-nudge none", "beta")
	mlp := strings.HasPrefix(s.Model, "mlp:")
	vain(mlp, "-model mlp", "width", "bn")
	vain(mlp || !s.Norms, "no batch normalisation", "bn-mode", "bn-freeze")
	vain(!strings.HasPrefix(s.Model, "resnet"), "-model "+s.Model, "aux")
	vain(s.Optimizer != "adamw", "-optimizer "+s.Optimizer, "wd")
	return list
}

// config translates completed settings.
func (s *settings) config() pcn.Config {
	return pcn.Config{
		Rule:       named(s.Rule, pcn.PC, pcn.IPC, pcn.BP),
		Update:     named(s.Update, pcn.Settled, pcn.Forward),
		Precision:  s.precision(),
		Steps:      s.Steps,
		LatentRate: s.LatentRate,
		Momentum:   s.Momentum,
		Nesterov:   s.Nesterov,
		Loss:       named(s.Loss, pcn.SquaredError, pcn.CrossEntropy),
		Nudge:      named(s.Nudge, pcn.NudgeNone, pcn.NudgePositive, pcn.NudgeNegative, pcn.NudgeCentred),
		Beta:       s.Beta,
		Optimizer: pcn.Optimizer{
			Kind:        named(s.Optimizer, pcn.SGD, pcn.Adam, pcn.AdamW),
			Rate:        pcn.Constant(s.Rate),
			WeightDecay: s.WeightDecay,
			SkipZero:    named(s.SkipZero, pcn.SkipOff, pcn.SkipUpdate, pcn.SkipFull),
		},
		Norm:         named(s.NormMode, pcn.NormBatch, pcn.NormEMA),
		NormUnfrozen: !s.NormFreeze,

		Batch:   s.Batch,
		Seed:    s.Seed,
		Gain:    s.Gain,
		Workers: s.Workers,
	}
}

func (s *settings) precision() pcn.Precision {
	switch {
	case s.Precision == "uniform":
		return pcn.Uniform()
	case s.Precision == "spiking":
		return pcn.Spiking(s.Alpha)
	case s.Normalised:
		return pcn.DecayingNormalised(s.DecayK)
	}
	return pcn.Decaying(s.DecayK)
}

// rate returns the schedule of a run of so many optimiser steps.
func (s *settings) rate(steps int) pcn.Rate {
	if s.Schedule == "constant" {
		return pcn.Constant(s.Rate)
	}
	return pcn.WarmupCosineFor(s.Rate, steps)
}

// Fields of pcn.Config, as texts of package pcn mention them, and their flags.
var fieldFlags = map[string]string{
	"Batch": "-batch", "Beta": "-beta", "Gain": "-gain", "LatentRate": "-latent-lr", "Momentum": "-momentum",
	"Norm": "-bn-mode", "NormBatch": "batch", "NormEMA": "ema", "NormUnfrozen": "-bn-freeze=false",
	"Nudge": "-nudge", "Rule": "-rule", "Steps": "-steps", "Update": "-update", "Workers": "-workers",
}

var word = regexp.MustCompile(`\w+`)

// inFlags puts the names of flags for those of fields.
func inFlags(message string) string {
	return word.ReplaceAllStringFunc(strings.TrimPrefix(message, "pcn: "), func(w string) string {
		if flag, ok := fieldFlags[w]; ok {
			return flag
		}
		return w
	})
}
