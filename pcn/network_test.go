package pcn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

func TestValidateSaysWhatIsWrong(t *testing.T) {
	valid := func() *Network {
		return &Network{Input: Features(3), Nodes: []Node{
			{Name: "a", Sources: []int{Input}, Ops: []Op{Dense(4, true), Activate(kernels.Tanh)}, Weight: 1},
			{Name: "b", Level: 1, Sources: []int{0}, Ops: []Op{Dense(4, true)}, Weight: 2},
			{Name: "c", Level: 2, Role: Output, Sources: []int{1, 0}, Ops: []Op{Dense(2, true)}, Weight: 1},
		}}
	}
	require.NoError(t, valid().Validate())
	for want, change := range map[string]func(*Network){
		"input shape 1x1x0":                           func(n *Network) { n.Input = Features(0) },
		`node 1: the name "" is empty or taken`:       func(n *Network) { n.Nodes[1].Name = "" },
		`node 1: the name "a" is empty or taken`:      func(n *Network) { n.Nodes[1].Name = "a" },
		`"b": unknown role Role(5)`:                   func(n *Network) { n.Nodes[1].Role = 5 },
		`"b": the output, and no other node, must be`: func(n *Network) { n.Nodes[1].Role = Output },
		`"c": the output, and no other node, must be`: func(n *Network) { n.Nodes[2].Role = Main },
		`"b": the weight 0 is not`:                    func(n *Network) { n.Nodes[1].Weight = 0 },
		`"b": the level -1 is negative`:               func(n *Network) { n.Nodes[1].Level = -1 },
		`"b": there is no source`:                     func(n *Network) { n.Nodes[1].Sources = nil },
		`"b": source 1 does not come before`:          func(n *Network) { n.Nodes[1].Sources = []int{1} },
		`"b": source -2 does not come before`:         func(n *Network) { n.Nodes[1].Sources = []int{-2} },
		`"c": source 1 is listed twice`:               func(n *Network) { n.Nodes[2].Sources = []int{1, 1} },
		`"c": sources have different shapes, 4 and 5`: func(n *Network) { n.Nodes[2].Sources = []int{0, 1}; n.Nodes[1].Ops = []Op{Dense(5, true)} },
		`"b": source "a" has level 1, which is not`:   func(n *Network) { n.Nodes[0].Level = 1 },
		`the output's level 1 must be the highest`:    func(n *Network) { n.Nodes[2].Level = 1; n.Nodes[2].Sources = []int{0} },
		`node "b": no other node has it as a source`:  func(n *Network) { n.Nodes[2].Sources = []int{0} },
		`"a": op 0: dense: 0 outputs`:                 func(n *Network) { n.Nodes[0].Ops[0] = Dense(0, true) },
		`"a": op 0: dense: the input is an image`:     func(n *Network) { n.Input = Image(2, 2, 3) },
		`"a": op 1: activate: unknown activation`:     func(n *Network) { n.Nodes[0].Ops[1] = Activate(99) },
	} {
		n := valid()
		change(n)
		require.ErrorContains(t, n.Validate(), want)
	}
	image := &Network{Input: Image(2, 2, 1), Nodes: []Node{{Name: "a", Role: Output, Sources: []int{Input}, Weight: 1}}}
	require.ErrorContains(t, image.Validate(), "the output must be a vector, not 2x2x1")
}

// What is wrong with images is said with their sizes.
func TestValidateSaysWhatIsWrongWithImages(t *testing.T) {
	for want, ops := range map[string][]Op{
		"op 0: convolution: 0 output channels":                                                {Conv2D(0, 3, 1, 1, true)},
		"op 0: convolution: kernel size 0 and stride 1":                                       {Conv2D(4, 0, 1, 1, true)},
		"kernel size 3 and stride 0":                                                          {Conv2D(4, 3, 0, 1, true)},
		"and padding -1":                                                                      {Conv2D(4, 3, 1, -1, true)},
		"the kernel of 7x7 is larger than the input of 6x5 pixels":                            {Conv2D(4, 7, 1, 0, true)},
		"op 2: max-pool: the input (2x1 pixels) is smaller than a window":                     {MaxPool2x2(), Conv2D(4, 2, 1, 0, true), MaxPool2x2(), MaxPool2x2()},
		"op 1: dense: the input is an image (3x2x2); it must be a vector, put Flatten before": {MaxPool2x2(), Dense(3, true)},
		"op 1: between Flatten and its dense layer there may be only activations":             {Flatten(), BatchNorm(), Dense(3, true)},
		"a dense layer must follow Flatten in the same node":                                  {Flatten(), Activate(kernels.Tanh)},
		"the output must be a vector, not 3x2x2":                                              {MaxPool2x2()},
	} {
		net := &Network{Input: Image(6, 5, 2), Nodes: []Node{{Name: "a", Role: Output, Sources: []int{Input}, Ops: ops, Weight: 1}}}
		require.ErrorContains(t, net.Validate(), want)
	}
	for _, ops := range [][]Op{
		{Flatten(), Activate(kernels.Tanh), Dense(3, true), BatchNorm()},
		{GlobalAvgPool(), Flatten(), BatchNorm()}, // a vector already
		{Conv2D(3, 5, 1, 0, true), GlobalAvgPool()},
	} {
		net := &Network{Input: Image(6, 5, 2), Nodes: []Node{{Name: "a", Role: Output, Sources: []int{Input}, Ops: ops, Weight: 1}}}
		require.NoError(t, net.Validate())
	}
	require.ErrorContains(t, (&Network{Input: Image(1<<21, 1, 1), Nodes: make([]Node, 1)}).Validate(), "or too large")
}

func TestLevels(t *testing.T) {
	for name, want := range map[string]struct {
		levels  int
		layered bool
	}{
		"chain": {4, true}, "deep": {7, true}, "residual": {6, true}, "unlayered": {6, false}, "mixed": {5, true},
	} {
		net := testNetworks()[name]
		require.Equal(t, want.levels, net.Levels(), name)
		require.Equal(t, want.layered, net.Layered(), name)
	}
}

func TestBuilder(t *testing.T) {
	_, err := NewBuilder(Features(3)).Build()
	require.ErrorContains(t, err, "no nodes")

	b := NewBuilder(Features(3))
	h := b.Node("h", []int{Input}, Dense(4, true), Activate(kernels.ReLU))
	s := b.Skip("s", []int{h})
	b.Node("out", []int{s}, Dense(2, false))
	net, err := b.Build()
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2}, []int{net.Nodes[0].Level, net.Nodes[1].Level, net.Nodes[2].Level})
	require.Equal(t, []Role{Main, Skip, Output}, []Role{net.Nodes[0].Role, net.Nodes[1].Role, net.Nodes[2].Role})
	require.Equal(t, []Shape{Features(4), Features(4), Features(2)}, net.Shapes())
	require.Equal(t, 2, net.Classes())
	require.Equal(t, float32(1), net.Nodes[0].Weight)
	op := net.Nodes[0].Ops[1]
	require.Equal(t, OpActivate, op.Kind())
	require.Equal(t, kernels.ReLU, op.Activation())
	require.Equal(t, 4, net.Nodes[0].Ops[0].Out())

	// Building does not end building.
	b.Node("more", []int{2}, Dense(2, true))
	more, err := b.Build()
	require.NoError(t, err)
	require.Len(t, more.Nodes, 4)
	require.Equal(t, Output, net.Nodes[2].Role)
}
