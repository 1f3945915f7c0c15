package pcn

// Factors returns, for each level, how much of the output's signal reaches its
// weights under these settings: the error of the weight update in a scalar
// chain of as many levels with slopes and weights 1, relaxed as the settings
// say, relative to the error of the output. Backpropagation has 1 everywhere. A
// negative factor moves weights the wrong way; a tiny one loses itself in
// rounding. Incremental networks, whose weights move meanwhile, have no factors
// (nil).
//
// With spiking precision, alpha -> 0, forward update and enough steps, level l
// has a^(k-1) eta (1-a)/(1-m), where k = N-1-l and a = eta (1+m) with Nesterov,
// eta without.
func (c Config) Factors(net *Network) []float64 {
	if c.Rule == IPC {
		return nil
	}
	c = c.withDefaults(net)
	levels := net.Levels()
	factors := make([]float64, levels)
	if c.Rule == BP {
		for l := range factors {
			factors[l] = 1
		}
		return factors
	}
	h := c.relaxChain(levels)
	output := h[levels-1] - below(h, levels-1)
	if c.Update == Forward {
		output = h[levels-1]
	}
	for l := range factors {
		e := h[l] - below(h, l)
		if c.Update == Forward {
			e = h[l]
		}
		factors[l] = e / output
	}
	return factors
}

// relaxChain relaxes the scalar chain u_l = h_(l-1) from h = 0 with the output
// clamped to 1.
func (c Config) relaxChain(levels int) []float64 {
	h, v, e := make([]float64, levels), make([]float64, levels), make([]float64, levels)
	h[levels-1] = 1
	eta, m := float64(c.LatentRate), float64(c.Momentum)
	for t := range c.Steps {
		for l := range e {
			e[l] = float64(c.Precision.at(l, levels, t, c.Steps)) * (h[l] - below(h, l))
		}
		for l := range levels - 1 {
			g := e[l] - e[l+1]
			v[l] = g + m*v[l]
			if c.Nesterov {
				h[l] -= eta * (g + m*v[l])
			} else {
				h[l] -= eta * v[l]
			}
		}
	}
	return h
}

// below is the prediction of level l: the level below, x being 0.
func below(h []float64, l int) float64 {
	if l == 0 {
		return 0
	}
	return h[l-1]
}
