package reference

// backprop returns the forward pass, the loss (the output's energy against the
// target, summed over the batch) and its gradient with respect to the
// parameters by the chain rule through the nodes,
//
//	delta_out = dE/du_out,   delta_i = sum over children j of J_j^T delta_j
func (n *Network) backprop(x, y *Tensor, p *pass) (h Tensors, loss float64, grads Tensors) {
	h = Tensors{}
	backs := map[string]pullback{}
	for _, node := range n.Nodes {
		h[node.Name], backs[node.Name] = n.predict(node, x, h, p)
	}

	out := n.Output()
	loss = out.Energy.value(y, h[out.Name])
	delta := h.zerosLike()
	delta[out.Name] = out.Energy.error(y, h[out.Name]).scaled(-1)

	grads = p.params.zerosLike()
	for i := len(n.Nodes) - 1; i >= 0; i-- {
		node := n.Nodes[i]
		dx := backs[node.Name](delta[node.Name], grads)
		for _, source := range node.Sources {
			if source != Input {
				delta[source].add(1, dx)
			}
		}
	}
	return h, loss, grads
}
