package pcn

import "github.com/gopcn/gopcn/kernels"

// A lane is a worker with its rows of the batch. Samples are independent until
// the weight gradient, so a lane carries its rows alone through the forward
// initialisation (forward.go), the clamp (clamp.go), the relaxation (relax.go)
// or backpropagation (backprop.go). Without batch normalisation it never meets
// the others; with it all lanes go through the same calls in step
// (normalise.go), those without rows too. A workspace of a Predictor has a lane
// that belongs to no trainer and makes forward passes only.
type lane struct {
	t        *Trainer
	nodes    []nodeState    // those of the trainer or workspace
	x        kernels.Matrix // likewise
	k        *kernels.Handle
	ws       *kernels.Workspace
	lo, hi   int              // its rows
	h        []kernels.Matrix // latents of each node: h0 until they move
	epilogue kernels.Epilogue
	active   []float32 // activated images before a pool, some samples at a time

	pass   int      // number of the latest pass over errors or predictions
	summed [][2]int // the pass in which each sum of sources was made, by tape

	tally tally // of what it has done so far

	norms      []normLane
	generation int  // of the shared sums
	evaluating bool // norms use running statistics
}

// A tally counts what goes through memory: products and convolutions, fused
// epilogues included, and passes over the elements of matrices. Tests hold that
// relaxation takes no more of them than it must.
type tally struct{ products, passes int }

// newLane makes a lane over nodes with the rows of x.
func newLane(k *kernels.Handle, x kernels.Matrix, nodes []nodeState, norms []*norm) lane {
	l := lane{nodes: nodes, x: x, k: k, ws: kernels.NewWorkspace()}
	l.summed = make([][2]int, len(nodes))
	l.h = make([]kernels.Matrix, len(nodes))
	l.h[len(nodes)-1] = nodes[len(nodes)-1].h // which the clamp moves alone
	wide := 0
	for i := range nodes {
		for k := range nodes[i].stages {
			if s := &nodes[i].stages[k]; s.pool != noPool {
				wide = max(wide, s.inner)
			}
		}
	}
	l.active = kernels.NewVector(min(poolRows, x.Rows) * kernels.Stride(wide))
	for _, m := range norms {
		l.norms = append(l.norms, newNormLane(m))
	}
	return l
}

// take gives the lane its share of n rows.
func (l *lane) take(worker, workers, n int) {
	l.lo, l.hi = n*worker/workers, n*(worker+1)/workers
}

// rows is the lane's part of a matrix; absent stays absent.
func (l *lane) rows(m kernels.Matrix) kernels.Matrix {
	if len(m.Data) == 0 {
		return kernels.Matrix{}
	}
	return m.RowRange(l.lo, l.hi)
}

// flat is the lane's part of a matrix, padding included, as one vector: for
// element-wise passes over matrices of the same width.
func (l *lane) flat(m kernels.Matrix) []float32 { return rowsOf(m, l.lo, l.hi) }

// copy copies the lane's rows.
func (l *lane) copy(dst, src kernels.Matrix) {
	l.tally.passes++
	copy(l.flat(dst), l.flat(src))
}
