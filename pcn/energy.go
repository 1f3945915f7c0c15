package pcn

// energies are the energies of a relaxed state, by node and sample.
type energies struct {
	rows    [][]float32
	levels  []float64
	samples int
}

func newEnergies(net *Network, batch int) energies {
	e := energies{rows: make([][]float32, len(net.Nodes)), levels: make([]float64, net.Levels())}
	for i := range e.rows {
		e.rows[i] = make([]float32, batch)
	}
	return e
}

// WatchEnergies makes the following steps measure the energies of the relaxed
// state, or no longer do so. Measuring takes a pass of its own over the network
// and changes nothing else. Backpropagation has no energies.
func (t *Trainer) WatchEnergies(on bool) { t.watching = on && t.cfg.Rule != BP }

// Energies returns the energy of each level, 0 to N-1, in the relaxed state of
// the last watched step, zeros if there was none: the sum of the energies of its
// nodes over the batch, without precision and node weight. It is taken before the weights move, and
// with incremental updates at the end of the batch.
func (t *Trainer) Energies() []float64 {
	clear(t.energies.levels)
	for i, rows := range t.energies.rows {
		for _, e := range rows[:t.energies.samples] {
			t.energies.levels[t.nodes[i].Level] += float64(e)
		}
	}
	return append([]float64(nil), t.energies.levels...)
}

// measure computes the energies of the lane's rows. It overwrites errors, which
// must have been used or come again.
func (l *lane) measure() {
	l.errors(l.t.plan.settled)
	for k := range l.t.plan.settled {
		p := &l.t.plan.settled[k]
		n := &l.t.nodes[p.node]
		rows := l.t.energies.rows[p.node]
		for i := l.lo; i < l.hi; i++ {
			rows[i] = l.energy(n, p, i)
		}
	}
}

// energy is that of a node in sample i, whose error was computed by p with the
// coefficient 1.
func (l *lane) energy(n *nodeState, p *errorPlan, i int) float32 {
	switch {
	case n.u.Data == nil:
		e := n.e.Row(i)
		return 0.5 * l.k.Dot(e, e)
	case p.reuse:
		return l.k.CrossEntropy(n.h0.RowRange(i, i+1), n.h.RowRange(i, i+1))
	}
	return l.k.CrossEntropy(n.u.RowRange(i, i+1), n.h.RowRange(i, i+1))
}
