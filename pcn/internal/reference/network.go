package reference

import (
	"errors"
	"fmt"
	"slices"
)

// Input is the source name of the clamped input x, which is no node.
const Input = "x"

// A Role says what a node is for. It does not change what is computed, except
// that the output node is clamped.
type Role string

const (
	// Main is a node on the main path.
	Main Role = "main"

	// Skip is an auxiliary node or a downsample on a skip connection.
	Skip Role = "skip"

	// Output is the last node, clamped while training.
	Output Role = "output"
)

// A Node is a latent with its prediction function f_i and its energy.
type Node struct {
	Name string

	// Shape is that of the latent, without the batch.
	Shape []int

	// Level is 0..N-1. It selects the row of the precision schedule and decides
	// when the wavefront reaches the node.
	Level int

	Role Role

	// Sources are the nodes whose latents are summed, in this order, to form
	// the input of Ops.
	Sources []string

	// Ops are f_i, applied in order; none is the identity.
	Ops []Op

	Energy Energy

	// Weight is a constant factor of the energy during relaxation.
	Weight float64
}

// A Network is a list of nodes in topological order, the output last.
type Network struct {
	InputShape []int

	// Levels is N.
	Levels int

	Nodes []*Node
}

// Validate checks that the network is well formed, that shapes follow from
// each other and that it uses exactly the given parameters and statistics.
// Nothing panics on a network that passed.
func (n *Network) Validate(params, stats Tensors) error {
	if len(n.Nodes) == 0 {
		return errors.New("network has no nodes")
	}
	if len(n.InputShape) == 0 || slices.Min(n.InputShape) < 1 {
		return fmt.Errorf("input shape %v is empty", n.InputShape)
	}
	s := &symbols{params: params, stats: stats, used: map[string]bool{}}
	shapes := map[string][]int{Input: n.InputShape}
	for i, node := range n.Nodes {
		if err := n.validateNode(node, i == len(n.Nodes)-1, shapes, s); err != nil {
			return fmt.Errorf("node %q: %w", node.Name, err)
		}
		shapes[node.Name] = node.Shape
	}
	for _, names := range [][]string{params.Names(), stats.Names()} {
		for _, name := range names {
			if !s.used[name] {
				return fmt.Errorf("no op uses %q", name)
			}
		}
	}
	return nil
}

func (n *Network) validateNode(node *Node, last bool, shapes map[string][]int, s *symbols) error {
	if shapes[node.Name] != nil {
		return errors.New("the name is taken")
	}
	if node.Level < 0 || node.Level >= n.Levels {
		return fmt.Errorf("level %d is outside 0..%d", node.Level, n.Levels-1)
	}
	if (node.Role == Output) != last {
		return errors.New("the output node, and no other, must be last")
	}
	if last && node.Level != n.Levels-1 {
		return fmt.Errorf("the output must have the highest level, %d", n.Levels-1)
	}
	switch {
	case node.Role != Main && node.Role != Skip && node.Role != Output:
		return fmt.Errorf("unknown role %q", node.Role)
	case node.Energy != SquaredError && node.Energy != CrossEntropy:
		return fmt.Errorf("unknown energy %q", node.Energy)
	case node.Energy == CrossEntropy && (!last || len(node.Shape) != 1):
		return errors.New("only an output vector can have the cross-entropy energy")
	case len(node.Sources) == 0:
		return errors.New("a node needs a source")
	}
	shape := shapes[node.Sources[0]]
	for _, source := range node.Sources {
		if shapes[source] == nil {
			return fmt.Errorf("source %q does not come before it", source)
		}
		if !slices.Equal(shapes[source], shape) {
			return fmt.Errorf("sources have different shapes, %v and %v", shape, shapes[source])
		}
	}
	for k, op := range node.Ops {
		var err error
		if shape, err = op.shape(shape, s); err != nil {
			return fmt.Errorf("op %d: %w", k, err)
		}
	}
	if !slices.Equal(shape, node.Shape) {
		return fmt.Errorf("ops give shape %v, the node has %v", shape, node.Shape)
	}
	return nil
}

// Output returns the output node.
func (n *Network) Output() *Node { return n.Nodes[len(n.Nodes)-1] }

// Layered reports whether every source other than x lies exactly one level
// below its node. Then, and only then, the levels below the wavefront have
// zero error and may be left out.
func (n *Network) Layered() bool {
	level := map[string]int{}
	for _, node := range n.Nodes {
		for _, source := range node.Sources {
			if source != Input && level[source] != node.Level-1 {
				return false
			}
		}
		level[node.Name] = node.Level
	}
	return true
}

// HasBatchNorm reports whether any node has a BatchNorm op.
func (n *Network) HasBatchNorm() bool {
	for _, node := range n.Nodes {
		for _, op := range node.Ops {
			if _, ok := op.(BatchNorm); ok {
				return true
			}
		}
	}
	return false
}

// predict returns u_i = f_i(sum of h over the sources of i) and the pullback
// to that sum.
func (n *Network) predict(node *Node, x *Tensor, h Tensors, p *pass) (u *Tensor, back pullback) {
	var sum *Tensor
	for _, source := range node.Sources {
		v := x
		if source != Input {
			v = h[source]
		}
		if sum == nil {
			sum = v.Clone()
		} else {
			sum.add(1, v)
		}
	}
	return compose(node.Ops, sum, p)
}

// forward evaluates the network in topological order, h_i = u_i.
func (n *Network) forward(x *Tensor, p *pass) Tensors {
	h := Tensors{}
	for _, node := range n.Nodes {
		h[node.Name], _ = n.predict(node, x, h, p)
	}
	return h
}
