package kernels

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var updateDigests = flag.Bool("update-digests", false, "write testdata/element_digests.txt from portable Go")

const digestFile = "testdata/element_digests.txt"

// elementDigest runs a kernel on fixed pseudo-random numbers and hashes the
// bits of all its matrices and of its result.
func elementDigest(k *elementKernel, h *Handle) string {
	rows, cols := 5, 171
	if k.vector {
		rows = 1
	}
	r := rand.NewPCG(31, 32)
	m := make([]Matrix, k.matrices)
	for i := range m {
		m[i] = NewMatrix(rows, cols)
		for j := range m[i].Data {
			// 24 random bits in (-8, 8); positive where a kernel takes roots.
			m[i].Data[j] = (float32(r.Uint64()>>40)*0x1p-24 - 0.5) * 16
			if k.name == "adamw" && i == 2 {
				m[i].Data[j] = abs(m[i].Data[j])
			}
		}
	}
	o := k.runCopy(h, m)
	sum := sha256.New()
	for _, m := range append(o.matrices, Matrix{Data: []float32{o.result}}) {
		for _, v := range m.Data {
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
			sum.Write(b[:])
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:16])
}

// The bits are the same on every machine and tier, and stay so: a digest that
// changes changes every training run.
func TestElementKernelsDigests(t *testing.T) {
	kernels := elementKernels()
	if *updateDigests {
		var text strings.Builder
		for _, k := range kernels {
			fmt.Fprintf(&text, "%s %s\n", elementDigest(&k, &handles[Generic]), k.name)
		}
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(digestFile, []byte(text.String()), 0o644))
	}
	file, err := os.Open(digestFile)
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
			require.Equal(t, want[k.name], elementDigest(&k, h), "%v %s", h.ISA(), k.name)
		}
	}
}

// A digest must notice one element less in a sum's order.
func TestElementDigestNegativeControl(t *testing.T) {
	k := reduceKernels()[0]
	want := elementDigest(&k, &handles[Generic])
	k.run = func(h *Handle, m []Matrix) float32 {
		var sum float32
		for _, x := range m[0].Row(0) {
			sum += x
		}
		return sum
	}
	require.NotEqual(t, want, elementDigest(&k, &handles[Generic]))
}
