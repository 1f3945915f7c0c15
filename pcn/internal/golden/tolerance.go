package golden

import (
	"fmt"
	"math"
)

// A Tolerance allows a deviation of Rel times the largest magnitude of a
// tensor, but at least Abs.
type Tolerance struct{ Rel, Abs float64 }

func (t Tolerance) limit(maxAbs float64) float64 { return max(t.Rel*maxAbs, t.Abs) }

// A Quantity is a kind of result, which may have a tolerance of its own.
type Quantity int

// The kinds of results.
const (
	Latent     Quantity = iota // h0, h and clamped outputs
	LatentGrad                 // gradients with respect to latents
	Energy                     // energies and losses
	WeightGrad                 // gradients with respect to parameters
	Param                      // parameters after updates
	Statistic                  // running statistics
	Logit                      // predictions of the output, training and evaluation
	Schedule                   // precisions and learning rates
)

// A Policy gives the tolerance for a result; name is that of the node,
// parameter or statistic.
type Policy func(q Quantity, name string) Tolerance

// Float64 is the policy for float64 programs: 1e-9 of the largest magnitude
// with a floor of 1e-10. A bias that feeds a batchnorm has a gradient of
// round-off only, which Adam divides by itself: its gradient, the bias and the
// running mean behind it have absolute tolerances.
func Float64(c *Case) Policy {
	biases, means := c.Network.Absorbed()
	adam := c.Hyper.Weights.Kind != "sgd"
	return func(q Quantity, name string) Tolerance {
		switch {
		case q == WeightGrad && biases[name]:
			return Tolerance{Abs: 1e-13}
		case q == Param && biases[name] && adam, q == Statistic && means[name] && adam:
			return Tolerance{Rel: 1e-9, Abs: 1e-7}
		}
		return Tolerance{Rel: 1e-9, Abs: 1e-10}
	}
}

// A Difference is where a tensor or number is furthest from the golden one,
// measured by what is allowed there.
type Difference struct {
	// What is "element", or the part of a checksum: "sum", "sumsq", "wsum",
	// "maxabs", "first".
	What string

	// Index is the index of an element, in the golden tensor's shape.
	Index []int

	Got, Want, Limit float64

	// Problem is set when there is nothing to compare, such as a wrong length.
	Problem string
}

// OK reports whether even the worst place is within tolerance.
func (d Difference) OK() bool { return d.Problem == "" && math.Abs(d.Got-d.Want) <= d.Limit }

// String describes the worst place.
func (d Difference) String() string {
	if d.Problem != "" {
		return d.Problem
	}
	return fmt.Sprintf("%s%v: got %.17g, want %.17g, differ by %.3g, allowed %.3g",
		d.What, d.Index, d.Got, d.Want, math.Abs(d.Got-d.Want), d.Limit)
}

// excess is the deviation as a multiple of what is allowed.
func (d Difference) excess() float64 {
	dev := math.Abs(d.Got - d.Want)
	switch {
	case d.Problem != "" || math.IsNaN(dev):
		return math.Inf(1)
	case dev == 0:
		return 0
	}
	return dev / d.Limit
}

// CompareTensor compares got with a golden tensor, element by element, or
// by its checksum. The limits of a checksum follow from that of an element, so
// a tensor whose elements are all within tolerance never fails it.
func CompareTensor[F ~float32 | ~float64](got []F, want *Tensor, tol Tolerance) Difference {
	switch {
	case want == nil:
		return Difference{Problem: "there is no golden tensor"}
	case len(got) != want.Len():
		return Difference{Problem: fmt.Sprintf("got %d elements, want shape %v", len(got), want.Shape)}
	}
	limit := tol.limit(want.MaxAbs())
	var worst Difference
	consider := func(d Difference) {
		if worst.What == "" || d.excess() > worst.excess() {
			worst = d
		}
	}
	if want.Checksum == nil {
		for k, w := range want.Data {
			consider(Difference{"element", unravel(k, want.Shape), float64(got[k]), w, limit, ""})
		}
		return worst
	}

	g, w := NewChecksum(got), want.Checksum
	n, weights := float64(len(got)), 0.0
	for k := range got {
		weights += float64(k%checksumPeriod + 1)
	}
	consider(Difference{"sum", nil, g.Sum, w.Sum, n * limit, ""})
	consider(Difference{"sumsq", nil, g.SumSq, w.SumSq, n * (2*w.MaxAbs + limit) * limit, ""})
	consider(Difference{"wsum", nil, g.WSum, w.WSum, weights * limit, ""})
	consider(Difference{"maxabs", nil, g.MaxAbs, w.MaxAbs, limit, ""})
	for k, v := range w.First {
		consider(Difference{"first", unravel(k, want.Shape), g.First[k], v, limit, ""})
	}
	return worst
}

// CompareNumber compares a number with a golden one.
func CompareNumber(got, want float64, tol Tolerance) Difference {
	return Difference{What: "value", Got: got, Want: want, Limit: tol.limit(math.Abs(want))}
}

// unravel turns a flat row-major index into one of the given shape.
func unravel(k int, shape []int) []int {
	index := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		index[i] = k % shape[i]
		k /= shape[i]
	}
	return index
}
