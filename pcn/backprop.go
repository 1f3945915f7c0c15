package pcn

import "github.com/gopcn/gopcn/kernels"

// backprop computes every node's error by the chain rule instead of by
// relaxing: the output's is that of the loss, and below
//
//	e_i = sum over children j, ascending, of J_j^T e_j
//
// The weight gradient then follows from the errors as in a forward update.
func (l *lane) backprop() {
	nodes := l.t.nodes
	for _, p := range l.t.plan.back {
		n, fused := &nodes[p.node], false
		if p.node == len(nodes)-1 {
			fused = l.initialError(&errorPlan{node: p.node, coeff: 1, delta: true})
		} else {
			l.gather(n, l.t.children[p.node])
		}
		l.deltas(n, initial, p.to, fused)
		if p.feeds && n.first().layer != nil {
			l.epilogue = kernels.Epilogue{}
			l.feedback(n.first().layer, l.rows(n.back), l.rows(n.first().delta))
		}
	}
}

// gather sums the feedback of a node's children in its error.
func (l *lane) gather(n *nodeState, children []int) {
	l.copy(n.e, l.t.nodes[children[0]].back)
	for _, c := range children[1:] {
		l.k.Add(l.flat(n.e), l.flat(n.e), l.flat(l.t.nodes[c].back))
	}
}
