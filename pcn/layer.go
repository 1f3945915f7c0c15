package pcn

import "github.com/gopcn/gopcn/kernels"

// layer is a dense layer or a convolution: its parameters and their packed
// forms.
type layer struct {
	conv      *kernels.Conv // nil for a dense layer
	positions int           // pixels of the result
	w, b      *param        // b may be nil
	forward   pack          // for predictions
	feedback  pack          // absent where nothing but x is below
	partial   kernels.Matrix
}

func (d *layer) bias() []float32 {
	if d.b == nil {
		return nil
	}
	return d.b.value.Row(0)
}

// predict computes rows of dst = W in and applies the lane's epilogue.
func (l *lane) predict(d *layer, dst, in kernels.Matrix) {
	l.tally.products++
	switch {
	case in.Rows == 0:
	case d.conv != nil:
		d.conv.Predict(l.ws, dst, in, &d.forward.image, &l.epilogue)
	default:
		l.k.MatMulPacked(l.ws, kernels.NN, dst, in, &d.forward.packed, &l.epilogue)
	}
}

// feedback computes rows of dst = W^T delta and applies the lane's epilogue.
func (l *lane) feedback(d *layer, dst, delta kernels.Matrix) {
	l.tally.products++
	switch {
	case delta.Rows == 0:
	case d.conv != nil:
		d.conv.Feedback(l.ws, dst, delta, &d.feedback.image, &l.epilogue)
	default:
		l.k.MatMulPacked(l.ws, kernels.NN, dst, delta, &d.feedback.packed, &l.epilogue)
	}
}

// weightGradient computes rows lo to hi-1 of dW = scale delta^T input and the
// elements of db = scale sum of delta.
func (l *lane) weightGradient(d *layer, w kernels.Matrix, b []float32, delta, input kernels.Matrix, lo, hi int, scale float32) {
	if d.conv != nil {
		d.conv.WeightGradient(l.ws, w, d.partial, delta, input, lo, hi, scale)
		if b != nil {
			d.conv.BiasGradient(b, delta, lo, hi, scale)
		}
		return
	}
	delta.Data, delta.Cols = delta.Data[lo:], hi-lo
	l.epilogue = kernels.Epilogue{Scale: scale}
	l.k.MatMul(l.ws, kernels.TN, w.RowRange(lo, hi), delta, input, &l.epilogue)
	if b != nil {
		l.k.ColumnSums(b[lo:hi], delta, scale)
	}
}
