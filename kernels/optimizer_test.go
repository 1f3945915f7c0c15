package kernels

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Three steps of each optimiser stay close to the textbook in float64.
func TestOptimizersAgainstFloat64(t *testing.T) {
	const n = 100
	const rate, momentum, b1, b2, eps, decay = 0.03, 0.9, 0.9, 0.999, 1e-8, 0.02
	r := rand.New(rand.NewPCG(61, 62))
	for _, method := range []string{"sgd", "momentum", "nesterov", "adam", "adamw"} {
		w, m, v := make([]float32, n), make([]float32, n), make([]float32, n)
		fill(r, w)
		w64, m64, v64 := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range w {
			w64[i] = float64(w[i])
		}
		for step := 1; step <= 3; step++ {
			g := make([]float32, n)
			fill(r, g)
			h := Default()
			switch method {
			case "sgd":
				h.SGD(w, nil, g, &SGDStep{Rate: rate})
			case "momentum", "nesterov":
				h.SGD(w, v, g, &SGDStep{Rate: rate, Momentum: momentum, Nesterov: method == "nesterov"})
			case "adam":
				p := NewAdamStep(rate, b1, b2, eps, 0, step)
				h.AdamW(w, m, v, g, &p)
			case "adamw":
				p := NewAdamStep(rate, b1, b2, eps, decay, step)
				h.AdamW(w, m, v, g, &p)
			}
			for i, g := range g {
				g := float64(g)
				switch method {
				case "sgd":
					w64[i] -= rate * g
				case "momentum":
					v64[i] = g + momentum*v64[i]
					w64[i] -= rate * v64[i]
				case "nesterov":
					v64[i] = g + momentum*v64[i]
					w64[i] -= rate * (g + momentum*v64[i])
				default:
					m64[i] = b1*m64[i] + (1-b1)*g
					v64[i] = b2*v64[i] + (1-b2)*g*g
					mean := m64[i] / (1 - math.Pow(b1, float64(step)))
					square := v64[i] / (1 - math.Pow(b2, float64(step)))
					d := mean / (math.Sqrt(square) + eps)
					if method == "adamw" {
						d += decay * w64[i]
					}
					w64[i] -= rate * d
				}
				require.InDelta(t, w64[i], float64(w[i]), 1e-6, "%s step %d", method, step)
			}
		}
	}
}

func TestNewAdamStep(t *testing.T) {
	p := NewAdamStep(1e-3, 0.9, 0.999, 1e-8, 1e-4, 5)
	require.Equal(t, AdamStep{
		Rate: 1e-3, Beta1: 0.9, Rest1: float32(1 - 0.9), Beta2: 0.999, Rest2: float32(1 - 0.999), Epsilon: 1e-8, Decay: 1e-4,
		Correction1: float32(1 / (1 - 0.9*0.9*0.9*0.9*0.9)), Correction2: p.Correction2,
	}, p)
	require.InEpsilon(t, 1/(1-math.Pow(0.999, 5)), float64(p.Correction2), 1e-7)
	require.Equal(t, float32(1), NewAdamStep(0, 0.9, 0.999, 0, 0, 100000).Correction1)
}
