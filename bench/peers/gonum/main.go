// Command gonum measures gonum's matrix products as bench measures ours.
//
//	gonum [-time 40ms] < shapes
//
// One JSON object a line: a round of each shape and operation.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"github.com/gopcn/gopcn/kernels"
	"github.com/gopcn/gopcn/tune/measure"
)

type row struct {
	Kernel  string  `json:"kernel"`
	Peer    string  `json:"peer"`
	Version string  `json:"version"`
	Op      string  `json:"op"`
	Shape   string  `json:"shape"`
	Ratio   float64 `json:"ratio"`
	GFLOPS  float64 `json:"gflops"`
	Peak    float64 `json:"peak_gflops"`
	Kept    int     `json:"pairs_kept"`
}

func main() {
	each := flag.Duration("time", 40*time.Millisecond, "time of a shape and operation")
	flag.Parse()
	meter := measure.NewMeter(kernels.Default().ISA(), 1)
	defer meter.Close()
	out := json.NewEncoder(os.Stdout)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var m, k, n int
		if c, _ := fmt.Sscanf(lines.Text(), "%dx%dx%d", &m, &k, &n); c != 3 {
			continue
		}
		for _, op := range []struct {
			name   string
			ta, tb blas.Transpose
		}{{"NN", blas.NoTrans, blas.NoTrans}, {"NT", blas.NoTrans, blas.Trans}, {"TN", blas.Trans, blas.NoTrans}} {
			a, b, c := random(m, k, op.ta), random(k, n, op.tb), random(m, n, blas.NoTrans)
			r := meter.Rounds(1, *each, measure.Contestant{
				Run:   func() { blas32.Gemm(op.ta, op.tb, 1, a, b, 0, c) },
				FLOPs: 2 * float64(m) * float64(k) * float64(n),
			})[0]
			out.Encode(row{"gemm", "gonum", version(), op.name, fmt.Sprintf("%dx%dx%d", m, k, n), r.Ratio, r.GFLOPS, r.Peak, r.Kept})
		}
	}
}

// random is a matrix that is rows x cols once transposed.
func random(rows, cols int, t blas.Transpose) blas32.General {
	if t == blas.Trans {
		rows, cols = cols, rows
	}
	g := blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float32, rows*cols)}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range g.Data {
		g.Data[i] = r.Float32() - 0.5
	}
	return g
}

// version is that of the gonum this program was built with.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "gonum.org/v1/gonum" {
				return d.Version
			}
		}
	}
	return "unknown"
}
