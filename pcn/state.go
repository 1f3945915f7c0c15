package pcn

import (
	"slices"

	"github.com/gopcn/gopcn/kernels"
)

// The two tapes of a node: that of the forward initialisation, which serves
// for as long as the node's prediction is what it was there, and that of the
// latest prediction.
const (
	initial = iota
	current
)

// nodeState is what a trainer keeps for a node. Matrices have a row per sample
// of the batch; those that the plan has no use for are absent.
type nodeState struct {
	*Node
	shape  Shape
	width  int
	input  int // values of the input of the ops
	sum    int // first node with the same sources, whose sum of several it shares
	stages []stage
	tapes  [2]tape

	h, h0    kernels.Matrix // latent; forward value
	old      kernels.Matrix // latent before the step, for incremental updates
	velocity kernels.Matrix
	e        kernels.Matrix // error, weighted by precision and node weight
	back     kernels.Matrix // feedback J^T e to the sources, where it is no epilogue
	prior    kernels.Matrix // sum of the feedback of several children
	u        kernels.Matrix // prediction, where the error is no epilogue
}

func (n *nodeState) first() *stage { return &n.stages[0] }
func (n *nodeState) last() *stage  { return &n.stages[len(n.stages)-1] }

// takesProduct reports whether the feedback of the node is a single product
// that ends at its only source, so that the source's latents can move in the
// product's epilogue.
func (n *nodeState) takesProduct() bool {
	return len(n.Sources) == 1 && n.first().layer != nil
}

// newNodes makes the nodes of a network, stages over the parameters, without
// memory for samples.
func newNodes(net *Network, k *kernels.Handle, params []*param) ([]nodeState, []*norm) {
	nodes := make([]nodeState, len(net.Nodes))
	var norms []*norm
	shapes := net.Shapes()
	for i := range nodes {
		n := &nodes[i]
		n.Node = &net.Nodes[i]
		n.shape, n.width, n.sum = shapes[i], shapes[i].Len(), i
		in := net.inputShape(i, shapes)
		n.input = in.Len()
		n.stages = stagesOf(n.Ops, in, k, &params, &norms)
	}
	return nodes, norms
}

// hold makes the matrices of a forward pass over a batch, but for slopes.
func (n *nodeState) hold(batch int, earlier []nodeState) {
	n.h0 = kernels.NewMatrix(batch, n.width)
	n.tapes[initial] = n.newTape(batch)
	n.shareSum(earlier, initial)
}

// newStates makes the nodes of a network, and the matrices that every rule needs.
func newStates(net *Network, cfg *Config, params []*param) ([]nodeState, []*norm) {
	nodes, norms := newNodes(net, cfg.Kernels, params)
	for i := range nodes {
		n := &nodes[i]
		n.hold(cfg.Batch, nodes[:i])
		n.keepSlopes(&n.tapes[initial], cfg.Batch, true)
		n.e = kernels.NewMatrix(cfg.Batch, n.width)
		if cfg.Rule != BP || i == len(nodes)-1 {
			n.h = kernels.NewMatrix(cfg.Batch, n.width)
		}
		if cfg.Rule != BP && cfg.Momentum != 0 {
			n.velocity = kernels.NewMatrix(cfg.Batch, n.width)
		}
		if i == len(nodes)-1 && cfg.Loss == CrossEntropy {
			n.u = kernels.NewMatrix(cfg.Batch, n.width)
		}
		if cfg.Rule != BP {
			// Otherwise the slope of the last stage goes into its error at once.
			last := n.u.Data != nil || n.last().pool == averagePool
			n.tapes[current] = n.newTape(cfg.Batch)
			n.keepSlopes(&n.tapes[current], cfg.Batch, last)
			n.shareSum(nodes[:i], current)
		}
		for k := range n.stages {
			n.allocate(k, cfg)
		}
		if n.first().layer == nil {
			n.back = n.first().delta
		}
	}
	return nodes, norms
}

// shareSum takes over the sum of an earlier node with the same sources.
func (n *nodeState) shareSum(earlier []nodeState, which int) {
	if len(n.Sources) == 1 {
		return
	}
	for i := range earlier {
		if o := &earlier[i]; slices.Equal(o.Sources, n.Sources) {
			n.sum, n.tapes[which].input = o.sum, o.tapes[which].input
			return
		}
	}
}

// allocate makes what a stage has for itself.
func (n *nodeState) allocate(k int, cfg *Config) {
	s := &n.stages[k]
	last := s == n.last()
	if last && s.plain() {
		s.delta = n.e
	} else {
		s.delta = kernels.NewMatrix(cfg.Batch, s.inner)
	}
	if !last {
		s.err = s.delta
		if s.pool != noPool {
			s.err = kernels.NewMatrix(cfg.Batch, s.width)
		}
	}
	if s.pool == maxPool && s.sloped() {
		s.product = kernels.NewMatrix(cfg.Batch, s.width)
	}
	d := s.layer
	if d == nil {
		return
	}
	d.forward = newPack(cfg.Kernels, d.conv, kernels.NT, d.w.value)
	if k > 0 || n.hasNodeSource() {
		d.feedback = newPack(cfg.Kernels, d.conv, kernels.NN, d.w.value)
	}
	if d.conv != nil && cfg.Batch > d.conv.SegmentSamples() {
		d.partial = kernels.NewMatrix(d.w.value.Rows, d.w.value.Cols)
	}
}

// newTape makes a tape of what predictions themselves need.
func (n *nodeState) newTape(batch int) tape {
	t := tape{
		result:  make([]kernels.Matrix, len(n.stages)),
		slope:   make([]kernels.Matrix, len(n.stages)),
		winners: make([]kernels.Winners, len(n.stages)),
		x:       make([]kernels.Matrix, len(n.stages)),
	}
	if len(n.Sources) > 1 {
		t.input = kernels.NewMatrix(batch, n.input)
	}
	for k := range n.stages {
		s := &n.stages[k]
		if s != n.last() {
			t.result[k] = kernels.NewMatrix(batch, s.width)
		}
		if s.norm != nil && s.layer != nil {
			t.x[k] = kernels.NewMatrix(batch, s.inner)
		}
	}
	return t
}

// keepSlopes makes room for what takes an error back through activations and
// pools, with last through those of the last stage too.
func (n *nodeState) keepSlopes(t *tape, batch int, last bool) {
	for k := range n.stages {
		s := &n.stages[k]
		if s == n.last() && !last {
			continue
		}
		if s.pool == maxPool {
			t.winners[k] = kernels.NewWinners(batch, s.width)
		}
		if s.sloped() {
			size := s.inner
			if s.pool == maxPool {
				size = s.width
			}
			t.slope[k] = kernels.NewMatrix(batch, size)
		}
	}
}
