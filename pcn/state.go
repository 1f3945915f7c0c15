package pcn

import "github.com/gopcn/gopcn/kernels"

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
	width  int
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

// dense reports whether the node has parameters.
func (n *nodeState) dense() bool {
	for k := range n.stages {
		if n.stages[k].dense != nil {
			return true
		}
	}
	return false
}

// takesProduct reports whether the feedback of the node is a single product
// that ends at its only source, so that the source's latents can move in the
// product's epilogue.
func (n *nodeState) takesProduct() bool {
	return len(n.Sources) == 1 && n.first().dense != nil
}

// newStates makes the nodes of a network: stages over the parameters, and the
// matrices that every rule needs.
func newStates(net *Network, cfg *Config, params []*param) []nodeState {
	nodes := make([]nodeState, len(net.Nodes))
	shapes := net.Shapes()
	for i := range nodes {
		n := &nodes[i]
		n.Node = &net.Nodes[i]
		n.width = shapes[i].Len()
		n.stages = stagesOf(n.Ops, net.inputShape(i, shapes).Len(), &params)
		n.h0 = kernels.NewMatrix(cfg.Batch, n.width)
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
		n.tapes[initial] = n.newTape(cfg.Batch, net.inputShape(i, shapes).Len(), true)
		if cfg.Rule != BP {
			last := n.u.Data != nil // else the epilogue applies the last slope
			n.tapes[current] = n.newTape(cfg.Batch, net.inputShape(i, shapes).Len(), last)
		}
		for k := range n.stages {
			s := &n.stages[k]
			if s == n.last() && !s.sloped() {
				s.delta = n.e
			} else {
				s.delta = kernels.NewMatrix(cfg.Batch, s.width)
			}
			if s.dense != nil {
				s.dense.forward = newPack(cfg.Kernels, kernels.NT, s.dense.w.value)
				if k > 0 || n.hasNodeSource() {
					s.dense.feedback = newPack(cfg.Kernels, kernels.NN, s.dense.w.value)
				}
			}
		}
		if n.first().dense == nil {
			n.back = n.first().delta
		}
	}
	return nodes
}

// newTape makes a tape; lastSlope says whether it keeps the slope of the last
// stage.
func (n *nodeState) newTape(batch, input int, lastSlope bool) tape {
	t := tape{
		result: make([]kernels.Matrix, len(n.stages)),
		slope:  make([]kernels.Matrix, len(n.stages)),
	}
	if len(n.Sources) > 1 {
		t.input = kernels.NewMatrix(batch, input)
	}
	for k := range n.stages {
		s, last := &n.stages[k], k == len(n.stages)-1
		if !last {
			t.result[k] = kernels.NewMatrix(batch, s.width)
		}
		if s.sloped() && (!last || lastSlope) {
			t.slope[k] = kernels.NewMatrix(batch, s.width)
		}
	}
	return t
}
