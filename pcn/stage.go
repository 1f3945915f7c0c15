package pcn

import "github.com/gopcn/gopcn/kernels"

// A stage is a part of a node's ops that runs together: a layer, a batch
// normalisation, an activation and a pool, in this order, each of which may be
// missing. Flatten is no work. A node without ops has one stage that is the
// identity.
type stage struct {
	layer *layer
	norm  *norm
	act   kernels.Activation // Identity where there is none
	pool  pooling

	pooled kernels.PoolShape // of a max-pool
	mean   float32           // 1/positions of an average pool

	inner int // values before the pool
	width int // of the result

	// delta is the error taken back to the output of the layer, or to the
	// stage's input where there is no layer: what the weight gradient and the
	// feedback are made of. Where nothing stands between it is the error itself.
	// While predictions are computed it is scratch memory.
	delta kernels.Matrix

	// err is the error at the stage's result where that is not the node's: delta
	// itself unless there is a pool.
	err kernels.Matrix

	// product is the error at the pool's result times the slope there.
	product kernels.Matrix
}

// pooling is what ends a stage.
type pooling uint8

const (
	noPool pooling = iota
	maxPool
	averagePool
)

// sloped reports whether the activation has a slope other than 1.
func (s *stage) sloped() bool { return s.act != kernels.Identity }

// fusible reports whether a prediction ends in the epilogue of a product, or in
// a pass like it.
func (s *stage) fusible() bool { return s.norm == nil && s.pool == noPool }

// plain reports whether the error at the result is the error at the layer.
func (s *stage) plain() bool { return s.fusible() && !s.sloped() }

// A tape holds what a prediction leaves for the way back: the input, where it
// is a sum of several sources, and for each stage its result (but the last,
// which is the prediction), its slope (where it has one; behind a max-pool that
// at the winners, which are kept too), and what its norm normalised.
type tape struct {
	input   kernels.Matrix
	result  []kernels.Matrix
	slope   []kernels.Matrix
	winners []kernels.Winners
	x       []kernels.Matrix
}

// order is the place of an op within a stage; -1 for no work.
func (o Op) order() int {
	switch o.kind {
	case OpDense, OpConv2D:
		return 0
	case OpBatchNorm:
		return 1
	case OpActivate:
		return 2
	case OpMaxPool, OpGlobalAvgPool:
		return 3
	}
	return -1
}

// stagesOf cuts the ops of a node into stages. Parameters are taken from the
// list in canonical order, and norms are numbered on.
func stagesOf(ops []Op, in Shape, k *kernels.Handle, params *[]*param, norms *[]*norm) []stage {
	var stages []stage
	last := 4 // order of the last op
	for _, op := range ops {
		out, _ := op.shape(in)
		if op.order() < 0 {
			in = out
			continue
		}
		if op.order() <= last {
			stages = append(stages, stage{})
		}
		last = op.order()
		s := &stages[len(stages)-1]
		s.width = out.Len()
		if op.kind != OpMaxPool && op.kind != OpGlobalAvgPool {
			s.inner = s.width
		} else if s.inner == 0 {
			s.inner = in.Len()
		}
		switch op.kind {
		case OpDense, OpConv2D:
			s.layer = &layer{w: next(params), positions: out.Height * out.Width}
			if op.bias {
				s.layer.b = next(params)
			}
			if op.kind == OpConv2D {
				s.layer.conv = k.NewConv(op.convShape(in))
			}
		case OpBatchNorm:
			s.norm = newNorm(len(*norms), out, next(params), next(params))
			*norms = append(*norms, s.norm)
		case OpActivate:
			s.act = op.act
		case OpMaxPool:
			s.pool, s.pooled = maxPool, kernels.PoolShape{Height: in.Height, Width: in.Width, Channels: in.Channels}
		case OpGlobalAvgPool:
			s.pool, s.mean = averagePool, float32(1/float64(in.Height*in.Width))
		}
		in = out
	}
	if len(stages) == 0 {
		stages = []stage{{width: in.Len(), inner: in.Len()}}
	}
	return stages
}

func next(params *[]*param) *param {
	p := (*params)[0]
	*params = (*params)[1:]
	return p
}
