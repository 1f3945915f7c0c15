package pcn

import (
	"errors"
	"fmt"
	"math"

	"github.com/gopcn/gopcn/kernels"
)

const maxFloat32 = math.MaxFloat32

// Rule says how a network learns.
type Rule uint8

const (
	PC  Rule = iota // relax T steps, then one weight update
	IPC             // incremental: weights move after every relaxation step
	BP              // backpropagation, the baseline; no relaxation
)

// String returns "pc", "ipc" or "bp".
func (r Rule) String() string {
	switch r {
	case PC:
		return "pc"
	case IPC:
		return "ipc"
	case BP:
		return "bp"
	}
	return fmt.Sprintf("Rule(%d)", uint8(r))
}

// Update says where the predictions of a weight update are taken.
type Update uint8

const (
	Settled Update = iota // at the relaxed latents: e_i = h_i - f_i(h of the sources)
	Forward               // at the forward values h0: e_i = h_i - h0_i, slopes and inputs of f_i at h0
)

// String returns "settled" or "forward".
func (u Update) String() string {
	switch u {
	case Settled:
		return "settled"
	case Forward:
		return "forward"
	}
	return fmt.Sprintf("Update(%d)", uint8(u))
}

// Loss is the energy of the output.
type Loss uint8

const (
	SquaredError Loss = iota // 1/2 ||h - u||^2
	CrossEntropy             // - sum h log_softmax(u)
)

// String returns "se" or "ce".
func (l Loss) String() string {
	switch l {
	case SquaredError:
		return "se"
	case CrossEntropy:
		return "ce"
	}
	return fmt.Sprintf("Loss(%d)", uint8(l))
}

// Nudge says how the output is clamped while relaxing, with u its prediction
// and y the target.
type Nudge uint8

const (
	NudgeNone     Nudge = iota // to y
	NudgePositive              // to u + beta (y - u)
	NudgeNegative              // to u - beta (y - u)
	NudgeCentred               // both, one after the other; their gradients are averaged
)

// String returns "none", "positive", "negative" or "centred".
func (n Nudge) String() string {
	switch n {
	case NudgeNone:
		return "none"
	case NudgePositive:
		return "positive"
	case NudgeNegative:
		return "negative"
	case NudgeCentred:
		return "centred"
	}
	return fmt.Sprintf("Nudge(%d)", uint8(n))
}

// signs are the signed multiples of beta of a batch's relaxations, nil for a
// clamp to the target itself.
func (n Nudge) signs() []float64 {
	switch n {
	case NudgePositive:
		return []float64{1}
	case NudgeNegative:
		return []float64{-1}
	case NudgeCentred:
		return []float64{1, -1}
	}
	return nil
}

// Config are the settings of a [Trainer]. [DefaultConfig] and [Preset] return
// settings that serve; a Config made by hand needs at least an optimiser's
// Rate, a Batch and, unless the rule is BP, a LatentRate.
type Config struct {
	// Rule says how the network learns, and Update, with the rule PC, where the
	// predictions of the weight update are taken.
	Rule   Rule
	Update Update

	// Precision weighs each level's error at each relaxation step.
	Precision Precision

	// Steps is T, the number of relaxation steps; 0 stands for the number of
	// levels.
	Steps int

	// LatentRate eta, Momentum m and Nesterov move the latents along their
	// gradient g: v = g + m v; h -= eta v, or eta (g + m v) with Nesterov.
	// Velocities start at 0 in each batch.
	LatentRate float32
	Momentum   float32
	Nesterov   bool

	// Loss is the output's energy.
	Loss Loss

	// Nudge and Beta, its strength, clamp the output near its prediction.
	Nudge Nudge
	Beta  float32

	// Norm says what batch normalisation normalises by in training, and
	// NormUnfrozen makes running statistics move at the initialisation and in
	// every relaxation step too, and not only in the weight update.
	Norm         NormMode
	NormUnfrozen bool

	// Optimizer says how weights follow their gradient.
	Optimizer Optimizer

	// TrainTop is how many levels learn, counted from the output down; 0 stands
	// for all. The parameters of those below stay what they are, while their
	// latents relax, and their running statistics move, like any others.
	TrainTop int

	// Batch is the largest number of samples of a step, for which memory is
	// planned.
	Batch int

	// Seed chooses the initial weights and the order of the samples.
	Seed uint64

	// Gain scales all initial weights, which are uniform in
	// +-Gain/sqrt(fan_in); biases are in +-1/sqrt(fan_in). 0 stands for 1.
	Gain float64

	// Workers is the number of goroutines that compute, the caller's
	// included; 0 stands for GOMAXPROCS. It changes no bit of the result.
	Workers int

	// Kernels is the instruction tier; nil stands for the best one. It changes
	// no bit of the result either.
	Kernels *kernels.Handle
}

