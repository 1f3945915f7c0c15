package pcn

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// A Network is a list of nodes in topological order, the output last. Make one
// with a [Builder] or with package models; it is not changed afterwards.
type Network struct {
	// Input is the shape of a sample of x.
	Input Shape

	Nodes []Node
}

// Validate says what is wrong with a network, in words that name the node. A
// valid network has at least one node; sources come before their node, have
// equal shapes and are listed once; every node leads to the output, which is
// last and alone on the highest level; levels grow along every edge.
func (n *Network) Validate() error {
	if len(n.Nodes) == 0 {
		return errors.New("pcn: the network has no nodes")
	}
	if !n.Input.valid() {
		return fmt.Errorf("pcn: the input shape %dx%dx%d is not positive, or too large", n.Input.Height, n.Input.Width, n.Input.Channels)
	}
	names := map[string]bool{}
	used := make([]bool, len(n.Nodes))
	shapes := make([]Shape, len(n.Nodes))
	for i := range n.Nodes {
		node := &n.Nodes[i]
		if node.Name == "" || names[node.Name] {
			return fmt.Errorf("pcn: node %d: the name %q is empty or taken", i, node.Name)
		}
		names[node.Name] = true
		var err error
		if shapes[i], err = n.validateNode(i, shapes); err != nil {
			return fmt.Errorf("pcn: node %q: %w", node.Name, err)
		}
		for _, s := range node.Sources {
			if s != Input {
				used[s] = true
			}
		}
	}
	for i, u := range used[:len(used)-1] {
		if !u {
			return fmt.Errorf("pcn: node %q: no other node has it as a source, so nothing reaches it", n.Nodes[i].Name)
		}
	}
	return nil
}

func (n *Network) validateNode(i int, shapes []Shape) (Shape, error) {
	node, last := &n.Nodes[i], i == len(n.Nodes)-1
	switch {
	case node.Role > Output:
		return Shape{}, fmt.Errorf("unknown role %v", node.Role)
	case (node.Role == Output) != last:
		return Shape{}, errors.New("the output, and no other node, must be last")
	case !(node.Weight > 0) || math.IsInf(float64(node.Weight), 0):
		return Shape{}, fmt.Errorf("the weight %v is not a positive number", node.Weight)
	case node.Level < 0:
		return Shape{}, fmt.Errorf("the level %d is negative", node.Level)
	case len(node.Sources) == 0:
		return Shape{}, errors.New("there is no source; use Input for x")
	}
	if last {
		for j := range n.Nodes[:i] {
			if n.Nodes[j].Level >= node.Level {
				return Shape{}, fmt.Errorf("the output's level %d must be the highest, but node %q has %d",
					node.Level, n.Nodes[j].Name, n.Nodes[j].Level)
			}
		}
	}
	shape, err := n.sourceShape(i, shapes)
	if err != nil {
		return Shape{}, err
	}
	if shape, err = shapeThrough(node.Ops, shape); err != nil {
		return Shape{}, err
	}
	if last && !shape.IsVector() {
		return Shape{}, fmt.Errorf("the output must be a vector, not %v", shape)
	}
	return shape, nil
}

// sourceShape returns the shape that all sources of node i have.
func (n *Network) sourceShape(i int, shapes []Shape) (Shape, error) {
	node := &n.Nodes[i]
	var first Shape
	for k, s := range node.Sources {
		shape := n.Input
		switch {
		case s == Input:
		case s < 0 || s >= i:
			return Shape{}, fmt.Errorf("source %d does not come before it", s)
		case n.Nodes[s].Level >= node.Level:
			return Shape{}, fmt.Errorf("source %q has level %d, which is not below %d",
				n.Nodes[s].Name, n.Nodes[s].Level, node.Level)
		default:
			shape = shapes[s]
		}
		if slices.Contains(node.Sources[:k], s) {
			return Shape{}, fmt.Errorf("source %d is listed twice", s)
		}
		if k == 0 {
			first = shape
		} else if shape != first {
			return Shape{}, fmt.Errorf("sources have different shapes, %v and %v", first, shape)
		}
	}
	return first, nil
}

// Levels returns N, the number of levels.
func (n *Network) Levels() int {
	top := 0
	for i := range n.Nodes {
		top = max(top, n.Nodes[i].Level)
	}
	return top + 1
}

// Layered reports whether every source but x lies exactly one level below its
// node. Then the error moves down one level a step, and levels below this
// wavefront take no part in a relaxation step; in any other network all do.
func (n *Network) Layered() bool {
	for i := range n.Nodes {
		for _, s := range n.Nodes[i].Sources {
			if s != Input && n.Nodes[s].Level != n.Nodes[i].Level-1 {
				return false
			}
		}
	}
	return true
}

// Shapes returns the shape of every node's latent. The network must be valid.
func (n *Network) Shapes() []Shape {
	shapes := make([]Shape, len(n.Nodes))
	for i := range n.Nodes {
		shape := n.inputShape(i, shapes)
		for _, op := range n.Nodes[i].Ops {
			shape, _ = op.shape(shape)
		}
		shapes[i] = shape
	}
	return shapes
}

// inputShape is the shape of the input of node i's ops.
func (n *Network) inputShape(i int, shapes []Shape) Shape {
	if s := n.Nodes[i].Sources[0]; s != Input {
		return shapes[s]
	}
	return n.Input
}

// Classes returns the number of values of the output.
func (n *Network) Classes() int { return n.Shapes()[len(n.Nodes)-1].Len() }

// normalised reports whether any node has a batch normalisation.
func (n *Network) normalised() bool {
	for i := range n.Nodes {
		for _, op := range n.Nodes[i].Ops {
			if op.kind == OpBatchNorm {
				return true
			}
		}
	}
	return false
}

// children returns, for every node, the nodes it is a source of, ascending.
func (n *Network) children() [][]int {
	list := make([][]int, len(n.Nodes))
	for i := range n.Nodes {
		for _, s := range n.Nodes[i].Sources {
			if s != Input {
				list[s] = append(list[s], i)
			}
		}
	}
	return list
}
