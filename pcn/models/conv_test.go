package models_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/models"
)

func parameterCount(net *pcn.Network) int {
	n := 0
	for _, p := range pcn.InitialParameters(net, 0, 1) {
		n += len(p.Data)
	}
	return n
}

func TestVGG(t *testing.T) {
	for name, want := range map[string]struct {
		levels   int
		before   pcn.Shape // the dense layers
		channels []int
	}{
		"vgg5":  {5, pcn.Image(2, 2, 512), []int{128, 256, 512, 512}},
		"vgg7":  {7, pcn.Features(512), []int{128, 128, 256, 256, 512, 512}},
		"vgg9":  {9, pcn.Image(2, 2, 512), []int{64, 128, 128, 256, 256, 512, 512, 512}},
		"vgg10": {10, pcn.Image(2, 2, 512), []int{64, 128, 128, 128, 256, 256, 256, 256, 512}},
		"vgg11": {11, pcn.Image(2, 2, 512), []int{64, 128, 128, 128, 256, 256, 256, 256, 512, 512}},
		"vgg13": {13, pcn.Features(512), []int{128, 128, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512}},
		"vgg15": {15, pcn.Features(512), []int{64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512}},
		"vgg19": {17, pcn.Features(512), []int{64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512, 512, 512, 512}},
	} {
		t.Run(name, func(t *testing.T) {
			net, err := models.Parse(name, kernels.GELU)
			require.NoError(t, err)
			require.Equal(t, want.levels, net.Levels())
			require.True(t, net.Layered())
			require.Equal(t, 10, net.Classes())
			shapes := net.Shapes()
			require.Equal(t, want.before, shapes[len(want.channels)-1])
			for i, c := range want.channels {
				op := net.Nodes[i].Ops[0]
				require.Equal(t, pcn.OpConv2D, op.Kind())
				require.Equal(t, c, op.Out())
				require.True(t, op.HasBias())
				require.Equal(t, kernels.GELU, net.Nodes[i].Ops[1].Activation())
			}
			require.Equal(t, pcn.OpDense, net.Nodes[len(net.Nodes)-1].Ops[len(net.Nodes[len(net.Nodes)-1].Ops)-1].Kind())

			o := models.CIFAR()
			o.BatchNorm, o.Width, o.Classes = true, 0.25, 100
			narrow, err := models.New(name, o)
			require.NoError(t, err)
			require.Equal(t, 100, narrow.Classes())
			require.Equal(t, pcn.OpBatchNorm, narrow.Nodes[0].Ops[1].Kind())
			require.Equal(t, want.channels[0]/4, narrow.Nodes[0].Ops[0].Out())
		})
	}
	net, err := models.Parse("vgg15", kernels.GELU)
	require.NoError(t, err)
	require.Equal(t, pcn.Features(4096), net.Shapes()[13])
	net, err = models.Parse("vgg5", kernels.GELU)
	require.NoError(t, err)
	require.Equal(t, 3*9*128+128+128*9*256+256+256*9*512+512+512*9*512+512+2048*10+10, parameterCount(net))
}

func TestResNet(t *testing.T) {
	for name, levels := range map[string]int{"resnet10": 10, "resnet18": 18} {
		o := models.CIFAR()
		net, err := models.New(name, o)
		require.NoError(t, err)
		require.Equal(t, levels, net.Levels())
		require.True(t, net.Layered())
		require.Equal(t, pcn.Image(4, 4, 512), net.Shapes()[len(net.Nodes)-2])

		o.NoAux, o.LatentRate = true, 0
		bare, err := models.New(name, o)
		require.NoError(t, err)
		require.Equal(t, levels, bare.Levels())
		require.False(t, bare.Layered())
		require.Equal(t, parameterCount(net), parameterCount(bare), "auxiliary nodes have no parameters")

		o.BatchNorm = true
		normal, err := models.New(name, o)
		require.NoError(t, err)
		blocks := (levels - 2) / 2
		require.Equal(t, parameterCount(bare)+4*(64+128+256+512)*blocks/4, parameterCount(normal))
	}
}

