package run

import (
	"github.com/gopcn/gopcn/pcn"
)

// config translates completed settings.
func (s *Settings) config() pcn.Config {
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
		TrainTop: s.TrainTop,

		Norm:         named(s.NormMode, pcn.NormBatch, pcn.NormEMA),
		NormUnfrozen: !s.NormFreeze,

		Batch:   s.Batch,
		Seed:    s.Seed,
		Gain:    s.Gain,
		Workers: s.Workers,
	}
}

func (s *Settings) precision() pcn.Precision {
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
func (s *Settings) rate(steps int) pcn.Rate {
	if s.Schedule == "constant" {
		return pcn.Constant(s.Rate)
	}
	return pcn.WarmupCosineFor(s.Rate, steps)
}
