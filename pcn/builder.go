package pcn

// A Builder puts a network together node by node.
//
//	b := pcn.NewBuilder(pcn.Features(784))
//	h := b.Node("h", []int{pcn.Input}, pcn.Dense(128, true), pcn.Activate(kernels.GELU))
//	b.Node("out", []int{h}, pcn.Dense(10, true))
//	net, err := b.Build()
type Builder struct{ net Network }

// NewBuilder starts a network whose input x has the given shape.
func NewBuilder(input Shape) *Builder { return &Builder{Network{Input: input}} }

// Node adds a node of weight 1 on the main path, one level above the highest
// of its sources, and returns its index.
func (b *Builder) Node(name string, sources []int, ops ...Op) int {
	return b.Add(Node{Name: name, Level: b.levelAbove(sources), Sources: sources, Ops: ops, Weight: 1})
}

// Skip adds a node of weight 1 on a skip connection, one level above the
// highest of its sources, and returns its index. Without ops it hands its
// source on as it is, one level later.
func (b *Builder) Skip(name string, sources []int, ops ...Op) int {
	return b.Add(Node{Name: name, Level: b.levelAbove(sources), Role: Skip, Sources: sources, Ops: ops, Weight: 1})
}

// Add adds a node as it is, except that a weight of 0 becomes 1, and returns
// its index.
func (b *Builder) Add(n Node) int {
	if n.Weight == 0 {
		n.Weight = 1
	}
	b.net.Nodes = append(b.net.Nodes, n)
	return len(b.net.Nodes) - 1
}

// Build makes the last node the output and validates the network: errors are those
// of [Network.Validate].
func (b *Builder) Build() (*Network, error) {
	net := Network{Input: b.net.Input, Nodes: append([]Node(nil), b.net.Nodes...)}
	if len(net.Nodes) > 0 {
		net.Nodes[len(net.Nodes)-1].Role = Output
	}
	if err := net.Validate(); err != nil {
		return nil, err
	}
	return &net, nil
}

func (b *Builder) levelAbove(sources []int) int {
	level := 0
	for _, s := range sources {
		if s >= 0 && s < len(b.net.Nodes) {
			level = max(level, b.net.Nodes[s].Level+1)
		}
	}
	return level
}
