// Package audit answers what a learning rule really does: how far, level by
// level, its weight gradient is that of backpropagation, and whether both are
// right.
//
// [Run] takes one batch through a network twice, under the rule and under
// backpropagation, and compares the raw gradients, before any optimiser. It then
// holds both against a naive float64 implementation of the same rule, by central
// differences of the energy that each is the gradient of.
//
// A run has trainers and workers of its own, which end with it: any number of
// goroutines may audit at the same time, and share networks and samples.
package audit

import (
	"context"
	"fmt"

	"github.com/gopcn/gopcn/pcn"
)

// Options are the settings of [Run]. Their zero value serves.
type Options struct {
	// Weights are those to audit, of a trained network for instance; nil stands
	// for the initial ones of the settings.
	Weights *pcn.Weights

	// Samples is how many samples of the batch are held against the float64
	// reference, which takes its time: 0 stands for 16, a negative number for
	// none.
	Samples int

	// Directions is how many random directions each level's gradient is tried
	// along, besides its own; 0 stands for 2.
	Directions int

	// OnLevel, if set, is called by one goroutine at a time whenever the reference
	// is done with another level.
	OnLevel func(done, levels int)
}

func (o Options) withDefaults(batch int) Options {
	if o.Samples == 0 {
		o.Samples = 16
	}
	o.Samples = min(o.Samples, batch)
	if o.Directions == 0 {
		o.Directions = 2
	}
	return o
}

// A Report is what an audit found.
type Report struct {
	// Rule is the audited one.
	Rule pcn.Rule

	// Samples is the size of the batch, Checked how many of its samples the
	// reference has seen, 0 for none.
	Samples, Checked int

	// Levels has an entry for each level, from 0 on.
	Levels []Level
}

// A Level compares the weight gradient g of a level under the rule with b, that
// of backpropagation.
type Level struct {
	// Parameters is how many the level has. Without any, the rest is 0 or NaN.
	Parameters int

	// Norm is |g|, Backprop is |b|; Cosine is g b / (|g| |b|), and Ratio is
	// |g| / |b|. They are NaN where they would divide by 0.
	Norm, Backprop, Cosine, Ratio float64

	// Rounding estimates what rounding latents to float32 does to the error that
	// g is made of: 2^-24 of the latents' norm over the error's. At 1 the error is
	// nothing but rounding. Backpropagation, which subtracts no latents, has 0, and
	// so has a level without an error, or one that was not checked.
	Rounding float64

	// Check and BackpropCheck are the largest differences between g, or b, and the
	// float64 reference along any of the directions, relative to the gradient; 0
	// without a check.
	Check, BackpropCheck float64
}

// Run audits a learning rule on one batch. The network must be valid and the
// settings pass pcn.Config.Check; the batch has from 1 to cfg.Batch samples. It
// returns an error if they do not, if the weights do not fit the network, or if
// the context ends first.
func Run(ctx context.Context, net *pcn.Network, cfg pcn.Config, batch pcn.Samples, o Options) (*Report, error) {
	if n := batch.Len(); n < 1 || n > cfg.Batch {
		return nil, fmt.Errorf("audit: %d samples in the batch; there must be 1 to %d (Config.Batch)", n, cfg.Batch)
	}
	o = o.withDefaults(batch.Len())
	a := &auditor{options: o}
	for _, c := range []struct {
		trainer **pcn.Trainer
		cfg     pcn.Config
	}{{&a.rule, cfg}, {&a.backprop, backprop(cfg)}} {
		t, err := newTrainer(net, c.cfg, o.Weights)
		if err != nil {
			return nil, err
		}
		defer t.Close()
		*c.trainer = t
	}
	r := &Report{Rule: cfg.Rule, Samples: batch.Len(), Levels: a.compare(batch)}
	if o.Samples > 0 {
		r.Checked = o.Samples
		if err := a.check(ctx, r.Levels, first{batch, o.Samples}); err != nil {
			return nil, err
		}
	}
	return r, ctx.Err()
}

// backprop is backpropagation with the settings that it shares with a rule.
func backprop(cfg pcn.Config) pcn.Config {
	cfg.Rule, cfg.Nudge = pcn.BP, pcn.NudgeNone
	return cfg
}

func newTrainer(net *pcn.Network, cfg pcn.Config, w *pcn.Weights) (*pcn.Trainer, error) {
	cfg.TrainTop = 0 // what a level would learn is asked of all
	t, err := pcn.NewTrainer(net, cfg)
	if err != nil {
		return nil, err
	}
	if w != nil {
		if err := t.SetWeights(*w); err != nil {
			t.Close()
			return nil, err
		}
	}
	return t, nil
}

// first is the beginning of a batch.
type first struct {
	pcn.Samples
	n int
}

func (f first) Len() int { return f.n }

// auditor has the two trainers at the same weights.
type auditor struct {
	options        Options
	rule, backprop *pcn.Trainer
}
