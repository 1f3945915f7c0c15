package kernels_test

import (
	"fmt"

	"github.com/gopcn/gopcn/kernels"
)

// A dense layer with its activation, u = gelu(x W^T + b), in one call.
func Example() {
	h := kernels.Default()
	ws := kernels.NewWorkspace()

	x := kernels.NewMatrix(2, 3) // two samples of three features
	copy(x.Row(0), []float32{1, 2, 3})
	copy(x.Row(1), []float32{-1, 0, 1})
	w := kernels.NewMatrix(2, 3) // two outputs
	copy(w.Row(0), []float32{0.5, 0, 0.5})
	copy(w.Row(1), []float32{-1, 1, -1})
	u := kernels.NewMatrix(2, 2)

	h.MatMul(ws, kernels.NT, u, x, w, &kernels.Epilogue{
		Kind: kernels.Activate,
		Act:  kernels.GELU,
		Bias: []float32{0, 1},
	})
	for i := range u.Rows {
		fmt.Printf("%.4f\n", u.Row(i))
	}
	// Output:
	// [1.9546 -0.1588]
	// [0.0000 0.8412]
}

// Weights that serve many products are packed once.
func ExampleHandle_MatMulPacked() {
	h := kernels.Default()
	ws := kernels.NewWorkspace()
	w := kernels.NewMatrix(4, 3)
	for i := range w.Rows {
		w.Row(i)[i%3] = float32(i + 1)
	}
	packed := h.Pack(kernels.NewVector(h.PackedSize(3, 4)), kernels.NT, w)

	x, c := kernels.NewMatrix(1, 3), kernels.NewMatrix(1, 4)
	for step := range 3 {
		copy(x.Row(0), []float32{1, float32(step), 10})
		h.MatMulPacked(ws, kernels.NN, c, x, &packed, nil)
		fmt.Println(c.Row(0))
	}
	// Output:
	// [1 0 30 4]
	// [1 2 30 4]
	// [1 4 30 4]
}

// A 3x3 convolution of a batch of NHWC images.
func ExampleConv() {
	h := kernels.Default()
	ws := kernels.NewWorkspace()
	conv := h.NewConv(kernels.ConvShape{Height: 3, Width: 3, In: 1, Out: 1, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1})

	weights := kernels.NewMatrix(1, 9)
	for i := range weights.Row(0) {
		weights.Row(0)[i] = 1
	}
	packed := conv.Pack(kernels.NewVector(conv.PackedSize()), weights)
	x, u := kernels.NewMatrix(1, 9), kernels.NewMatrix(1, 9)
	copy(x.Row(0), []float32{1, 0, 0, 0, 2, 0, 0, 0, 3})
	conv.Predict(ws, u, x, &packed, nil)
	fmt.Println(u.Row(0))
	// Output: [3 3 2 3 6 5 2 5 5]
}
