package pcn

import (
	"fmt"

	"github.com/gopcn/gopcn/kernels"
)

// window is a part of Samples.
type window struct {
	samples Samples
	lo, n   int
}

func (w *window) Len() int                  { return w.n }
func (w *window) Fill(dst []float32, i int) { w.samples.Fill(dst, w.lo+i) }
func (w *window) Label(i int) int           { return w.samples.Label(w.lo + i) }

// Evaluate runs the forward pass over any number of samples and returns the
// mean loss and the number of correct ones. It panics if a label is not less
// than the number of outputs.
func (t *Trainer) Evaluate(s Samples) Stats {
	return t.evaluate(s, func(int, int) {})
}

// evaluate calls done behind each part of the samples, whose outputs are there.
func (t *Trainer) evaluate(s Samples, done func(lo, n int)) Stats {
	for i := range s.Len() {
		t.checkLabel(s.Label(i))
	}
	total := Stats{Samples: s.Len()}
	t.forEach(s, jobEvaluate, func(lo, n int) {
		done(lo, n)
		part := t.stats(n)
		total.Loss += part.Loss * float64(n)
		total.Correct += part.Correct
	})
	if total.Samples > 0 {
		total.Loss /= float64(total.Samples)
	}
	return total
}

// Predict writes the outputs u of the forward pass for each row of x to the
// rows of dst. It panics if the shapes do not fit. As all of a trainer it serves
// one goroutine at a time; [Trainer.Predictor] serves any number.
func (t *Trainer) Predict(dst, x kernels.Matrix) {
	out := &t.nodes[len(t.nodes)-1]
	if x.Cols != t.x.Cols || dst.Rows != x.Rows || dst.Cols != out.width {
		panic(fmt.Sprintf("pcn: Predict: x is %dx%d and dst %dx%d; want nx%d and nx%d",
			x.Rows, x.Cols, dst.Rows, dst.Cols, t.x.Cols, out.width))
	}
	t.forEach(&inputs{x}, jobPredict, func(lo, n int) {
		for i := range n {
			copy(dst.Row(lo+i), out.h0.Row(i))
		}
	})
}

// inputs are samples without labels.
type inputs struct{ x kernels.Matrix }

func (s *inputs) Len() int                  { return s.x.Rows }
func (s *inputs) Fill(dst []float32, i int) { copy(dst, s.x.Row(i)) }
func (s *inputs) Label(int) int             { return 0 }

// forEach runs a job over samples in parts of at most a batch.
func (t *Trainer) forEach(s Samples, kind jobKind, done func(lo, n int)) {
	w := &window{samples: s}
	for w.lo = 0; w.lo < s.Len(); w.lo += t.cfg.Batch {
		w.n = min(t.cfg.Batch, s.Len()-w.lo)
		t.job.samples, t.job.rows = w, w.n
		t.run(kind)
		done(w.lo, w.n)
	}
	t.job.samples = nil
}
