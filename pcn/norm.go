package pcn

import "github.com/gopcn/gopcn/kernels"

// NormMode says what batch normalisation normalises by in training.
type NormMode uint8

const (
	NormBatch NormMode = iota // the statistics of the batch
	NormEMA                   // 0.1 running + 0.9 batch; until running statistics have moved, and stored, those of the batch
)

// String returns "batch" or "ema".
func (m NormMode) String() string {
	if m == NormEMA {
		return "ema"
	}
	if m == NormBatch {
		return "batch"
	}
	return "NormMode(" + string('0'+rune(m%10)) + ")"
}

// norm is a batch normalisation: its parameters and running statistics.
type norm struct {
	number    int // among the network's norms
	channels  int
	positions int

	gamma, beta    *param
	mean, variance []float32
	saved          [2][]float32 // of the running statistics, with centred nudging
}

func newNorm(number int, shape Shape, gamma, beta *param) *norm {
	m := &norm{number: number, channels: shape.Channels, positions: shape.Height * shape.Width, gamma: gamma, beta: beta}
	m.mean, m.variance = make([]float32, m.channels), make([]float32, m.channels)
	for c := range m.variance {
		m.variance[c] = 1
	}
	for i := range m.saved {
		m.saved[i] = make([]float32, m.channels)
	}
	return m
}

// move takes one step of the running statistics towards those of a batch. With
// fresh they become these.
func (m *norm) move(s *normStatistics, fresh bool) {
	if fresh {
		copy(m.mean, s.mean)
		copy(m.variance, s.variance)
		return
	}
	const keep, rest = float32(normKeep), float32(1 - normKeep)
	kernels.Blend(m.mean, keep, m.mean, rest, s.mean)
	kernels.Blend(m.variance, keep, m.variance, rest, s.variance)
}

// A normLane is what a lane keeps of a norm. Every lane works out the
// statistics of the whole batch for itself, from the samples' sums that the
// lanes have shared.
type normLane struct {
	tapes          [2]normStatistics
	running        kernels.Normalisation // in evaluation
	sums, products []float32             // of the error and of the error times xhat
	factors        kernels.FeedbackFactors
}

// normStatistics are those of a batch, and what normalises with them.
type normStatistics struct {
	mean, variance []float32
	use            kernels.Normalisation
}

func newNormLane(m *norm) normLane {
	vector := func() []float32 { return kernels.NewVector(m.channels) }
	n := normLane{
		running: kernels.Normalisation{Mean: m.mean, Inv: vector()},
		sums:    vector(), products: vector(),
		factors: kernels.FeedbackFactors{Offset: vector(), Slope: vector(), Gain: vector()},
	}
	for i := range n.tapes {
		s := &n.tapes[i]
		s.mean, s.variance = vector(), vector()
		s.use = kernels.Normalisation{Mean: vector(), Inv: vector()}
	}
	for _, use := range []*kernels.Normalisation{&n.running, &n.tapes[0].use, &n.tapes[1].use} {
		use.Gamma, use.Beta = m.gamma.value.Row(0), m.beta.value.Row(0)
	}
	return n
}
