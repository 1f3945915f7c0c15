package pcn

import (
	"fmt"

	"github.com/gopcn/gopcn/kernels"
)

// OpKind tells the ops apart.
type OpKind uint8

const (
	OpDense         OpKind = iota // made by [Dense]
	OpActivate                    // made by [Activate]
	OpConv2D                      // made by [Conv2D]
	OpBatchNorm                   // made by [BatchNorm]
	OpMaxPool                     // made by [MaxPool2x2]
	OpFlatten                     // made by [Flatten]
	OpGlobalAvgPool               // made by [GlobalAvgPool]
)

// An Op is one stage of a node's prediction function. The set is closed: ops
// are made by the functions that [OpKind] lists.
type Op struct {
	kind OpKind
	out  int
	bias bool
	act  kernels.Activation

	kernel, stride, padding int // of a convolution
}

// Dense is the affine map y = x W^T + b of a vector, W being [out, in]. Without
// bias there is no b. As for all ops, arguments that make no sense, and shapes
// that do not fit, are errors of [Builder.Build].
func Dense(out int, bias bool) Op { return Op{kind: OpDense, out: out, bias: bias} }

// Activate applies f to every value.
func Activate(f kernels.Activation) Op { return Op{kind: OpActivate, act: f} }

// Conv2D is the cross-correlation of an image with out square kernels, W being
// [out, in, kernel, kernel]. The image has a rim of padding zeros, and the
// kernels move by stride pixels. Without bias there is no b.
func Conv2D(out, kernel, stride, padding int, bias bool) Op {
	return Op{kind: OpConv2D, out: out, bias: bias, kernel: kernel, stride: stride, padding: padding}
}

// BatchNorm normalises each channel over batch, height and width and scales it,
//
//	y = gamma (x - mean) / sqrt(variance + 1e-5) + beta
//
// with gamma 1 and beta 0 at the start. Mean and variance are those of the
// batch, whose samples so depend on each other ([Config.Norm] has another
// choice); in evaluation they are running ones, which move by
//
//	running = 0.1 running + 0.9 batch
//
// in the weight update and, with [Config.NormUnfrozen], while relaxing.
func BatchNorm() Op { return Op{kind: OpBatchNorm} }

const (
	normEps  = 1e-5
	normKeep = 0.1 // what stays of running statistics
)

// MaxPool2x2 takes the largest of each 2x2 pixels, channel by channel. A
// trailing odd row or column is dropped. What comes back goes to the first of
// equal pixels in row-major order.
func MaxPool2x2() Op { return Op{kind: OpMaxPool} }

// Flatten makes a vector of an image, in the order channel, height, width in
// which other programs count the columns of the dense layer that must follow in
// the same node. Only activations may stand between them.
func Flatten() Op { return Op{kind: OpFlatten} }

// GlobalAvgPool takes the mean over height and width of each channel.
func GlobalAvgPool() Op { return Op{kind: OpGlobalAvgPool} }

// Kind returns which op it is.
func (o Op) Kind() OpKind { return o.kind }

// Out returns the number of outputs of a dense op or of output channels of a
// convolution, and 0 for others.
func (o Op) Out() int { return o.out }

// HasBias reports whether the op has a bias.
func (o Op) HasBias() bool { return o.bias }

// Activation returns the function of an activation op, Identity for others.
func (o Op) Activation() kernels.Activation { return o.act }

// Geometry returns the size of the kernel, stride and padding of a convolution,
// and zeros for others.
func (o Op) Geometry() (kernel, stride, padding int) { return o.kernel, o.stride, o.padding }

// String describes the op, as in "dense 128" or "gelu".
func (o Op) String() string {
	var text string
	switch o.kind {
	case OpActivate:
		return o.act.String()
	case OpBatchNorm:
		return "batchnorm"
	case OpMaxPool:
		return "maxpool 2x2"
	case OpFlatten:
		return "flatten"
	case OpGlobalAvgPool:
		return "global average pool"
	case OpConv2D:
		text = fmt.Sprintf("conv %dx%d %d", o.kernel, o.kernel, o.out)
		if o.stride != 1 {
			text += fmt.Sprintf(" stride %d", o.stride)
		}
		if o.padding != 0 {
			text += fmt.Sprintf(" padding %d", o.padding)
		}
	default:
		text = fmt.Sprintf("dense %d", o.out)
	}
	if !o.bias {
		text += " without bias"
	}
	return text
}

// linear reports whether the op has weights W.
func (o Op) linear() bool { return o.kind == OpDense || o.kind == OpConv2D }

// convShape is the geometry of a convolution of images of a shape.
func (o Op) convShape(in Shape) kernels.ConvShape {
	return kernels.ConvShape{
		Height: in.Height, Width: in.Width, In: in.Channels, Out: o.out,
		KernelHeight: o.kernel, KernelWidth: o.kernel, Stride: o.stride, Padding: o.padding,
	}
}
