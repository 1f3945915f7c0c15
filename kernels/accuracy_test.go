package kernels

import (
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// A function and its slope are compared with float64 on a sample of all 2^32
// float32 values: every sampleStep-th bit pattern, a prime so that all
// exponents and all low bits occur. GOPCN_ALL_FLOATS=1 takes every value, on
// the fastest tier, and prints the table of the largest errors (an hour on one
// core).
const sampleStep = 8191

// accuracyCase is one function with the error it may have.
type accuracyCase struct {
	name     string
	run      func(h *Handle, y, x []float32)
	exact    func(x float64) float64
	measure  func(x, got, want float64) float64
	most     float64
	measured string // unit
}

// ulps is the error in units of the last place of a float32 near want; below
// the normal numbers the unit is the smallest subnormal number.
func ulps(_, got, want float64) float64 {
	_, exponent := math.Frexp(want)
	return math.Abs(got-want) / math.Ldexp(1, max(exponent-24, -149))
}

func absolute(_, got, want float64) float64 { return math.Abs(got - want) }

// relativeToInput is absolute within [-1, 1] and relative to x beyond.
func relativeToInput(x, got, want float64) float64 {
	return math.Abs(got-want) / math.Max(1, math.Abs(x))
}

// siluError is in units of the last place, and below -87 in units of 5e-37, so
// that 2 of them are 1e-36.
func siluError(x, got, want float64) float64 {
	if x < -87 {
		return math.Abs(got-want) / 0.5e-36
	}
	return ulps(x, got, want)
}

func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func geluInner64(x float64) float64 { return 2 * math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x) }

func gelu64(x float64) float64 {
	if s := sigmoid64(geluInner64(x)); s != 0 {
		return x * s
	}
	return 0
}

func geluSlope64(x float64) float64 {
	if math.Abs(x) > 100 {
		return sigmoid64(x)
	}
	s := sigmoid64(geluInner64(x))
	return s + x*s*(1-s)*2*math.Sqrt(2/math.Pi)*(1+3*0.044715*x*x)
}

func normal64(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

func accuracyCases() []accuracyCase {
	value := func(act Activation) func(h *Handle, y, x []float32) {
		return func(h *Handle, y, x []float32) { h.Activate(act, y, nil, x) }
	}
	slope := func(act Activation) func(h *Handle, y, x []float32) {
		return func(h *Handle, y, x []float32) { h.Activate(act, nil, y, x) }
	}
	return []accuracyCase{
		{"exp", (*Handle).Exp, math.Exp, ulps, 2, "ulp"},
		{"tanh", value(Tanh), math.Tanh, ulps, 2, "ulp"},
		{"sigmoid", value(Sigmoid), sigmoid64, ulps, 2, "ulp"},
		{"silu", value(SiLU), func(x float64) float64 {
			if x < -700 {
				return 0
			}
			return x * sigmoid64(x)
		}, siluError, 2, "ulp"},
		{"gelu", value(GELU), gelu64, relativeToInput, 4e-7, "abs"},
		{"gelu_erf", value(GELUErf), func(x float64) float64 {
			if x < -38 {
				return 0
			}
			return x * normal64(x)
		}, relativeToInput, 4e-7, "abs"},
		{"tanh'", slope(Tanh), func(x float64) float64 { y := math.Tanh(x); return 1 - y*y }, absolute, 5e-7, "abs"},
		{"sigmoid'", slope(Sigmoid), func(x float64) float64 { return sigmoid64(x) * sigmoid64(-x) }, absolute, 5e-7, "abs"},
		{"silu'", slope(SiLU), func(x float64) float64 {
			if math.Abs(x) > 700 {
				return sigmoid64(x)
			}
			return sigmoid64(x) * (1 + x*sigmoid64(-x))
		}, absolute, 5e-7, "abs"},
		{"gelu'", slope(GELU), geluSlope64, absolute, 5e-7, "abs"},
		{"gelu_erf'", slope(GELUErf), func(x float64) float64 {
			if math.Abs(x) > 38 {
				return normal64(x)
			}
			return normal64(x) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
		}, absolute, 5e-7, "abs"},
	}
}

// worst is the largest error of a case among the bit patterns from lo to hi-1
// in steps, and where it is.
func (c *accuracyCase) worst(h *Handle, lo, hi, step uint64) (most float64, at float32) {
	var x, y [4096]float32
	for u := lo; u < hi; {
		n := 0
		for ; n < len(x) && u < hi; u += step {
			if v := math.Float32frombits(uint32(u)); v == v {
				x[n] = v
				n++
			}
		}
		c.run(h, y[:n], x[:n])
		for i, v := range x[:n] {
			want := c.exact(float64(v))
			if math.IsInf(want, 0) || math.Abs(want) > math.MaxFloat32*(1+1e-8) {
				if float64(y[i]) != want && !math.IsInf(float64(y[i]), 0) {
					return math.Inf(1), v
				}
				continue
			}
			// Comparisons fail for NaN, which is the worst error.
			if e := c.measure(float64(v), float64(y[i]), want); !(e <= most) {
				most, at = e, v
			}
		}
	}
	return most, at
}

func TestAccuracy(t *testing.T) {
	step := uint64(sampleStep)
	if testing.Short() {
		step = 16777213
	}
	for _, c := range accuracyCases() {
		most, at := c.worst(&handles[Generic], 0, 1<<32, step)
		t.Logf("%-10s %.3g %s at %v", c.name, most, c.measured, at)
		require.LessOrEqual(t, most, c.most, "%s at %v", c.name, at)
	}
}

// The measure must notice an error just above its bound.
func TestAccuracyNoticesErrors(t *testing.T) {
	c := accuracyCases()[0]
	run := c.run
	c.run = func(h *Handle, y, x []float32) {
		run(h, y, x)
		for i := range y {
			y[i] = math.Float32frombits(math.Float32bits(y[i]) + 3)
		}
	}
	most, _ := c.worst(&handles[Generic], 1<<23, 1<<30, 1<<20+7)
	require.Greater(t, most, c.most)
}

func TestAccuracyOfAllFloats(t *testing.T) {
	if os.Getenv("GOPCN_ALL_FLOATS") == "" {
		t.Skip("GOPCN_ALL_FLOATS=1 runs all 2^32 values")
	}
	h := Default()
	for _, c := range accuracyCases() {
		most, at := c.worst(h, 0, 1<<32, 1)
		fmt.Printf("%-10s %-8v %9.3g %s at %v\n", c.name, h.ISA(), most, c.measured, at)
		require.LessOrEqual(t, most, c.most, "%s at %v", c.name, at)
	}
}
