package main

import (
	"math"
	"slices"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

// A gauge says how fast each handle does each of the works: [work][handle], in
// any unit; 0 where nothing could be said.
type gauge func(works []work, handles []*kernels.Handle) [][]float64

// turns is how often a handle does a work in one round.
const turns = 3

// meterGauge lets the handles take turns at each work.
func meterGauge(m *measure.Meter) gauge {
	return func(works []work, handles []*kernels.Handle) [][]float64 {
		shares := make([][]float64, len(works))
		for i, w := range works {
			list := make([]measure.Contestant, len(handles))
			for k, h := range handles {
				list[k] = w.run(h)
			}
			shares[i] = m.Turns(turns, list...)
			if w.close != nil {
				w.close()
			}
		}
		return shares
	}
}

// A contest compares candidates with what is in use, round by round. What is in
// use takes part twice: by what its two figures differ no candidate's count.
type contest struct {
	name       string
	works      []work
	standing   *kernels.Handle
	candidates []*kernels.Handle

	noise  []float64   // of each round, as a ratio
	ratios [][]float64 // [candidate][round]
}

func newContest(name string, works []work, standing *kernels.Handle, candidates ...*kernels.Handle) *contest {
	return &contest{name: name, works: works, standing: standing, candidates: candidates, ratios: make([][]float64, len(candidates))}
}

// round runs all once. The ratio of a candidate is the geometric mean over the
// works.
func (c *contest) round(measured gauge) {
	handles := append([]*kernels.Handle{c.standing}, c.candidates...)
	handles = append(handles, c.standing)
	shares := measured(c.works, handles)
	last := len(handles) - 1
	logs, twice, count := make([]float64, len(c.candidates)), 0.0, 0
	for _, s := range shares {
		if slices.Min(s) <= 0 {
			continue
		}
		count++
		twice += math.Log(s[last] / s[0])
		for k := range logs {
			logs[k] += math.Log(s[k+1]) - (math.Log(s[0])+math.Log(s[last]))/2
		}
	}
	if count == 0 {
		return
	}
	c.noise = append(c.noise, math.Exp(twice/float64(count)))
	for k := range logs {
		c.ratios[k] = append(c.ratios[k], math.Exp(logs[k]/float64(count)))
	}
}

// An outcome is how much faster a candidate is (1.02: 2 %), and the noise.
type outcome struct{ ratio, noise float64 }

// faster and slower say that more than noise speaks for it.
func (o outcome) faster() bool { return o.ratio > 1+o.noise }
func (o outcome) slower() bool { return o.ratio < 1-o.noise }

// leastNoise is what no comparison here resolves.
const leastNoise = 0.002

// outcome returns the median of the rounds, which a few rounds with a busy
// neighbour do not move. The noise is what two figures of the same typically
// differ by, over the root of the rounds, and three and a half times that: about
// two standard deviations of the ratio.
func (c *contest) outcome(candidate int) outcome {
	if len(c.noise) == 0 {
		return outcome{ratio: 1, noise: 1} // it says nothing
	}
	var apart []float64
	for _, n := range c.noise {
		apart = append(apart, math.Abs(n-1))
	}
	return outcome{
		ratio: median(c.ratios[candidate]),
		noise: max(leastNoise, 3.5*median(apart)/math.Sqrt(float64(len(apart)))),
	}
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
