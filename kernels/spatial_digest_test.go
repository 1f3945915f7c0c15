package kernels

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const spatialDigestFile = "testdata/spatial_digests.txt"

// spatialDigest runs a kernel on fixed pseudo-random numbers and hashes the bits
// of everything it may have written.
func spatialDigest(k *spatialKernel, h *Handle) string {
	shape := PoolShape{7, 8, 27}
	r := rand.NewPCG(91, 92)
	c := &spatialCase{shape: shape}
	for i := range k.kinds {
		m := NewMatrix(shape.size(k.kinds[i], 3))
		for i := range m.Rows {
			row := m.Row(i)
			for j := range row {
				// 24 random bits in [-8, 8), or the pixel before, so that windows
				// have ties.
				row[j] = (float32(r.Uint64()>>40)*0x1p-24 - 0.5) * 16
				if j%4 == 1 && j >= shape.Channels {
					row[j] = row[j-shape.Channels]
				}
			}
		}
		c.m = append(c.m, m)
	}
	c.winners = NewWinners(shape.size('p', 3))
	for i := range c.winners.Data {
		c.winners.Data[i] = uint8(r.Uint64() >> 62)
	}
	k.run(h, c)
	sum := sha256.New()
	for _, m := range c.m {
		for i := range m.Rows {
			for _, v := range m.Row(i) {
				var b [4]byte
				binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
				sum.Write(b[:])
			}
		}
	}
	sum.Write(c.winners.Data)
	return fmt.Sprintf("%x", sum.Sum(nil)[:16])
}

// The bits are the same on every machine and tier, and stay so: a digest that
// changes changes every training run. The flag of the element kernels' digests
// writes these too.
func TestSpatialKernelsDigests(t *testing.T) {
	kernels := spatialKernels()
	if *updateDigests {
		var text strings.Builder
		for _, k := range kernels {
			fmt.Fprintf(&text, "%s %s\n", spatialDigest(&k, &handles[Generic]), k.name)
		}
		require.NoError(t, os.WriteFile(spatialDigestFile, []byte(text.String()), 0o644))
	}
	file, err := os.Open(spatialDigestFile)
	require.NoError(t, err)
	defer file.Close()
	want := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		digest, name, _ := strings.Cut(lines.Text(), " ")
		want[name] = digest
	}
	require.Len(t, want, len(kernels))
	for _, h := range tiers(t) {
		for _, k := range kernels {
			require.Equal(t, want[k.name], spatialDigest(&k, h), "%v %s", h.ISA(), k.name)
		}
	}
}

// A digest must notice another winner of a tie.
func TestSpatialDigestNegativeControl(t *testing.T) {
	k := poolKernels()[1]
	want := spatialDigest(&k, &handles[Generic])
	run := k.run
	k.run = func(h *Handle, c *spatialCase) {
		run(h, c)
		image := c.m[1].Row(0)
		c.shape.eachWindow(func(pooled int, pixels [4]int) {
			for n, at := range pixels {
				if image[at] == c.m[0].Row(0)[pooled] {
					c.winners.Data[pooled] = uint8(n) // the last of equals
				}
			}
		})
	}
	require.NotEqual(t, want, spatialDigest(&k, &handles[Generic]))
}
