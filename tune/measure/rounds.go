package measure

import (
	"slices"
	"time"
)

// A Contestant is work of known size.
type Contestant struct {
	Run   func()
	FLOPs float64 // of one run, or what else is counted; 0 counts as 1
}

// Result is one contestant's figure.
type Result struct {
	Ratio   float64 // rate over peak: the best round's median
	Spread  float64 // best round less worst
	GFLOPS  float64 // median rate of the best round
	Peak    float64 // median peak of the best round, GFLOP/s on all threads
	Seconds float64 // of one run, scaled to the fastest burst seen
	Kept    int     // pairs that count, of all rounds
	All     int
}

// Rounds lets all contestants run in turn, each for the given time a round, and
// returns their results.
func (m *Meter) Rounds(rounds int, each time.Duration, list ...Contestant) []Result {
	results := make([]Result, len(list))
	worst := make([]float64, len(list))
	for round := range rounds {
		for i, c := range list {
			r := m.round(c, each)
			if r.Kept == 0 {
				results[i].All += r.All
				continue
			}
			kept, all := results[i].Kept+r.Kept, results[i].All+r.All
			if results[i].Kept == 0 || r.Ratio > results[i].Ratio {
				results[i] = r
			}
			if worst[i] == 0 || round == 0 || r.Ratio < worst[i] {
				worst[i] = r.Ratio
			}
			results[i].Kept, results[i].All = kept, all
		}
	}
	for i := range results {
		results[i].Spread = results[i].Ratio - worst[i]
	}
	return results
}

// round measures one contestant.
func (m *Meter) round(c Contestant, each time.Duration) Result {
	c.Run()
	c.Run()
	repeat := repeats(c)
	var pairs []pair
	all := 0
	before := m.Burst()
	for end := time.Now().Add(each); time.Now().Before(end) || all < 9; all++ {
		var p pair
		if p, before = m.pair(c, repeat, before); p.ratio > 0 {
			pairs = append(pairs, p)
		}
	}
	if len(pairs) == 0 {
		return Result{All: all}
	}
	r := Result{
		Ratio:  median(pairs, func(p pair) float64 { return p.ratio }),
		GFLOPS: median(pairs, func(p pair) float64 { return p.rate }),
		Peak:   median(pairs, func(p pair) float64 { return p.peak }),
		Kept:   len(pairs),
		All:    all,
	}
	fastest := 0.0
	for _, p := range pairs {
		fastest = max(fastest, p.peak)
	}
	r.Seconds = max(c.FLOPs, 1) / (r.Ratio * fastest) / 1e9
	return r
}

// Turns lets all contestants run so many times for a fraction of a millisecond
// each, one after the other, and returns each one's median ratio, or 0 if no two
// bursts around it agreed. Of two contestants with the same work, their quotient
// says which is faster better than rounds can: whatever slows the machine for a
// moment meets both.
func (m *Meter) Turns(turns int, list ...Contestant) []float64 {
	pairs := make([][]pair, len(list))
	repeat := make([]int, len(list))
	for i, c := range list {
		c.Run()
		repeat[i] = repeats(c)
	}
	for range turns {
		for i, c := range list {
			c.Run() // the caches are its own again
			if p, _ := m.pair(c, repeat[i], m.Burst()); p.ratio > 0 {
				pairs[i] = append(pairs[i], p)
			}
		}
	}
	ratios := make([]float64, len(list))
	for i := range list {
		if len(pairs[i]) > 0 {
			ratios[i] = median(pairs[i], func(p pair) float64 { return p.ratio })
		}
	}
	return ratios
}

// repeats is how often the work runs in about 0.2 ms.
func repeats(c Contestant) int {
	start := time.Now()
	c.Run()
	return max(1, int(200*time.Microsecond/max(time.Since(start), 1)))
}

// A pair is work between two bursts: its rate, their mean and the quotient. The
// ratio is 0 if they differ too much to say anything.
type pair struct{ ratio, rate, peak float64 }

// pair runs the work after a burst of the rate before, and another burst after
// it, whose rate it returns.
func (m *Meter) pair(c Contestant, repeat int, before float64) (p pair, after float64) {
	start := time.Now()
	for range repeat {
		c.Run()
	}
	took := time.Since(start).Seconds()
	after = m.Burst()
	p.rate, p.peak = max(c.FLOPs, 1)*float64(repeat)/took/1e9, (before+after)/2
	if before < 1.03*after && after < 1.03*before {
		p.ratio = p.rate / p.peak
	}
	return p, after
}

func median(pairs []pair, f func(pair) float64) float64 {
	v := make([]float64, len(pairs))
	for i, p := range pairs {
		v[i] = f(p)
	}
	slices.Sort(v)
	return v[len(v)/2]
}
