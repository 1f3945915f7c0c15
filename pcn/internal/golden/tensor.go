package golden

import (
	"encoding/json"
	"fmt"
	"math"
)

// A Tensor is a golden tensor: all its elements, or a checksum of them.
// Images are [batch, channel, height, width], dense weights [out, in],
// convolution weights [out, in, kh, kw], all row-major.
type Tensor struct {
	Shape []int

	// Data has all elements, and is nil for a checksum.
	Data []float64

	// Checksum is nil for a full tensor.
	Checksum *Checksum
}

// A Checksum describes the elements v_k of a tensor, k being the flat row-major
// index from 0.
type Checksum struct {
	Sum    float64 // sum v_k
	SumSq  float64 // sum v_k^2
	WSum   float64 // sum ((k mod 97) + 1) v_k
	MaxAbs float64 // max |v_k|

	// First are the first eight elements, or all if there are fewer.
	First []float64
}

// checksumPeriod is the period of the weights of WSum.
const checksumPeriod = 97

// checksumHead is the number of elements that a checksum lists.
const checksumHead = 8

// NewChecksum returns the checksum of v.
func NewChecksum[F ~float32 | ~float64](v []F) *Checksum {
	c := &Checksum{}
	for k, f := range v {
		x := float64(f)
		c.Sum += x
		c.SumSq += x * x
		c.WSum += float64(k%checksumPeriod+1) * x
		if a := math.Abs(x); a > c.MaxAbs || math.IsNaN(a) {
			c.MaxAbs = a
		}
		if k < checksumHead {
			c.First = append(c.First, x)
		}
	}
	return c
}

// Len returns the number of elements.
func (t *Tensor) Len() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// MaxAbs returns the largest magnitude.
func (t *Tensor) MaxAbs() float64 {
	if t.Checksum != nil {
		return t.Checksum.MaxAbs
	}
	m := 0.0
	for _, v := range t.Data {
		m = max(m, math.Abs(v))
	}
	return m
}

// UnmarshalJSON accepts {"shape", "data"} or
// {"shape", "sum", "sumsq", "wsum", "maxabs", "first"}.
func (t *Tensor) UnmarshalJSON(b []byte) error {
	o, err := parseObject(b, "tensor")
	if err != nil {
		return err
	}
	o.need("shape", &t.Shape)
	if o.has("data") {
		o.need("data", &t.Data)
	} else {
		t.Checksum = &Checksum{}
		o.need("sum", &t.Checksum.Sum)
		o.need("sumsq", &t.Checksum.SumSq)
		o.need("wsum", &t.Checksum.WSum)
		o.need("maxabs", &t.Checksum.MaxAbs)
		o.need("first", &t.Checksum.First)
	}
	if err := o.done(); err != nil {
		return err
	}
	return t.check()
}

// maxElements bounds a shape, so that a product of dimensions cannot overflow.
const maxElements = 1 << 30

func (t *Tensor) check() error {
	n := 1
	for _, d := range t.Shape {
		if d < 1 || d > maxElements/n {
			return fmt.Errorf("tensor: shape %v is out of range", t.Shape)
		}
		n *= d
	}
	switch {
	case t.Checksum == nil && len(t.Data) != n:
		return fmt.Errorf("tensor: shape %v does not hold %d values", t.Shape, len(t.Data))
	case t.Checksum != nil && len(t.Checksum.First) != min(n, checksumHead):
		return fmt.Errorf("tensor: checksum of shape %v lists %d first values", t.Shape, len(t.Checksum.First))
	}
	return nil
}

var _ json.Unmarshaler = (*Tensor)(nil)
