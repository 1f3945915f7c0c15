package reference

// derivatives are the value and the gradient of a weighted sum of node
// energies,
//
//	E = sum c_i E_i(h_i, f_i(sum of s_j over sources j))
//
// over the nodes that enter.
type derivatives struct {
	// energy has the unweighted E_i of the nodes that enter, total is E.
	energy map[string]float64
	total  float64

	// prediction and error are u_i and -dE_i/du_i of the nodes that enter.
	prediction, error Tensors

	// latent is dE/dh where the sources are the latents themselves (s = h), of
	// all nodes, the output's being zero because it is clamped.
	latent Tensors

	// params is dE/dtheta of all parameters.
	params Tensors
}

// derive evaluates E at latents h, with the sources' values s, over the nodes
// of level start and above; factor gives c_i.
//
// Node i contributes to the gradient its own error and, to each of its
// sources, minus the feedback J_i^T e_i:
//
//	dE/dh_i = c_i e_i - sum over children j of c_j J_j^T e_j
func (n *Network) derive(x *Tensor, h, s Tensors, start int, factor func(*Node) float64, p *pass) derivatives {
	d := derivatives{
		energy:     map[string]float64{},
		prediction: Tensors{},
		error:      Tensors{},
		latent:     h.zerosLike(),
		params:     p.params.zerosLike(),
	}
	for _, node := range n.Nodes {
		if node.Level < start {
			continue
		}
		c := factor(node)
		u, back := n.predict(node, x, s, p)
		e := node.Energy.error(h[node.Name], u)
		energy := node.Energy.value(h[node.Name], u)

		d.prediction[node.Name], d.error[node.Name] = u, e
		d.energy[node.Name] = energy
		d.total += c * energy

		if node.Role != Output {
			d.latent[node.Name].add(c, e)
		}
		feedback := back(e.scaled(-c), d.params) // dE/du_i = - c_i e_i
		for _, source := range node.Sources {
			if source != Input {
				d.latent[source].add(1, feedback)
			}
		}
	}
	return d
}

// unit is the factor of energies that are reported and of weight updates.
func unit(*Node) float64 { return 1 }
