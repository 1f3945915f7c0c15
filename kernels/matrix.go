package kernels

import (
	"math"
	"math/bits"
)

// Matrix is a row-major matrix: element (i, j) is Data[i*Stride+j]. The fields
// are those of gonum's blas32.General in the same order, so that either
// converts to the other. A matrix without rows or columns needs no data.
type Matrix struct {
	Rows, Cols int
	Data       []float32
	Stride     int
}

// NewMatrix allocates a zero matrix whose rows start at multiples of 64 bytes,
// [Stride] apart. It panics if a dimension is negative.
func NewMatrix(rows, cols int) Matrix {
	if rows < 0 || cols < 0 {
		panic("kernels: NewMatrix: negative dimension")
	}
	stride := Stride(cols)
	return Matrix{Rows: rows, Cols: cols, Data: NewVector(rows * stride), Stride: stride}
}

// Stride returns the row stride that [NewMatrix] gives a matrix of so many
// columns: room for them that is an odd number of cache lines, so that
// neighbouring rows fall into different cache sets.
func Stride(cols int) int {
	return (max(cols, 1)+15)&^15 | 16
}

// Row returns row i without the padding behind it.
func (m Matrix) Row(i int) []float32 {
	return m.Data[i*m.Stride : i*m.Stride+m.Cols : i*m.Stride+m.Cols]
}

// RowRange returns rows lo to hi-1 as a view.
func (m Matrix) RowRange(lo, hi int) Matrix {
	if lo < 0 || hi < lo || hi > m.Rows {
		panic("kernels: RowRange: rows out of range")
	}
	m.Rows = hi - lo
	if m.Rows == 0 || m.Cols == 0 {
		m.Data = nil
		return m
	}
	m.Data = m.Data[lo*m.Stride : (hi-1)*m.Stride+m.Cols]
	return m
}

// messages are the panics about one matrix argument, built once so that a
// failing call says the same as ever and allocates nothing.
type messages struct{ dimension, stride, length, shape, overlap string }

func messagesFor(arg string) messages {
	return messages{
		dimension: "kernels: " + arg + ": negative dimension",
		stride:    "kernels: " + arg + ": stride smaller than the columns, or rows x stride overflows",
		length:    "kernels: " + arg + ": data too short for rows and stride",
		shape:     "kernels: " + arg + ": shape does not fit the other arguments",
		overlap:   "kernels: " + arg + ": overlaps an input or output other than exactly",
	}
}

// mostElements bounds the place of a matrix's last row, so that no count of
// elements or bytes overflows an int, of 32 bits or of 64.
const mostElements = math.MaxInt >> 3

// check panics unless m is well formed. It comes before any assembly, so rows
// x stride must not wrap around either.
func (m *Matrix) check(msg *messages) {
	if m.Rows < 0 || m.Cols < 0 {
		panic(msg.dimension)
	}
	if m.Rows == 0 || m.Cols == 0 {
		return
	}
	if m.Stride < m.Cols {
		panic(msg.stride)
	}
	hi, lo := bits.Mul(uint(m.Rows-1), uint(m.Stride))
	if hi != 0 || lo > mostElements {
		panic(msg.stride)
	}
	if len(m.Data) < int(lo)+m.Cols {
		panic(msg.length)
	}
}

// checkShape panics unless m is well formed and rows x cols.
func (m *Matrix) checkShape(rows, cols int, msg *messages) {
	m.check(msg)
	if m.Rows != rows || m.Cols != cols {
		panic(msg.shape)
	}
}
