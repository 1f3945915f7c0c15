package pcn

import "fmt"

// Input stands for the clamped input x in [Node.Sources].
const Input = -1

// A Role says what a node is for. It does not change what is computed, except
// that the output is clamped while training.
type Role uint8

const (
	Main   Role = iota // on the main path
	Skip               // auxiliary, on a skip connection
	Output             // the last node
)

// String returns "main", "skip" or "output".
func (r Role) String() string {
	switch r {
	case Main:
		return "main"
	case Skip:
		return "skip"
	case Output:
		return "output"
	}
	return fmt.Sprintf("Role(%d)", uint8(r))
}

// A Node is a latent h with its prediction u = f(sum of its sources' h) and its
// error h - u.
type Node struct {
	// Name is unique in the network; parameters are named after it.
	Name string

	// Level, 0 to N-1, selects the node's row of the precision schedule and
	// decides when the wavefront reaches it.
	Level int

	Role Role

	// Sources are the indices of earlier nodes, or Input. Their latents are
	// summed, in this order, to form the input of Ops.
	Sources []int

	// Ops are f, applied in order. None is the identity, as auxiliary nodes on
	// a skip connection have it.
	Ops []Op

	// Weight is a constant factor of the node's energy while relaxing, 1
	// unless there is a reason.
	Weight float32
}

// hasNodeSource reports whether anything but x feeds the node, so that it has
// feedback to give.
func (n *Node) hasNodeSource() bool {
	for _, s := range n.Sources {
		if s != Input {
			return true
		}
	}
	return false
}
