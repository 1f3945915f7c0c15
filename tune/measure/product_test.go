package measure

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopcn/gopcn/kernels"
)

// The parts of a product are the product, packed or not, whatever the shape.
func TestProductParts(t *testing.T) {
	h := kernels.Default()
	for _, shape := range [][3]int{{7, 5, 9}, {1, 20, 33}, {2, 3, 1}, {40, 17, 50}} {
		for _, op := range []kernels.Op{kernels.NN, kernels.NT, kernels.TN} {
			p := NewProduct(op, shape[0], shape[1], shape[2])
			p.Plain(h, nil).Run()
			want := append([]float32(nil), p.c.Data...)
			for _, workers := range []int{1, 2, 3} {
				for _, packed := range []bool{false, true} {
					clear(p.c.Data)
					flops := 0.0
					for _, q := range p.Parts(workers) {
						c := q.Plain(h, nil)
						if packed {
							c = q.Packed(h, nil)
						}
						c.Run()
						flops += c.FLOPs
					}
					what := fmt.Sprintf("%v %v %d workers packed %v", op, shape, workers, packed)
					require.Equal(t, want, p.c.Data, what)
					require.Equal(t, p.FLOPs(), flops, what)
				}
			}
		}
	}
}

func TestParallel(t *testing.T) {
	m := NewMeter(kernels.Generic, 3)
	defer m.Close()
	var done [3]int
	run := m.Parallel(func() { done[0]++ }, func() { done[1]++ }, func() { done[2]++ })
	run()
	run()
	require.Equal(t, [3]int{2, 2, 2}, done)
	m.Parallel(func() { done[0]++ })()
	require.Equal(t, 3, done[0])
}
