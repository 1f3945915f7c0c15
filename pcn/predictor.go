package pcn

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gopcn/gopcn/kernels"
)

// A Predictor is a network that only predicts. It never changes, so any number
// of goroutines may use it at the same time, each with a [Workspace] of its own.
// What it predicts are the bits that [Trainer.Evaluate] judges: running
// statistics normalise.
type Predictor struct {
	net   *Network
	loss  Loss
	k     *kernels.Handle
	nodes []nodeState // with packed weights and without rows
	norms []*norm
}

// NewPredictor packs the weights of a network that was trained with a loss, for
// an instruction tier, nil being the best one. It does not keep the weights. An
// invalid network, an unknown loss and weights whose names or shapes are not those
// of the network are errors.
func NewPredictor(net *Network, w Weights, loss Loss, k *kernels.Handle) (*Predictor, error) {
	if err := net.Validate(); err != nil {
		return nil, err
	}
	if loss > CrossEntropy {
		return nil, fmt.Errorf("pcn: unknown loss %v: use SquaredError or CrossEntropy", loss)
	}
	if k == nil {
		k = kernels.Default()
	}
	want := InitialWeights(net, 0, 1)
	if err := errors.Join(fits("parameter", w.Parameters, want.Parameters), fits("statistic", w.Statistics.Tensors, want.Statistics.Tensors)); err != nil {
		return nil, err
	}
	p := &Predictor{net: net, loss: loss, k: k}
	p.nodes, p.norms = newNodes(net, k, newParams(net, w.Parameters))
	for i := range p.nodes {
		for s := range p.nodes[i].stages {
			if d := p.nodes[i].stages[s].layer; d != nil {
				d.forward = newPack(k, d.conv, kernels.NT, d.w.value)
				d.w.value, d.forward.source = kernels.Matrix{}, kernels.Matrix{} // no longer needed
			}
		}
	}
	for i, m := range p.norms {
		copy(m.mean, w.Statistics.Tensors[2*i].Data)
		copy(m.variance, w.Statistics.Tensors[2*i+1].Data)
	}
	return p, nil
}

// Predictor returns a predictor of the trainer's weights as they are now. It
// stays what it is when training goes on, and after Close.
func (t *Trainer) Predictor() *Predictor {
	p, err := NewPredictor(t.net, t.Weights(), t.cfg.Loss, t.cfg.Kernels)
	if err != nil {
		panic(err) // a trainer's weights fit its network
	}
	return p
}

// Network returns the network, which must not be changed.
func (p *Predictor) Network() *Network { return p.net }

// A Workspace is the memory in which a [Predictor] works for one goroutine at a
// time.
type Workspace struct {
	of    *Predictor
	nodes []nodeState
	lane  lane
}

// NewWorkspace makes a workspace in which so many samples go through the network
// at once: one is enough for single images, more than a hundred gain nothing.
// Memory grows with their number, which must be positive: otherwise it panics.
func (p *Predictor) NewWorkspace(batch int) *Workspace {
	if batch < 1 {
		panic("pcn: NewWorkspace: at least one sample must go through at once")
	}
	ws := &Workspace{of: p, nodes: slices.Clone(p.nodes)}
	for i := range ws.nodes {
		ws.nodes[i].hold(batch, ws.nodes[:i])
	}
	ws.lane = newLane(p.k, kernels.NewMatrix(batch, p.net.Input.Len()), ws.nodes, p.norms)
	ws.lane.evaluating = true
	return ws
}

// Predict writes the outputs u of the forward pass for each row of x to the rows
// of dst, without allocating. Rows have the order height, width, channels. It
// panics if the shapes do not fit, or if the workspace is of another predictor.
func (p *Predictor) Predict(ws *Workspace, dst, x kernels.Matrix) {
	out := &ws.nodes[len(ws.nodes)-1]
	l := &ws.lane
	if ws.of != p {
		panic("pcn: Predict: the workspace is of another predictor")
	}
	if x.Cols != l.x.Cols || dst.Rows != x.Rows || dst.Cols != out.width {
		panic(fmt.Sprintf("pcn: Predict: x is %dx%d and dst %dx%d; want nx%d and nx%d",
			x.Rows, x.Cols, dst.Rows, dst.Cols, l.x.Cols, out.width))
	}
	for lo := 0; lo < x.Rows; lo += l.x.Rows {
		l.lo, l.hi = 0, min(l.x.Rows, x.Rows-lo)
		for i := range l.hi {
			copy(l.x.Row(i), x.Row(lo+i))
		}
		l.forward(false)
		for i := range l.hi {
			copy(dst.Row(lo+i), out.h0.Row(i))
		}
	}
}

// Probabilities writes how probable each class is, for each row of x, as Predict
// does its outputs. With cross-entropy that is softmax(u). Outputs that were
// trained with the squared error estimate probabilities themselves, but are not
// held to be any: negative ones count as 0, and the others are divided by their
// sum. It panics and allocates as Predict does.
func (p *Predictor) Probabilities(ws *Workspace, dst, x kernels.Matrix) {
	p.Predict(ws, dst, x)
	if p.loss == CrossEntropy {
		p.k.Softmax(dst, dst)
		return
	}
	for i := range dst.Rows {
		shareOut(dst.Row(i))
	}
}

// shareOut makes probabilities of estimates. Without a positive one all are
// equal.
func shareOut(u []float32) {
	var sum float32
	for c, v := range u {
		u[c] = max(v, 0)
		sum += u[c]
	}
	for c := range u {
		if sum > 0 {
			u[c] /= sum
		} else {
			u[c] = 1 / float32(len(u))
		}
	}
}
