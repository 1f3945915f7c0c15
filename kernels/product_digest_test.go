package kernels

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// productDigests are the bits of fixed products and convolutions. A digest
// that changes changes every training run.
var productDigests = map[string]string{
	"NN 37x600x45":  "d926bbb7d06070d31aa6e6a9a4d47237",
	"NT 37x600x45":  "59aaa809eca13b7755144d00da751129",
	"TN 37x600x45":  "b34f5a47965ff9ce79eb44136b6fe8d7",
	"NN 3x8200x5":   "f8f65be4918d91354dc3e79a59042016",
	"conv predict":  "d4fcc5b93caa4047b0d644c8c985ca8b",
	"conv feedback": "5035ec8641e16e8e7d1ae3817be7a634",
	"conv weights":  "c29f900cac822f9233ae5112a9070dfb",
	"conv bias":     "993e3fc90da7327225883d3fa46ee5f6",
}

// uniform fills x with 24 random bits in (-1, 1), the same everywhere.
func uniform(r *rand.PCG, x []float32) {
	for i := range x {
		x[i] = float32(r.Uint64()>>40)*0x1p-23 - 1
	}
}

// digestOf hashes the elements of a matrix, not its padding.
func digestOf(m Matrix) string {
	sum := sha256.New()
	for i := range m.Rows {
		for _, v := range m.Row(i) {
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
			sum.Write(b[:])
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:16])
}

func digestsOn(h *Handle) map[string]string {
	got := map[string]string{}
	ws := NewWorkspace()
	product := func(op Op, m, k, n int) {
		r := rand.NewPCG(41, uint64(op))
		a, b, c := NewMatrix(m, k), NewMatrix(k, n), NewMatrix(m, n)
		if op == TN {
			a = NewMatrix(k, m)
		}
		if op == NT {
			b = NewMatrix(n, k)
		}
		for _, m := range []Matrix{a, b} {
			for i := range m.Rows {
				uniform(r, m.Row(i))
			}
		}
		h.MatMul(ws, op, c, a, b, nil)
		got[fmt.Sprintf("%v %dx%dx%d", op, m, k, n)] = digestOf(c)
	}
	product(NN, 37, 600, 45)
	product(NT, 37, 600, 45)
	product(TN, 37, 600, 45)
	product(NN, 3, 8200, 5)

	s := ConvShape{Height: 9, Width: 6, In: 5, Out: 18, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1}
	r := rand.NewPCG(42, 0)
	x, w, e := NewMatrix(7, s.Inputs()), NewMatrix(s.Out, s.Taps()), NewMatrix(7, s.Outputs())
	u, dx, dw, db := NewMatrix(7, s.Outputs()), NewMatrix(7, s.Inputs()), NewMatrix(s.Out, s.Taps()), NewVector(s.Out)
	for _, m := range []Matrix{x, w, e} {
		for i := range m.Rows {
			uniform(r, m.Row(i))
		}
	}
	conv := h.NewConv(s)
	forward := conv.Pack(NewVector(conv.PackedSize()), w)
	feedback := conv.PackFeedback(NewVector(conv.PackedFeedbackSize()), w)
	conv.Predict(ws, u, x, &forward, &Epilogue{Bias: w.Row(0)[:s.Out]})
	conv.Feedback(ws, dx, e, &feedback, nil)
	conv.WeightGradient(ws, dw, Matrix{}, e, x, 0, s.Out, 0.125)
	conv.BiasGradient(db, e, 0, s.Out, 0.125)
	got["conv predict"], got["conv feedback"] = digestOf(u), digestOf(dx)
	got["conv weights"], got["conv bias"] = digestOf(dw), digestOf(Matrix{Rows: 1, Cols: len(db), Data: db, Stride: len(db)})
	return got
}

func TestProductDigests(t *testing.T) {
	for _, h := range tiers(t) {
		require.Equal(t, productDigests, digestsOn(h), h.ISA())
	}
}
