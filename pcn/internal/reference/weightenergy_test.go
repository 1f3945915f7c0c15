package reference

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The gradient of every way to update is the derivative of its energy, level by
// level: central differences along a random direction.
func TestWeightEnergyHasTheGradient(t *testing.T) {
	updates := map[string]func(*Hyper){
		"settled":     func(h *Hyper) {},
		"forward":     func(h *Hyper) { h.Update, h.Precision = Forward, Spiking{Alpha: 0.1} },
		"centred":     func(h *Hyper) { h.Nudging = Nudging{Centred, 0.3} },
		"incremental": func(h *Hyper) { h.Update, h.Precision = Incremental, Spiking{Alpha: 0.1} },
		"backprop":    func(h *Hyper) { h.Update = Backprop },
	}
	nets := layeredNets()
	nets["edge over two levels"] = skipNet()
	for name, m := range nets {
		for update, change := range updates {
			t.Run(name+"/"+update, func(t *testing.T) {
				h := plainHyper(m.net.Levels + 1)
				h.Weights.Rate = Constant(0)
				change(&h)
				x, y := m.batch(4)
				trace := m.train(t, h, x, y)
				for level := range m.net.Levels {
					direction := m.levelDirection(level)
					want := 0.0
					for param, d := range direction {
						for k, v := range d.Data {
							want += v * trace.TotalWeightGrad()[param].Data[k]
						}
					}
					const eps = 3e-6
					value := func(sign float64) float64 {
						params := m.params.Clone()
						for param, d := range direction {
							params[param].add(sign*eps, d)
						}
						moved, err := NewTrainer(m.net, h, params, m.stats)
						require.NoError(t, err)
						return moved.WeightEnergy(trace, x, y, level)
					}
					got := (value(1) - value(-1)) / (2 * eps)
					require.InDelta(t, want, got, 1e-6*math.Max(1, math.Abs(want)), "level %d", level)
				}
			})
		}
	}
}

// levelDirection has a random value for each parameter of the nodes of a level.
func (m *maker) levelDirection(level int) Tensors {
	shapes := map[string][]int{Input: m.net.InputShape}
	for _, node := range m.net.Nodes {
		shapes[node.Name] = node.Shape
	}
	direction := Tensors{}
	for _, node := range m.net.Nodes {
		if node.Level != level {
			continue
		}
		s := &symbols{params: m.params, stats: m.stats, used: map[string]bool{}}
		shape := shapes[node.Sources[0]]
		for _, op := range node.Ops {
			shape, _ = op.shape(shape, s)
		}
		for name := range s.used {
			if p := m.params[name]; p != nil {
				direction[name] = m.uniform(1, p.Shape...)
			}
		}
	}
	return direction
}
