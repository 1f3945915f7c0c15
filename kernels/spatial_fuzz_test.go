package kernels

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The fuzz targets compare the tiers bit for bit on arbitrary bit patterns.

func FuzzPool(f *testing.F)      { fuzzSpatialKernels(f, "pool") }
func FuzzBatchNorm(f *testing.F) { fuzzSpatialKernels(f, "batchnorm") }

func fuzzSpatialKernels(f *testing.F, group string) {
	var list []spatialKernel
	for _, k := range spatialKernels() {
		if k.group == group {
			list = append(list, k)
		}
	}
	for i := range list {
		f.Add(uint8(i), uint8(2), uint8(3), uint8(4), uint8(17), []byte("\x00\x00\x80\x3f\x00\x00\x00\x80\x00\x00\xc0\x7f\x01\x00\x00\x00"))
	}
	f.Fuzz(func(t *testing.T, which, batch, height, width, channels uint8, data []byte) {
		k := list[int(which)%len(list)]
		shape := PoolShape{int(height)%7 + 1, int(width)%7 + 1, int(channels)%100 + 1}
		next := 0
		c := newSpatialCase(rand.New(rand.NewPCG(1, uint64(channels))), &k, shape, int(batch)%4, func(_ *rand.Rand, x []float32) {
			for i := range x {
				if len(data) >= 4 {
					x[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[next%(len(data)/4)*4:]))
					next++
				}
			}
		})
		want := k.runCopy(&handles[Generic], c)
		for _, h := range tiers(t)[1:] {
			require.NoError(t, want.same(k.runCopy(h, c)), "%v %s %v", h.ISA(), k.name, shape)
		}
	})
}
