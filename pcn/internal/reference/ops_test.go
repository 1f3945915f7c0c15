package reference

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func tensor(t *testing.T, shape []int, data ...float64) *Tensor {
	t.Helper()
	r, err := FromData(shape, data)
	require.NoError(t, err)
	return r
}

func TestMaxPoolTiesAndOddSides(t *testing.T) {
	x := tensor(t, []int{1, 1, 3, 5},
		2, 2, 1, 3, 9,
		2, 2, 3, 0, 9,
		9, 9, 9, 9, 9)
	y, back := MaxPool2x2{}.apply(x, nil)
	require.Equal(t, tensor(t, []int{1, 1, 1, 2}, 2, 3), y)
	dx := back(tensor(t, []int{1, 1, 1, 2}, 5, 7), nil)
	require.Equal(t, tensor(t, []int{1, 1, 3, 5},
		5, 0, 0, 7, 0, // the first maximum in row-major order
		0, 0, 0, 0, 0,
		0, 0, 0, 0, 0), dx)
}

func TestConvIsACrossCorrelation(t *testing.T) {
	p := &pass{params: Tensors{"W": tensor(t, []int{1, 1, 2, 2}, 1, 10, 100, 1000), "b": tensor(t, []int{1}, 0.5)}}
	x := tensor(t, []int{1, 1, 2, 3}, 1, 2, 3, 4, 5, 6)
	y, _ := Conv2D{W: "W", B: "b", Stride: 1}.apply(x, p)
	require.Equal(t, tensor(t, []int{1, 1, 1, 2}, 5421.5, 6532.5), y)
	y, _ = Conv2D{W: "W", Stride: 2, Padding: 1}.apply(x, p)
	require.Equal(t, tensor(t, []int{1, 1, 2, 2}, 1000, 3200, 40, 65), y)
}

func TestActivationsAtTheirCorners(t *testing.T) {
	for _, c := range []struct {
		fn       string
		x, slope float64
	}{
		{"relu", 0, 0}, {"leaky_relu", 0, 1}, {"hard_tanh", 1, 1}, {"hard_tanh", -1, 1}, {"hard_tanh", 1.01, 0},
	} {
		require.Equal(t, c.slope, Activation{c.fn}.Slope(c.x), "%s at %v", c.fn, c.x)
	}
	require.Zero(t, Activation{"sigmoid"}.Value(-1000))
	require.Equal(t, 1.0, Activation{"sigmoid"}.Value(1000))
}

func TestGlobalAvgPool(t *testing.T) {
	x := tensor(t, []int{1, 2, 1, 2}, 1, 3, 5, 9)
	y, back := GlobalAvgPool{}.apply(x, nil)
	require.Equal(t, tensor(t, []int{1, 2}, 2, 7), y)
	require.Equal(t, tensor(t, []int{1, 2, 1, 2}, 1, 1, 2, 2), back(tensor(t, []int{1, 2}, 2, 4), nil))
}
