package npz_test

import (
	"bytes"
	"fmt"

	"github.com/gopcn/gopcn/pcn/npz"
)

func Example() {
	var file bytes.Buffer // os.Create("weights.npz")
	w := npz.NewWriter(&file)
	if err := w.Write("weight", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}); err != nil {
		fmt.Println(err)
		return
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
		return
	}
	// In Python: numpy.load("weights.npz")["weight"]
	fmt.Println(file.Len() > 0)
	// Output: true
}
