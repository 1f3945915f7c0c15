package reference

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNudgedGradients(t *testing.T) {
	for name, m := range layeredNets() {
		t.Run(name, func(t *testing.T) {
			x, y := m.batch(4)
			h := plainHyper(2)
			grads := map[NudgeKind]Tensors{}
			for _, kind := range []NudgeKind{Positive, Negative, Centred} {
				h.Nudging = Nudging{Kind: kind, Beta: 0.2}
				trace := m.train(t, h, x, y)
				grads[kind] = trace.WeightGrad
			}
			mean := grads[Positive].scaled(0.5)
			for n, g := range mean {
				g.add(0.5, grads[Negative][n])
			}
			requireClose(t, mean, grads[Centred], 1e-12)

			// A full nudge is the target itself.
			h.Nudging = Nudging{Kind: Positive, Beta: 1}
			nudged := m.train(t, h, x, y)
			h.Nudging = Nudging{Kind: NoNudge}
			requireClose(t, m.train(t, h, x, y).WeightGrad, nudged.WeightGrad, 1e-9)
		})
	}
}

func TestImpossibleSettings(t *testing.T) {
	m := mlp("tanh", 4, 5, 3)
	for want, change := range map[string]func(*Hyper){
		"unknown update":         func(h *Hyper) { h.Update = "sideways" },
		"unknown BatchNorm mode": func(h *Hyper) { h.BatchNorm = "layer" },
		"must be frozen":         func(h *Hyper) { h.BatchNorm, h.Unfrozen = EMAStatistics, true },
		"unknown nudging":        func(h *Hyper) { h.Nudging.Kind = "gentle" },
		"positive beta":          func(h *Hyper) { h.Nudging.Kind = Centred },
		"incremental updates are not combined with nudging": func(h *Hyper) {
			h.Update, h.Nudging = Incremental, Nudging{Positive, 0.1}
		},
		"backprop is not combined with nudging": func(h *Hyper) {
			h.Update, h.Nudging = Backprop, Nudging{Positive, 0.1}
		},
		"one relaxation step":   func(h *Hyper) { h.T = 0 },
		"no precision schedule": func(h *Hyper) { h.Precision = nil },
		"needs T >= N":          func(h *Hyper) { h.T, h.Precision = 1, Decaying{K: 1} },
		"unknown optimiser":     func(h *Hyper) { h.Weights.Kind = "lion" },
		"unknown skip_zero":     func(h *Hyper) { h.Weights.SkipZero = "some" },
		"no learning rate":      func(h *Hyper) { h.Weights.Rate = nil },
		"must exceed warm-up":   func(h *Hyper) { h.Weights.Rate = WarmupCosine{Peak: 1, WarmupSteps: 3} },
	} {
		h := plainHyper(3)
		change(&h)
		_, err := NewTrainer(m.net, h, m.params, m.stats)
		require.ErrorContains(t, err, want)
	}
}

func TestMalformedNetworks(t *testing.T) {
	for want, change := range map[string]func(*maker){
		"no nodes":              func(m *maker) { m.net.Nodes = nil },
		"input shape":           func(m *maker) { m.net.InputShape = nil },
		"the name is taken":     func(m *maker) { m.net.Nodes[1].Name = "n0" },
		"level 7 is outside":    func(m *maker) { m.net.Nodes[0].Level = 7 },
		"must be last":          func(m *maker) { m.net.Nodes[0].Role = Output },
		"must have the highest": func(m *maker) { m.net.Nodes[3].Level = 1 },
		"unknown role":          func(m *maker) { m.net.Nodes[0].Role = "hero" },
		"unknown energy":        func(m *maker) { m.net.Nodes[0].Energy = "l1" },
		"cross-entropy":         func(m *maker) { m.net.Nodes[0].Energy = CrossEntropy },
		"needs a source":        func(m *maker) { m.net.Nodes[1].Sources = nil },
		"does not come before":  func(m *maker) { m.net.Nodes[1].Sources = []string{"n2"} },
		"different shapes":      func(m *maker) { m.net.Nodes[1].Sources = []string{"n0", Input} },
		"ops give shape":        func(m *maker) { m.net.Nodes[2].Shape = []int{9} },
		"dense wants a vector": func(m *maker) {
			m.net.Nodes[3].Ops = []Op{MaxPool2x2{}, m.dense(3, 4)}
			m.net.Nodes[3].Sources = []string{Input}
		},
		"want an image":              func(m *maker) { m.net.Nodes[3].Ops = []Op{GlobalAvgPool{}} },
		"unknown function":           func(m *maker) { m.net.Nodes[1].Ops[1] = Activation{"swoosh"} },
		"stride 0":                   func(m *maker) { m.net.Nodes[1].Ops[0] = Conv2D{W: m.net.Nodes[1].Ops[0].(Conv2D).W} },
		"there is no matrix":         func(m *maker) { m.net.Nodes[3].Ops = []Op{Dense{W: "?"}} },
		"no running statistic":       func(m *maker) { delete(m.stats, m.stats.Names()[0]) },
		"has shape":                  func(m *maker) { m.stats[m.stats.Names()[0]] = NewTensor(99) },
		"no op uses \"superfluous\"": func(m *maker) { m.params["superfluous"] = NewTensor(1) },
	} {
		t.Run(want, func(t *testing.T) {
			m := convNet(want == "no running statistic" || want == "has shape")
			change(m)
			_, err := NewTrainer(m.net, plainHyper(3), m.params, m.stats)
			require.ErrorContains(t, err, want)
		})
	}
}

func TestBatchesMustFit(t *testing.T) {
	m := mlp("tanh", 4, 5, 3)
	tr, err := NewTrainer(m.net, plainHyper(3), m.params, m.stats)
	require.NoError(t, err)
	x, y := m.batch(2)
	_, err = tr.TrainBatch(NewTensor(2, 5), y)
	require.ErrorContains(t, err, "x is no batch")
	_, err = tr.TrainBatch(x, nil)
	require.ErrorContains(t, err, "y is no batch")
	_, err = tr.TrainBatch(x, NewTensor(3, 3))
	require.ErrorContains(t, err, "2 samples")
	_, err = tr.Train([]*Tensor{x}, nil, x)
	require.ErrorContains(t, err, "1 inputs")
}

// Training does not touch what it was given.
func TestTrainerCopies(t *testing.T) {
	m := convNet(true)
	params, stats := m.params.Clone(), m.stats.Clone()
	x, y := m.batch(3)
	x0, y0 := x.Clone(), y.Clone()
	m.train(t, plainHyper(4), x, y)
	require.Equal(t, params, m.params)
	require.Equal(t, stats, m.stats)
	require.Equal(t, []*Tensor{x0, y0}, []*Tensor{x, y})
}

// A schedule is data that a caller can supply.
func TestPrecisionFunc(t *testing.T) {
	m := mlp("tanh", 4, 5, 3)
	x, y := m.batch(2)
	h := plainHyper(3)
	h.Precision = Spiking{Alpha: 0.1}
	want := m.train(t, h, x, y)
	h.Precision = PrecisionFunc(Spiking{Alpha: 0.1}.At)
	require.Equal(t, want, m.train(t, h, x, y))
}
