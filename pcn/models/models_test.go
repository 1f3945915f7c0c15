package models_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/models"
)

func TestMLP(t *testing.T) {
	net, err := models.Parse("mlp:784-128-64-10", kernels.GELU)
	require.NoError(t, err)
	require.Equal(t, 3, net.Levels())
	require.True(t, net.Layered())
	require.Equal(t, pcn.Features(784), net.Input)
	require.Equal(t, []pcn.Shape{pcn.Features(128), pcn.Features(64), pcn.Features(10)}, net.Shapes())
	for i, node := range net.Nodes {
		require.Equal(t, i, node.Level)
		require.Equal(t, i == 2, node.Role == pcn.Output)
		require.True(t, node.Ops[0].HasBias())
		if i < 2 {
			require.Len(t, node.Ops, 2)
			require.Equal(t, kernels.GELU, node.Ops[1].Activation())
		} else {
			require.Len(t, node.Ops, 1, "the last layer is linear")
		}
	}

	repeated, err := models.Parse("mlp:5-4x3-2", kernels.Tanh)
	require.NoError(t, err)
	written, err := models.Parse("mlp:5-4-4-4-2", kernels.Tanh)
	require.NoError(t, err)
	require.Equal(t, written, repeated)

	single, err := models.Parse("mlp:5-2", kernels.Tanh)
	require.NoError(t, err)
	require.Equal(t, 1, single.Levels())
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for description, want := range map[string]string{
		"":              `unknown model "": use mlp:IN-HIDDEN-...-OUT, such as mlp:784-128-128-10, or one of vgg5, vgg7, vgg9, vgg10, vgg11, vgg13, vgg15, vgg19, resnet10, resnet18`,
		"mlp":           `unknown model "mlp": use`,
		"vgg99:3":       `unknown model "vgg99:3"`,
		"mlp:":          `the width "" is not`,
		"mlp:784":       "at least an input and an output width",
		"mlp:784--10":   `the width "" is not`,
		"mlp:784-0-10":  `the width "0" is not`,
		"mlp:784-x-10":  `the width "x" is not`,
		"mlp:784-1e3-1": `the width "1e3" is not`,
		"mlp:784-9x0-1": `the width "9x0" is not`,
		"mlp:784-x3-1":  `the width "x3" is not`,
		"mlp:9x99999-1": `makes more than 10000 layers`,
	} {
		_, err := models.Parse(description, kernels.Tanh)
		require.ErrorContains(t, err, want)
	}
	_, err := models.MLP([]int{3}, kernels.Tanh)
	require.ErrorContains(t, err, "at least two widths")
	_, err = models.MLP([]int{3, -1}, kernels.Tanh)
	require.ErrorContains(t, err, "no layer of width -1")
	_, err = models.MLP([]int{3, 2, 1}, kernels.Activation(99))
	require.ErrorContains(t, err, "unknown activation")
}

func ExampleParse() {
	net, err := models.Parse("mlp:784-128-128-10", kernels.Tanh)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, node := range net.Nodes {
		fmt.Println(node.Level, node.Name, node.Ops, net.Shapes()[i])
	}
	// Output:
	// 0 n0 [dense 128 tanh] 128
	// 1 n1 [dense 128 tanh] 128
	// 2 out [dense 10] 10
}
