package pcn

import (
	"fmt"
	"math"
)

// faint is the factor below which a level's signal counts as lost.
const faint = 1e-6

// Warnings says in words what will keep a level from learning under these
// settings, before a run is wasted on it: levels that the error never reaches,
// levels whose signal has the wrong sign or is lost ([Config.Factors]), and what
// to change. Settings that Check refuses are not judged.
func (c Config) Warnings(net *Network) []string {
	if c.Rule == BP {
		return nil
	}
	c = c.withDefaults(net)
	list := c.warnReach(net)
	factors := c.Factors(net)
	if factors == nil {
		return list
	}
	reached := max(net.Levels()-1-c.Steps, c.lowestTrained(net))
	list = append(list, c.warnFactors(factors, reached, "has the wrong sign",
		func(f float64) bool { return f < 0 })...)
	return append(list, c.warnFactors(factors, reached, "is lost",
		func(f float64) bool { return math.IsNaN(f) || f >= 0 && f < faint })...)
}

// warnReach warns about levels that T steps are too few for.
func (c Config) warnReach(net *Network) []string {
	levels, lowest := net.Levels(), c.lowestTrained(net)
	if c.Steps >= levels-lowest {
		return nil
	}
	what := fmt.Sprintf("level %d takes part in no relaxation step", lowest)
	if lost := levels - 1 - c.Steps; lost > lowest {
		what = fmt.Sprintf("%s never reached by the error and will not learn", levelRange(lowest, lost-1, "is", "are"))
	}
	return []string{fmt.Sprintf("%s: there are %d levels but only %d relaxation steps; set Steps to %d or more",
		what, levels, c.Steps, levels-lowest)}
}

// warnFactors warns about runs of neighbouring levels, from the lowest reached
// one up, whose factors are bad.
func (c Config) warnFactors(factors []float64, reached int, what string, bad func(float64) bool) []string {
	return levelWarnings(func(l int) bool { return l >= reached && bad(factors[l]) }, len(factors), func(lo, hi int) string {
		return fmt.Sprintf("%s: the signal that reaches the weights %s (%.2g of the output's at level %d): %s",
			levelRange(lo, hi, "", ""), what, factors[lo], lo, c.advice())
	})
}

// advice says what to change when factors are bad. The latents overshoot when a,
// the share of its error that a level hands on in one step, is 1 or more.
func (c Config) advice() string {
	boost := 1.0
	if c.Nesterov {
		boost += float64(c.Momentum)
	}
	if a := float64(c.LatentRate) * boost; a >= 0.999 {
		return fmt.Sprintf("the latents overshoot; lower LatentRate from %v to less than %.2g", c.LatentRate, 1/boost)
	}
	return fmt.Sprintf("raise LatentRate (%v) or Steps (%d), or use the forward update with spiking precision", c.LatentRate, c.Steps)
}

// levelWarnings makes a warning of each run of neighbouring levels that are bad.
func levelWarnings(bad func(level int) bool, levels int, text func(lo, hi int) string) []string {
	var list []string
	for lo := 0; lo < levels; lo++ {
		if !bad(lo) {
			continue
		}
		hi := lo
		for hi+1 < levels && bad(hi+1) {
			hi++
		}
		list = append(list, text(lo, hi))
		lo = hi
	}
	return list
}

// levelRange names levels lo to hi, with a verb.
func levelRange(lo, hi int, one, many string) string {
	text, verb := fmt.Sprintf("levels %d to %d", lo, hi), many
	if lo == hi {
		text, verb = fmt.Sprintf("level %d", lo), one
	}
	if verb != "" {
		text += " " + verb
	}
	return text
}
