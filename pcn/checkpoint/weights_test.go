package checkpoint

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/pcn"
	"github.com/gopcn/gopcn/pcn/data"
	"github.com/gopcn/gopcn/pcn/safetensors"
)

// foreign writes a file as another program would: no metadata, another order.
func foreign(t *testing.T, path string, change func(list []safetensors.Tensor) []safetensors.Tensor) {
	f, err := load(path)
	require.NoError(t, err)
	for i, j := 0, len(f.Tensors)-1; i < j; i, j = i+1, j-1 {
		f.Tensors[i], f.Tensors[j] = f.Tensors[j], f.Tensors[i]
	}
	other := &safetensors.File{Tensors: change(f.Tensors)}
	require.NoError(t, WriteFile(path, func(w io.Writer) error { return safetensors.Write(w, other) }))
}

func TestWeights(t *testing.T) {
	net := network(t, kernels.Tanh)
	tr := trainer(t, net, nil)
	dir := t.TempDir()
	a, b, whole := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "whole")
	same := func(path string) {
		got, err := LoadWeights(path, net)
		require.NoError(t, err)
		require.Equal(t, tr.Weights(), got)
	}
	require.NoError(t, SaveWeights(a, tr.Weights()))
	same(a)

	train, _ := data.GlyphsN(0, 20, 0)
	tr.Step(train)
	require.NoError(t, SaveWeights(a, tr.Weights()))
	same(a)
	require.NoError(t, SaveWeights(b, tr.Weights()))
	first, err := os.ReadFile(a)
	require.NoError(t, err)
	second, err := os.ReadFile(b)
	require.NoError(t, err)
	require.Equal(t, first, second, "equal weights are equal bytes")

	require.NoError(t, Capture(tr, pcn.Progress{}).Save(whole))
	same(whole)
	foreign(t, a, func(list []safetensors.Tensor) []safetensors.Tensor {
		return append(list, safetensors.Tensor{Name: "h.norm.num_batches_tracked", Data: []float32{1}})
	})
	same(a)
}

func TestNamesAndShapes(t *testing.T) {
	tr := trainer(t, network(t, kernels.Tanh), nil)
	path := filepath.Join(t.TempDir(), "c")
	require.NoError(t, Capture(tr, pcn.Progress{}).Save(path))
	f, err := load(path)
	require.NoError(t, err)
	require.Equal(t, "pt", f.Metadata["format"])
	shapes := map[string][]int{}
	for _, tensor := range f.Tensors {
		shapes[tensor.Name] = tensor.Shape
	}
	want := map[string][]int{
		"h.weight": {3, 1, 5, 5}, "h.bias": {3}, "h.norm.weight": {3}, "h.norm.bias": {3},
		"k.0.weight": {4, 75}, "k.1.weight": {5, 4}, "k.1.bias": {5}, "out.weight": {10, 5}, "out.bias": {10},
	}
	for name, shape := range maps.Clone(want) {
		want["optimizer.exp_avg."+name], want["optimizer.exp_avg_sq."+name] = shape, shape
	}
	want["h.norm.running_mean"], want["h.norm.running_var"] = []int{3}, []int{3}
	require.Equal(t, want, shapes)
}

func TestLoadWeightsRefuses(t *testing.T) {
	net := network(t, kernels.Tanh)
	tr := trainer(t, net, nil)
	path := filepath.Join(t.TempDir(), "w")
	for want, change := range map[string]func(list []safetensors.Tensor) []safetensors.Tensor{
		`it has no "out.bias", of the shape [10], which the network needs`: func(l []safetensors.Tensor) []safetensors.Tensor {
			require.Equal(t, "out.bias", l[2].Name)
			return append(l[:2:2], l[3:]...)
		},
		`"out.weight" has the shape [5 10], but the network needs [10 5]`: func(l []safetensors.Tensor) []safetensors.Tensor {
			l[3].Shape = []int{5, 10}
			return l
		},
		`it has "head.weight", of the shape [1], which the network knows nothing of`: func(l []safetensors.Tensor) []safetensors.Tensor {
			return append(l, safetensors.Tensor{Name: "head.weight", Shape: []int{1}, Data: []float32{1}})
		},
		`it has "optimizer.exp_avg.out.bias"`: func(l []safetensors.Tensor) []safetensors.Tensor {
			return append(l, safetensors.Tensor{Name: "optimizer.exp_avg.out.bias", Shape: []int{1}, Data: []float32{1}})
		},
	} {
		require.NoError(t, SaveWeights(path, tr.Weights()))
		foreign(t, path, change)
		_, err := LoadWeights(path, net)
		require.ErrorIs(t, err, ErrMismatch)
		require.ErrorContains(t, err, want)
	}

	// Another program that keeps the metadata keeps a checksum of other weights.
	require.NoError(t, SaveWeights(path, tr.Weights()))
	f, err := load(path)
	require.NoError(t, err)
	f.Tensors[0].Data[0]++
	require.NoError(t, WriteFile(path, func(w io.Writer) error { return safetensors.Write(w, f) }))
	_, err = LoadWeights(path, net)
	require.ErrorIs(t, err, ErrDamaged)
	require.ErrorContains(t, err, "have it leave the metadata out")
}
