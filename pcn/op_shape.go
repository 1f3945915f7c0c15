package pcn

import (
	"errors"
	"fmt"

	"github.com/gopcn/gopcn/kernels"
)

// most bounds sizes, so that no product of them overflows.
const most = 1 << 20

// shape returns the shape of the result for an input of the given shape, or
// says why there is none.
func (o Op) shape(in Shape) (Shape, error) {
	switch o.kind {
	case OpDense:
		if o.out < 1 || o.out > most {
			return Shape{}, fmt.Errorf("dense: %d outputs; there must be at least one and no more than %d", o.out, most)
		}
		if !in.IsVector() {
			return Shape{}, fmt.Errorf("dense: the input is an image (%v); it must be a vector, put Flatten before", in)
		}
		return Features(o.out), nil
	case OpActivate:
		if int(o.act) >= len(kernels.Activations()) {
			return Shape{}, fmt.Errorf("activate: unknown activation %v", o.act)
		}
		return in, nil
	case OpConv2D:
		return o.convolved(in)
	case OpBatchNorm:
		return in, nil
	case OpMaxPool:
		if in.Height < 2 || in.Width < 2 {
			return Shape{}, fmt.Errorf("max-pool: the input (%dx%d pixels) is smaller than a window of 2x2", in.Height, in.Width)
		}
		return Image(in.Height/2, in.Width/2, in.Channels), nil
	case OpFlatten:
		return Features(in.Len()), nil
	case OpGlobalAvgPool:
		return Features(in.Channels), nil
	}
	return Shape{}, fmt.Errorf("unknown op %d", o.kind)
}

func (o Op) convolved(in Shape) (Shape, error) {
	switch {
	case o.out < 1 || o.out > most:
		return Shape{}, fmt.Errorf("convolution: %d output channels; there must be at least one and no more than %d", o.out, most)
	case o.kernel < 1 || o.stride < 1 || o.padding < 0 || max(o.kernel, o.stride, o.padding) > 4096:
		return Shape{}, fmt.Errorf("convolution: kernel size %d and stride %d must be positive and padding %d not negative, all at most 4096",
			o.kernel, o.stride, o.padding)
	case o.kernel > in.Height+2*o.padding || o.kernel > in.Width+2*o.padding:
		return Shape{}, fmt.Errorf("convolution: the kernel of %dx%d is larger than the input of %dx%d pixels with its padding of %d",
			o.kernel, o.kernel, in.Height, in.Width, o.padding)
	}
	s := o.convShape(in)
	if s.OutWidth() > 4096 {
		return Shape{}, fmt.Errorf("convolution: the result is %d pixels wide; no more than 4096 can be", s.OutWidth())
	}
	return Image(s.OutHeight(), s.OutWidth(), o.out), nil
}

// shapeThrough returns the shape behind a node's ops. Values are kept in the
// order height, width, channels inside, so what Flatten makes of an image may
// not leave the node: the columns of its dense layer are permuted instead.
func shapeThrough(ops []Op, in Shape) (Shape, error) {
	flattened := false
	for k, op := range ops {
		out, err := op.shape(in)
		if err != nil {
			return Shape{}, fmt.Errorf("op %d: %w", k, err)
		}
		switch {
		case op.kind == OpFlatten && !in.IsVector():
			flattened = true
		case op.kind == OpDense:
			flattened = false
		case flattened && op.kind != OpActivate:
			return Shape{}, fmt.Errorf("op %d: between Flatten and its dense layer there may be only activations, not %v", k, op)
		}
		in = out
	}
	if flattened {
		return Shape{}, errors.New("a dense layer must follow Flatten in the same node")
	}
	return in, nil
}