func ExampleResNet() {
	o := models.CIFAR()
	o.Width, o.LatentRate = 0.25, 0.5
	net, err := models.ResNet([4]int{2, 1, 0, 0}, o)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, node := range net.Nodes {
		fmt.Println(node.Level, node.Name, node.Sources, node.Ops, node.Weight, net.Shapes()[i])
	}
	// Output:
	// 0 stem [-1] [conv 3x3 16 padding 1 without bias] 1 32x32x16
	// 1 block0.a [0] [gelu conv 3x3 16 padding 1 without bias] 1 32x32x16
	// 1 block0.s1 [0] [] 2 32x32x16
	// 2 block0.c [1] [gelu conv 3x3 16 padding 1 without bias] 1 32x32x16
	// 2 block0.s2 [2] [] 2 32x32x16
	// 3 block1.a [3 4] [gelu conv 3x3 16 padding 1 without bias] 1 32x32x16
	// 3 block1.s1 [3 4] [] 2 32x32x16
	// 4 block1.c [5] [gelu conv 3x3 16 padding 1 without bias] 1 32x32x16
	// 4 block1.s2 [6] [] 2 32x32x16
	// 5 block2.a [7 8] [gelu conv 3x3 32 stride 2 padding 1 without bias] 1 16x16x32
	// 5 block2.s1 [7 8] [conv 1x1 32 stride 2 without bias] 1 16x16x32
	// 6 block2.c [9] [gelu conv 3x3 32 padding 1 without bias] 1 16x16x32
	// 6 block2.s2 [10] [] 2 16x16x32
	// 7 out [11 12] [gelu global average pool dense 10] 1 10
}

// Without auxiliary nodes the sources of identity blocks add up until a
// downsample gathers them.
func TestSourcesAddUpWithoutAuxiliaryNodes(t *testing.T) {
	o := models.CIFAR()
	o.NoAux, o.Width = true, 0.1
	net, err := models.ResNet([4]int{2, 2, 0, 0}, o)
	require.NoError(t, err)
	var got []string
	for _, n := range net.Nodes {
		got = append(got, fmt.Sprint(n.Name, n.Level, n.Sources, n.Weight))
	}
	require.Equal(t, []string{
		"stem0 [-1] 1", "block0.a1 [0] 1", "block0.c2 [1] 1", "block1.a3 [2 0] 1", "block1.c4 [3] 1",
		"block2.a5 [4 2 0] 1", "block2.c6 [5] 1", "block2.s6 [4 2 0] 1", "block3.a7 [6 7] 1", "block3.c8 [8] 1", "out9 [9 6 7] 1",
	}, got)
	require.Equal(t, 6, net.Nodes[0].Ops[0].Out(), "round(6.4)")
}

func TestOptionsSayWhatIsWrong(t *testing.T) {
	for want, change := range map[string]func(*models.Options){
		"the width -1 is not":               func(o *models.Options) { o.Width = -1 },
		"at least one class, not 0":         func(o *models.Options) { o.Classes = 0 },
		"the latent rate 0 is not positive": func(o *models.Options) { o.LatentRate = 0 },
		"resnet10 for images of 32x32x0":    func(o *models.Options) { o.Input = pcn.Image(32, 32, 0) },
		"unknown activation":                func(o *models.Options) { o.Activation = 99 },
	} {
		o := models.CIFAR()
		change(&o)
		_, err := models.New("resnet10", o)
		require.ErrorContains(t, err, want)
	}
	small := models.CIFAR()
	small.Input = pcn.Image(8, 8, 3)
	_, err := models.New("vgg9", small)
	require.ErrorContains(t, err, "vgg9 for images of 8x8x3")
	require.ErrorContains(t, err, "smaller than a window")
	for layers, want := range map[string]string{
		"M 128":   `the layer "M" is not one`,
		"128 M M": `the layer "M" is not one`,
		"x":       `the layer "x" is not one`,
		"0":       `the layer "0" is not one`,
		"D8 4":    `the layer "4" comes after a dense one`,
	} {
		_, err := models.VGG(layers, models.CIFAR())
		require.ErrorContains(t, err, want)
	}
	tiny := models.CIFAR()
	tiny.Width = 0.001
	net, err := models.New("vgg5", tiny)
	require.NoError(t, err)
	require.Equal(t, 1, net.Nodes[0].Ops[0].Out())
}
