package audit

import (
	"math"

	"github.com/gopcn/gopcn/pcn/internal/reference"
)

// rounding estimates, for each level, what rounding the latents to float32 does
// to the error of the weight update, relative to that error: a latent of size |h|
// is off by about 2^-24 |h|. Incremental updates have many errors, of which the
// largest counts. The twin's are exact, so they are what is compared with.
func (p *probe) rounding() []float64 {
	list := make([]float64, p.net.Levels)
	if len(p.trace.Phases) == 0 {
		return list
	}
	ph := p.trace.Phases[len(p.trace.Phases)-1]
	for level := range list {
		latents, err := p.updateError(ph, level)
		if err > 0 {
			list[level] = math.Sqrt(latents/err) / (1 << 24)
		}
	}
	return list
}

// updateError returns the squared norms of a level's latents and of its error in
// the weight update. Cross-entropy has another error, which subtracts no
// latents.
func (p *probe) updateError(ph *reference.PhaseTrace, level int) (latents, err float64) {
	h := ph.H0.Clone()
	h[p.net.Output().Name] = ph.OutputTarget
	for _, step := range ph.Steps {
		if p.hyper.Update == reference.Incremental {
			l, e := 0.0, 0.0
			for _, node := range p.nodes(level) {
				if step.Error[node.Name] != nil {
					l += square(h[node.Name])
					e += step.Precision[level] * step.Precision[level] * square(step.Error[node.Name])
				}
			}
			if e > err {
				latents, err = l*step.Precision[level]*step.Precision[level], e
			}
		}
		for name, t := range step.Latents {
			h[name] = t
		}
	}
	energies := ph.WeightEnergy
	if ph.SettledUpdate != nil {
		energies = ph.SettledUpdate.NodeEnergy
	}
	l, e := 0.0, 0.0
	for _, node := range p.nodes(level) {
		l += square(h[node.Name])
		e += 2 * energies[node.Name]
	}
	if e > err {
		latents, err = l, e
	}
	return latents, err
}

// nodes are those of a level that have a squared error.
func (p *probe) nodes(level int) []*reference.Node {
	var list []*reference.Node
	for _, n := range p.net.Nodes {
		if n.Level == level && n.Energy == reference.SquaredError {
			list = append(list, n)
		}
	}
	return list
}

func square(t *reference.Tensor) float64 {
	sum := 0.0
	for _, v := range t.Data {
		sum += v * v
	}
	return sum
}
