package audit

import (
	"math"

	"github.com/gopcn/gopcn/pcn"
)

// compare takes the batch through both trainers.
func (a *auditor) compare(batch pcn.Samples) []Level {
	net := a.rule.Network()
	of := levelsOf(net)
	levels := make([]Level, net.Levels())
	dots := make([]float64, len(levels))
	g, b := a.rule.Gradients(batch), a.backprop.Gradients(batch)
	for i := range g {
		l := &levels[of[i]]
		l.Parameters += len(g[i].Data)
		l.Norm += dot(g[i].Data, g[i].Data)
		l.Backprop += dot(b[i].Data, b[i].Data)
		dots[of[i]] += dot(g[i].Data, b[i].Data)
	}
	for i := range levels {
		l := &levels[i]
		l.Norm, l.Backprop = math.Sqrt(l.Norm), math.Sqrt(l.Backprop)
		l.Cosine = max(-1, min(dots[i]/(l.Norm*l.Backprop), 1)) // which rounding may leave
		l.Ratio = l.Norm / l.Backprop
	}
	return levels
}

// dot is the inner product in float64.
func dot(x, y []float32) float64 {
	sum := 0.0
	for i, v := range x {
		sum += float64(v) * float64(y[i])
	}
	return sum
}

// levelsOf returns the level of each parameter, in canonical order.
func levelsOf(net *pcn.Network) []int {
	var list []int
	for i := range net.Nodes {
		for _, op := range net.Nodes[i].Ops {
			count := 0
			switch op.Kind() {
			case pcn.OpDense, pcn.OpConv2D:
				count = 1 // W
				if op.HasBias() {
					count = 2
				}
			case pcn.OpBatchNorm:
				count = 2 // gamma, beta
			}
			for range count {
				list = append(list, net.Nodes[i].Level)
			}
		}
	}
	return list
}
