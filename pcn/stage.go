package pcn

import "github.com/gopcn/gopcn/kernels"

// A stage is a part of a node's ops that runs as one kernel call: a dense layer
// with the activation that follows it, or an activation on its own. A node
// without ops has one stage that is the identity.
type stage struct {
	dense *dense             // nil: only the activation
	act   kernels.Activation // Identity where there is none
	width int                // of the result

	// delta is the error taken back to the input of the activation: what the
	// weight gradient and the feedback of the dense layer are made of. Where
	// the last stage has no activation it is the node's error itself.
	delta kernels.Matrix
}

// sloped reports whether the activation has a slope other than 1.
func (s *stage) sloped() bool { return s.act != kernels.Identity }

// dense is a dense layer: its parameters and their packed forms.
type dense struct {
	w, b     *param // b may be nil
	forward  pack   // W^T, for predictions
	feedback pack   // W, for feedback; absent where nothing but x is below
}

func (d *dense) bias() []float32 {
	if d.b == nil {
		return nil
	}
	return d.b.value.Row(0)
}

// A tape holds what a prediction leaves for the way back: the input, where it
// is a sum of several sources, and for each stage its result (but the last,
// which is the prediction) and its slope (where it has one).
type tape struct {
	input  kernels.Matrix
	result []kernels.Matrix
	slope  []kernels.Matrix
}

// stagesOf cuts the ops of a node into stages. Parameters are taken from the
// list in canonical order.
func stagesOf(ops []Op, input int, params *[]*param) []stage {
	var stages []stage
	width := input
	for k, op := range ops {
		switch {
		case op.kind == OpDense:
			d := &dense{w: next(params)}
			if op.bias {
				d.b = next(params)
			}
			width = op.out
			stages = append(stages, stage{dense: d, width: width})
		case k > 0 && ops[k-1].kind == OpDense:
			stages[len(stages)-1].act = op.act
		default:
			stages = append(stages, stage{act: op.act, width: width})
		}
	}
	if len(stages) == 0 {
		stages = []stage{{width: width}}
	}
	return stages
}

func next(params *[]*param) *param {
	p := (*params)[0]
	*params = (*params)[1:]
	return p
}
