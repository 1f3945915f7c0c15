package pcn

import "github.com/gopcn/gopcn/kernels"

// allocate makes the matrices that only this plan needs, before gradients
// refer to them.
func allocate(net *Network, cfg *Config, nodes []nodeState, use shortcuts) {
	children := net.children()
	for i := range nodes {
		n := &nodes[i]
		if cfg.Rule == IPC && i < len(nodes)-1 {
			n.old = kernels.NewMatrix(cfg.Batch, n.width)
		}
		if len(children[i]) > 2 {
			n.prior = kernels.NewMatrix(cfg.Batch, n.width)
		}
		if n.first().layer == nil || !n.hasNodeSource() {
			continue
		}
		// The feedback is fused if the node is the last child of its only source.
		s := n.Sources[0]
		fused := use.fuse && cfg.Rule != BP && n.takesProduct() && children[s][len(children[s])-1] == i
		if !fused {
			n.back = kernels.NewMatrix(cfg.Batch, n.input)
		}
	}
}

// zeroWidth returns the largest width of a node that moves without feedback.
func (p *plan) zeroWidth(nodes []nodeState) int {
	width := 0
	for _, s := range p.steps {
		for _, m := range s.moves {
			if m.last < 0 {
				width = max(width, nodes[m.node].width)
			}
		}
	}
	return width
}
