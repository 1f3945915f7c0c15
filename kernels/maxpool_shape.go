package kernels

import "math/bits"

// PoolShape is the geometry of a max-pool with windows of 2x2 pixels, stride 2
// and no padding: a trailing odd row or column of the source is dropped. Images
// are NHWC: a batch of them is a Matrix with one row a sample.
type PoolShape struct {
	Height, Width, Channels int // of the source
}

// OutHeight returns Height/2, rounded down.
func (s PoolShape) OutHeight() int { return s.Height / 2 }

// OutWidth returns Width/2, rounded down.
func (s PoolShape) OutWidth() int { return s.Width / 2 }

// Inputs returns Height*Width*Channels, the columns of a batch of sources.
func (s PoolShape) Inputs() int { return s.Height * s.Width * s.Channels }

// Outputs returns OutHeight*OutWidth*Channels, the columns of a batch of
// results.
func (s PoolShape) Outputs() int { return s.OutHeight() * s.OutWidth() * s.Channels }

const badPool = "kernels: shape: dimensions must be positive and below 2^20"

func (s *PoolShape) check() {
	if min(s.Height, s.Width, s.Channels) <= 0 || max(s.Height, s.Width, s.Channels) >= 1<<20 {
		panic(badPool)
	}
}

// Winners says for each element of a pooled batch which pixel of its window was
// the largest: 0 and 1 are those of the upper row, 2 and 3 those of the lower.
// It is row-major with one row a sample, as a Matrix is.
type Winners struct {
	Rows, Cols int
	Data       []uint8
	Stride     int
}

// NewWinners allocates the winners of a pooled batch. It panics if a dimension
// is negative.
func NewWinners(rows, cols int) Winners {
	if rows < 0 || cols < 0 {
		panic("kernels: NewWinners: negative dimension")
	}
	stride := max(1, (cols+63)&^63)
	return Winners{Rows: rows, Cols: cols, Data: make([]uint8, rows*stride), Stride: stride}
}

// RowRange returns rows lo to hi-1 as a view.
func (w Winners) RowRange(lo, hi int) Winners {
	if lo < 0 || hi < lo || hi > w.Rows {
		panic("kernels: RowRange: rows out of range")
	}
	w.Rows = hi - lo
	if w.Rows == 0 || w.Cols == 0 {
		w.Data = nil
		return w
	}
	w.Data = w.Data[lo*w.Stride : (hi-1)*w.Stride+w.Cols]
	return w
}

var argWinners = messagesFor("winners")

// checkShape panics unless w is well formed and rows x cols, see Matrix.check.
func (w *Winners) checkShape(rows, cols int) {
	if w.Rows != rows || w.Cols != cols {
		panic(argWinners.shape)
	}
	if rows == 0 || cols == 0 {
		return
	}
	if w.Stride < cols {
		panic(argWinners.stride)
	}
	hi, lo := bits.Mul(uint(rows-1), uint(w.Stride))
	if hi != 0 || lo > mostElements {
		panic(argWinners.stride)
	}
	if len(w.Data) < int(lo)+cols {
		panic(argWinners.length)
	}
}

// from returns the elements from (i, j) on, or nil if there are none.
func (w *Winners) from(i, j int) []uint8 {
	if len(w.Data) == 0 {
		return nil
	}
	return w.Data[i*w.Stride+j:]
}