// withDefaults fills in what zero values stand for.
func (c Config) withDefaults(net *Network) Config {
	if c.Steps == 0 {
		c.Steps = net.Levels()
	}
	if c.Rule == BP {
		c.Steps = 0
	}
	if c.TrainTop == 0 {
		c.TrainTop = net.Levels()
	}
	if c.Gain == 0 {
		c.Gain = 1
	}
	if c.Kernels == nil {
		c.Kernels = kernels.Default()
	}
	c.Optimizer = c.Optimizer.withDefaults()
	return c
}

// Check says whether the settings can be used with a network, which must be
// valid, and otherwise what to change.
func (c Config) Check(net *Network) error {
	c = c.withDefaults(net)
	switch {
	case c.Rule > BP:
		return fmt.Errorf("pcn: unknown rule %v: use PC, IPC or BP", c.Rule)
	case c.Loss > CrossEntropy:
		return fmt.Errorf("pcn: unknown loss %v: use SquaredError or CrossEntropy", c.Loss)
	case c.Norm > NormEMA:
		return fmt.Errorf("pcn: unknown Norm %v: use NormBatch or NormEMA", c.Norm)
	case c.Norm == NormEMA && c.NormUnfrozen:
		return errors.New("pcn: running statistics that normalise must not move while relaxing: unset NormUnfrozen, or set Norm to NormBatch")
	case c.Batch < 1:
		return fmt.Errorf("pcn: Batch is %d; set it to the number of samples of a step, 128 for instance", c.Batch)
	case c.Workers < 0:
		return fmt.Errorf("pcn: Workers is %d; set it to 0 for GOMAXPROCS, or to a positive number", c.Workers)
	case !(c.Gain > 0) || math.IsInf(c.Gain, 0):
		return fmt.Errorf("pcn: Gain is %v; set it to a positive number, 1 being what other programs use", c.Gain)
	}
	if err := c.Optimizer.check(); err != nil {
		return err
	}
	if err := c.checkTop(net); err != nil {
		return err
	}
	if c.Rule == BP {
		if c.Nudge != NudgeNone {
			return errors.New("pcn: backpropagation has no nudging: set Nudge to NudgeNone, or Rule to PC")
		}
		return nil
	}
	return c.checkRelaxation(net)
}

func (c Config) checkRelaxation(net *Network) error {
	switch {
	case c.Steps < 1:
		return fmt.Errorf("pcn: Steps is %d; set it to 0 for the number of levels, or to a positive number", c.Steps)
	case !(c.LatentRate > 0 && c.LatentRate <= maxFloat32):
		return fmt.Errorf("pcn: LatentRate is %v; set it to a positive number, 0.1 for instance", c.LatentRate)
	case !(c.Momentum >= 0 && c.Momentum <= 1):
		return fmt.Errorf("pcn: Momentum is %v; set it to a number between 0 and 1", c.Momentum)
	case c.Update > Forward:
		return fmt.Errorf("pcn: unknown update %v: use Settled or Forward", c.Update)
	case c.Nudge > NudgeCentred:
		return fmt.Errorf("pcn: unknown nudge %v: use NudgeNone, NudgePositive, NudgeNegative or NudgeCentred", c.Nudge)
	case c.Rule == IPC && c.Update == Forward:
		return errors.New("pcn: incremental networks move their weights while relaxing, which leaves no forward update: set Update to Settled, or Rule to PC")
	case c.Rule == IPC && c.Nudge != NudgeNone:
		return errors.New("pcn: incremental networks cannot be nudged: set Nudge to NudgeNone, or Rule to PC")
	case c.Nudge != NudgeNone && !(c.Beta > 0 && c.Beta <= maxFloat32):
		return fmt.Errorf("pcn: Beta is %v; nudging needs a positive strength, 0.1 for instance", c.Beta)
	}
	return c.Precision.check(net.Levels(), c.Steps)
}

// OptimizerSteps returns how many optimiser steps a run of so many batches
// makes: one a batch, or one per relaxation step with the rule IPC.
func (c Config) OptimizerSteps(net *Network, batches int) int {
	if c.Rule == IPC {
		return batches * c.withDefaults(net).Steps
	}
	return batches
}
