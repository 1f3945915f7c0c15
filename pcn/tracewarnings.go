package pcn

import (
	"fmt"
	"math"
)

// TraceWarnings says in words what goes wrong in a relaxation that was traced
// under these settings: values that are not finite, latents that are all zero,
// energy that rises where it should fall, and levels whose error is too small,
// beside their latents, for float32 to hold. What is known without a trace,
// [Config.Warnings] says.
func (c Config) TraceWarnings(net *Network, tr *Trace) []string {
	if e := tr.notFinite(); e != nil {
		return []string{fmt.Sprintf("%s: lower LatentRate (%v) or the learning rate", e.What, c.LatentRate)}
	}
	c = c.withDefaults(net)
	var list []string
	list = append(list, levelWarnings(func(l int) bool { return tr.Latent[0][l] == 0 }, net.Levels(), func(lo, hi int) string {
		return levelRange(lo, hi, "has", "have") + " latents of zero only"
	})...)
	list = append(list, c.warnRise(net, tr)...)
	return append(list, c.warnDead(net, tr)...)
}

// Energies that rise by less are put down to rounding, or to the end of a
// relaxation.
const (
	stepRise  = 1.01
	totalRise = 2
)

// warnRise warns about energy that rises. With uniform precision each step
// descends all the energy it sees, so that none should rise. Other schedules may
// leave energy behind in levels whose precision has gone, as long as it is not
// much more than there was.
func (c Config) warnRise(net *Network, tr *Trace) []string {
	advice := fmt.Sprintf("the latents overshoot; lower LatentRate (%v)", c.LatentRate)
	if c.uniform(net.Levels()) {
		worst, first, last := 1.0, -1, 0
		for t, before := range tr.Before {
			if rise := tr.After[t] / before; rise > stepRise {
				if first < 0 {
					first = t
				}
				worst, last = math.Max(worst, rise), t
			}
		}
		if first < 0 {
			return nil
		}
		steps := fmt.Sprintf("steps %d to %d", first, last)
		if first == last {
			steps = fmt.Sprintf("step %d", first)
		}
		return []string{fmt.Sprintf("the energy rises at relaxation %s, up to %.3g times in one step: %s", steps, worst, advice)}
	}
	before, after := sumOf(tr.Energy[0]), sumOf(tr.Energy[len(tr.Energy)-1])
	if after > totalRise*before {
		return []string{fmt.Sprintf("the relaxation ends with %.3g times the energy it began with: %s", after/before, advice)}
	}
	return nil
}

// uniform reports whether all precisions are 1.
func (c Config) uniform(levels int) bool {
	for level := range levels {
		for t := range c.Steps {
			if c.Precision.at(level, levels, t, c.Steps) != 1 {
				return false
			}
		}
	}
	return true
}

func sumOf(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}

// deadShare is how small a share of its latents a level's error may be: twice
// what float32 rounds off.
const deadShare = 2.0 / (1 << 24)

// warnDead warns about levels that learn, are reached, and get no error to speak
// of for their weights.
func (c Config) warnDead(net *Network, tr *Trace) []string {
	reached := max(net.Levels()-1-c.Steps, c.lowestTrained(net))
	share := func(l int) float64 { return c.weightError(net, tr, l) / tr.Latent[len(tr.Latent)-1][l] }
	bad := func(l int) bool { return l >= reached && share(l) < deadShare }
	return levelWarnings(bad, net.Levels()-1, func(lo, hi int) string {
		return fmt.Sprintf("%s dead: the error for the weights is %.1g of the latents at level %d, and float32 rounds off %.1g: %s",
			levelRange(lo, hi, "is", "are"), share(lo), lo, 1.0/(1<<24), c.advice())
	})
}

// weightError is the norm of a level's error in the weight update, the largest
// one of incremental networks.
func (c Config) weightError(net *Network, tr *Trace, level int) float64 {
	last := len(tr.Error) - 1
	switch {
	case c.Rule == IPC:
		largest := 0.0
		for t := range tr.Update {
			p := float64(c.Precision.at(level, net.Levels(), t, c.Steps))
			largest = math.Max(largest, p*tr.Error[t][level])
		}
		return largest
	case c.Update == Forward:
		return tr.Moved[level]
	}
	return tr.Error[last][level]
}
