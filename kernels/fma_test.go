package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// exactFma rounds the exact a b + c once.
func exactFma(a, b, c float32) float32 {
	exact := func(x float32) *big.Float { return new(big.Float).SetPrec(700).SetFloat64(float64(x)) }
	sum := exact(a)
	sum.Mul(sum, exact(b))
	sum.Add(sum, exact(c))
	if sum.Sign() == 0 {
		return float32(float64(a)*float64(b) + float64(c)) // exact, with the sign of zero
	}
	v, _ := sum.Float32()
	return v
}

// near returns a float32 whose exponent is within a few of the given one.
func near(r *rand.Rand, exponent int) float32 {
	v := math.Ldexp(1+float64(r.Uint32()>>9)*0x1p-23, exponent+r.IntN(5)-2)
	if r.IntN(2) == 0 {
		v = -v
	}
	return float32(v)
}

// hardFma draws the cases where rounding the float64 sum again goes wrong: sums
// a breath away from the midpoint of two float32, subnormal results, results at
// the end of the range.
func hardFma(r *rand.Rand) (a, b, c float32) {
	switch r.IntN(6) {
	case 0: // c is far below half a unit of a b, which lies on a midpoint
		a = float32(r.IntN(1<<12)*2 + 1)
		b = float32(r.IntN(1<<12) + 1<<12)
		c = float32(math.Ldexp(1, -r.IntN(120)))
		if r.IntN(2) == 0 {
			c = -c
		}
	case 1: // a b is far below half a unit of c
		c = near(r, 30)
		a, b = near(r, 3-r.IntN(40)), near(r, 3-r.IntN(40))
	case 2: // subnormal results
		a, b, c = near(r, -70), near(r, -75), near(r, -140)
	case 3: // products far below the smallest number
		a, b, c = near(r, -120), near(r, -30), near(r, -147)
	case 4: // overflow
		a, b, c = near(r, 63), near(r, 63), near(r, 126)
	default: // cancellation
		a, b = near(r, 5), near(r, 7)
		c = -a * b
	}
	return a, b, c
}

func TestFma(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	n := 300000
	if testing.Short() {
		n = 20000
	}
	doubleRounding := 0
	for range n {
		a, b, c := hardFma(r)
		want := exactFma(a, b, c)
		require.Equal(t, math.Float32bits(want), math.Float32bits(fma(a, b, c)), "fma(%v, %v, %v)", a, b, c)
		if float32(float64(a)*float64(b)+float64(c)) != want {
			doubleRounding++
		}
	}
	// The cases must be hard: rounding twice fails some of them.
	require.Greater(t, doubleRounding, n/1000)
}

func TestFmaSpecialValues(t *testing.T) {
	for _, a := range specials {
		for _, b := range specials {
			for _, c := range specials {
				finite := !math.IsInf(float64(a), 0) && !math.IsInf(float64(b), 0) && !math.IsInf(float64(c), 0) &&
					a == a && b == b && c == c
				want := float32(float64(a)*float64(b) + float64(c))
				if finite {
					want = exactFma(a, b, c)
				}
				require.NoError(t, sameBits([]float32{want}, []float32{fma(a, b, c)}), "fma(%v, %v, %v)", a, b, c)
			}
		}
	}
}
