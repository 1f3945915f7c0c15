package pcn

import "github.com/gopcn/gopcn/kernels"

// Samples is where a batch comes from: a [Batch] in memory, or a set or batch of
// package data. Fill and Label are called with i from 0 to Len()-1, from several
// goroutines.
type Samples interface {
	// Len returns the number of samples.
	Len() int
	// Fill writes the input of sample i to dst, which has as many values as x.
	Fill(dst []float32, i int)
	// Label returns the class of sample i.
	Label(i int) int
}

// A Batch is Samples in memory: a row of X, in the order height, width, channels,
// and a label each.
type Batch struct {
	X      kernels.Matrix
	Labels []uint8 // classes, less than the number of outputs
}

// Len returns the number of samples.
func (b *Batch) Len() int { return len(b.Labels) }

// Fill copies row i of X.
func (b *Batch) Fill(dst []float32, i int) { copy(dst, b.X.Row(i)) }

// Label returns the class of sample i.
func (b *Batch) Label(i int) int { return int(b.Labels[i]) }
