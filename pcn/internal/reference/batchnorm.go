package reference

import (
	"fmt"
	"math"
)

// BatchNorm normalises each channel and scales it,
//
//	y = gamma (x - m) / sqrt(v + eps) + beta
//
// In evaluation m and v are the running statistics. In training they depend on
// the [BatchNormMode]; the batch mean and the biased batch variance are taken
// over (batch, height, width), and gradients flow through both. Gamma, Beta
// name parameters, Mean and Var running statistics, which move by
//
//	running <- momentum running + (1 - momentum) batch
type BatchNorm struct {
	Gamma, Beta, Mean, Var string
	Eps, Momentum          float64
}

// BatchNormMode says what training normalises by.
type BatchNormMode string

const (
	// BatchStatistics normalises by the statistics of the batch.
	BatchStatistics BatchNormMode = "batch"

	// EMAStatistics normalises by momentum running + (1 - momentum) batch, in
	// which running is a constant for the gradient. Until their first move the
	// batch statistics are used, and stored, as they are.
	EMAStatistics BatchNormMode = "ema"
)

// Statistics are the running statistics of all BatchNorm layers.
type Statistics struct {
	Running Tensors
	Mode    BatchNormMode

	// moved says, by the name of its mean, that a layer's statistics have
	// moved at least once.
	moved map[string]bool
}

// NewStatistics starts from a copy of the given running statistics.
func NewStatistics(running Tensors, mode BatchNormMode) *Statistics {
	return &Statistics{Running: running.Clone(), Mode: mode, moved: map[string]bool{}}
}

func (s *Statistics) clone() *Statistics {
	c := NewStatistics(s.Running, s.Mode)
	for name := range s.moved {
		c.moved[name] = true
	}
	return c
}

// batchShare is the weight of the batch statistics in those that normalise;
// the running statistics have the rest.
func (b BatchNorm) batchShare(p *pass) float64 {
	switch {
	case p.evaluation:
		return 0
	case p.stats.Mode == EMAStatistics && p.stats.moved[b.Mean]:
		return 1 - b.Momentum
	default:
		return 1
	}
}

// move takes one step of the running statistics.
func (b BatchNorm) move(s *Statistics, mean, variance []float64) {
	keep := b.Momentum
	if s.Mode == EMAStatistics && !s.moved[b.Mean] {
		keep = 0
	}
	for c := range mean {
		rm, rv := s.Running[b.Mean].Data, s.Running[b.Var].Data
		rm[c] = keep*rm[c] + (1-keep)*mean[c]
		rv[c] = keep*rv[c] + (1-keep)*variance[c]
	}
	s.moved[b.Mean] = true
}

func (b BatchNorm) apply(x *Tensor, p *pass) (*Tensor, pullback) {
	channels := x.Shape[1]
	area := volume(x.Shape[2:]) // 1 for vectors
	count := float64(x.Shape[0] * area)
	channel := func(k int) int { return k / area % channels }
	gamma, beta := p.params[b.Gamma].Data, p.params[b.Beta].Data

	batchMean := make([]float64, channels)
	for k, v := range x.Data {
		batchMean[channel(k)] += v / count
	}
	batchVar := make([]float64, channels)
	for k, v := range x.Data {
		d := v - batchMean[channel(k)]
		batchVar[channel(k)] += d * d / count
	}

	share := b.batchShare(p)
	mean := make([]float64, channels)
	scale := make([]float64, channels) // 1/sqrt(v + eps)
	for c := range channels {
		mean[c] = mix(share, batchMean[c], p.stats.Running[b.Mean].Data[c])
		variance := mix(share, batchVar[c], p.stats.Running[b.Var].Data[c])
		scale[c] = 1 / math.Sqrt(variance+b.Eps)
	}

	y := zerosLike(x)
	for k, v := range x.Data {
		c := channel(k)
		y.Data[k] = gamma[c]*(v-mean[c])*scale[c] + beta[c]
	}
	if p.move {
		b.move(p.stats, batchMean, batchVar)
	}

	// With a = gamma dy and r = 1/sqrt(v + eps):
	//
	//	dm = - r sum a          dv = - r^3/2 sum a (x - m)
	//	dx = r a + share (dm/n + 2 (x - batch mean) dv/n)
	back := func(dy *Tensor, grads Tensors) *Tensor {
		dMean := make([]float64, channels)
		dVar := make([]float64, channels)
		for k, e := range dy.Data {
			c := channel(k)
			centred := x.Data[k] - mean[c]
			grads[b.Gamma].Data[c] += e * centred * scale[c]
			grads[b.Beta].Data[c] += e
			dMean[c] -= scale[c] * gamma[c] * e
			dVar[c] -= 0.5 * scale[c] * scale[c] * scale[c] * gamma[c] * e * centred
		}
		dx := zerosLike(x)
		for k, e := range dy.Data {
			c := channel(k)
			through := dMean[c]/count + 2*(x.Data[k]-batchMean[c])*dVar[c]/count
			dx.Data[k] = scale[c]*gamma[c]*e + share*through
		}
		return dx
	}
	return y, back
}

// mix returns share a + (1 - share) b, and exactly a or b at the ends.
func mix(share, a, b float64) float64 {
	switch share {
	case 0:
		return b
	case 1:
		return a
	default:
		return share*a + (1-share)*b
	}
}

func (b BatchNorm) shape(in []int, s *symbols) ([]int, error) {
	if len(in) != 1 && len(in) != 3 {
		return nil, fmt.Errorf("batchnorm wants a vector or an image, have %v", in)
	}
	for _, name := range []string{b.Gamma, b.Beta} {
		if err := s.param(name, in[0]); err != nil {
			return nil, fmt.Errorf("batchnorm: %w", err)
		}
	}
	for _, name := range []string{b.Mean, b.Var} {
		if err := s.stat(name, in[0]); err != nil {
			return nil, fmt.Errorf("batchnorm: %w", err)
		}
	}
	return in, nil
}
