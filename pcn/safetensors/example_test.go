package safetensors_test

import (
	"bytes"
	"fmt"

	"github.com/gopcn/gopcn/pcn/safetensors"
)

// Write a file as PyTorch users have it, and read it again.
func Example() {
	var file bytes.Buffer
	err := safetensors.Write(&file, &safetensors.File{
		Metadata: map[string]string{"format": "pt"},
		Tensors: []safetensors.Tensor{
			{Name: "layer.weight", Shape: []int{2, 3}, Data: []float32{1, 2, 3, 4, 5, 6}},
			{Name: "layer.bias", Shape: []int{2}, Data: []float32{0.5, -0.5}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := safetensors.Read(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range f.Tensors {
		fmt.Println(t.Name, t.Shape, t.Data)
	}
	// Output:
	// layer.weight [2 3] [1 2 3 4 5 6]
	// layer.bias [2] [0.5 -0.5]
}

// See what a file holds without reading its values.
func ExampleReader() {
	var file bytes.Buffer
	err := safetensors.Write(&file, &safetensors.File{Tensors: []safetensors.Tensor{
		{Name: "a", Shape: []int{3}, Data: []float32{1, 2, 3}},
		{Name: "b", Shape: []int{1, 1}, Data: []float32{4}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := safetensors.NewReader(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range r.Tensors() {
		fmt.Println(t.Name, t.DType, t.Shape)
	}
	// Output:
	// a F32 [3]
	// b F32 [1 1]
}
