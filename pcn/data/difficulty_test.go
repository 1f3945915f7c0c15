//go:build !race

// One goroutine's arithmetic: the race detector has nothing to find here and makes
// it fifteen times slower.

package data

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The built-in set can be learned, but not by a linear classifier: what a
// network gains by its hidden layers must show.
func TestGlyphsAreNotLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a classifier")
	}
	train, test := Glyphs(0)
	c := newLinear(train)
	for epoch := range 4 {
		c.learn(train, epoch, 0.02/float32(1+epoch))
	}
	accuracy := c.accuracy(test)
	t.Logf("a linear softmax classifier gets %.1f %% of the test split right", 100*accuracy)
	require.Less(t, accuracy, 0.95)
	require.Greater(t, accuracy, 0.5)
}

// linear is a softmax classifier without hidden layers, trained by plain
// stochastic gradient descent, one sample at a time.
type linear struct {
	weights [][]float32 // one row a class
	bias    []float32
	x       []float32
	p       []float64
}

func newLinear(s *Set) *linear {
	c := &linear{
		weights: make([][]float32, s.Classes), bias: make([]float32, s.Classes),
		x: make([]float32, s.Features()), p: make([]float64, s.Classes),
	}
	for k := range c.weights {
		c.weights[k] = make([]float32, s.Features())
	}
	return c
}

// predict leaves the image in c.x and its class probabilities in c.p, and
// returns the likeliest class.
func (c *linear) predict(s *Set, index int) int {
	s.Fill(c.x, index)
	best := 0
	for k, row := range c.weights {
		var sums [4]float32
		for i := 0; i+4 <= len(c.x); i += 4 {
			x, w := c.x[i:i+4], row[i:i+4]
			sums[0] += x[0] * w[0]
			sums[1] += x[1] * w[1]
			sums[2] += x[2] * w[2]
			sums[3] += x[3] * w[3]
		}
		c.p[k] = float64(c.bias[k] + sums[0] + sums[1] + sums[2] + sums[3])
		if c.p[k] > c.p[best] {
			best = k
		}
	}
	largest, total := c.p[best], 0.0
	for k := range c.p {
		c.p[k] = math.Exp(c.p[k] - largest)
		total += c.p[k]
	}
	for k := range c.p {
		c.p[k] /= total
	}
	return best
}

func (c *linear) learn(s *Set, epoch int, rate float32) {
	order := make([]int32, s.Len())
	Order(order, 0, epoch)
	for _, index := range order {
		c.predict(s, int(index))
		c.p[s.Labels[index]]--
		for k, row := range c.weights {
			step := rate * float32(c.p[k])
			if step > -1e-4 && step < 1e-4 {
				continue // too little to matter, and most are
			}
			c.bias[k] -= step
			row = row[:len(c.x)]
			for i, x := range c.x {
				row[i] -= step * x
			}
		}
	}
}

func (c *linear) accuracy(s *Set) float64 {
	right := 0
	for i := range s.Len() {
		if c.predict(s, i) == int(s.Labels[i]) {
			right++
		}
	}
	return float64(right) / float64(s.Len())
}
