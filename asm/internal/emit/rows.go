package emit

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// RowPointers point to an element in each of several rows of a matrix. One
// pointer serves three rows: addresses have a stride, or twice a stride, built
// in.
type RowPointers struct {
	e      *Emitter
	p      []reg.GPVirtual
	stride reg.GPVirtual // in bytes; none for a single row
}

// RowPointers returns pointers to so many rows that lie stride bytes apart.
func (e *Emitter) RowPointers(rows int, stride reg.GPVirtual) RowPointers {
	r := RowPointers{e: e, stride: stride}
	for range (rows + 2) / 3 {
		r.p = append(r.p, e.GP64())
	}
	return r
}

// Start points the rows to an element of the first one and those below it. It
// changes free.
func (r RowPointers) Start(first operand.Mem, free reg.GPVirtual) {
	r.e.LEAQ(first, r.p[0])
	if len(r.p) > 1 {
		r.e.LEAQ(operand.Mem{Base: r.stride, Index: r.stride, Scale: 2}, free)
	}
	for i := 1; i < len(r.p); i++ {
		r.e.LEAQ(operand.Mem{Base: r.p[i-1], Index: free, Scale: 1}, r.p[i])
	}
}

// At is the element of row i.
func (r RowPointers) At(i int) operand.Mem {
	m := operand.Mem{Base: r.p[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = r.stride, uint8(i%3)
	}
	return m
}

// Add moves all pointers on.
func (r RowPointers) Add(bytes operand.Op) {
	for _, p := range r.p {
		r.e.ADDQ(bytes, p)
	}
}

// Sub moves all pointers back.
func (r RowPointers) Sub(bytes operand.Op) {
	for _, p := range r.p {
		r.e.SUBQ(bytes, p)
	}
}
