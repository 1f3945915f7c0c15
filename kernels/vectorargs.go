package kernels

import "unsafe"

// vectorMessages are the panics about one vector argument; see messages.
type vectorMessages struct{ length, overlap string }

func vectorMessagesFor(arg string) vectorMessages {
	return vectorMessages{
		length:  "kernels: " + arg + ": length differs from the other arguments",
		overlap: "kernels: " + arg + ": overlaps an input or output other than exactly",
	}
}

// checkLength panics unless x has n elements.
func checkLength(x []float32, n int, msg *vectorMessages) {
	if len(x) != n {
		panic(msg.length)
	}
}

// checkOverlay panics if an output meets another argument without being the
// same elements.
func checkOverlay(out, other []float32, msg *vectorMessages) {
	if meet, same := overlaps(out, other); meet && !same {
		panic(msg.overlap)
	}
}

// checkApart panics if an output meets another argument at all.
func checkApart(out, other []float32, msg *vectorMessages) {
	if meet, _ := overlaps(out, other); meet {
		panic(msg.overlap)
	}
}

// absent reports whether a matrix counts as not given.
func (m *Matrix) absent() bool { return len(m.Data) == 0 }

// from returns the elements from (i, j) on, or nil of an absent matrix.
func (m *Matrix) from(i, j int) []float32 {
	if m.absent() {
		return nil
	}
	return m.Data[i*m.Stride+j:]
}

// meets reports whether two matrices share elements, and whether they are the
// same elements in the same places. Column ranges of one larger matrix do not
// meet, although their memory interlaces.
func (m *Matrix) meets(o *Matrix) (meet, same bool) {
	if m.absent() || o.absent() {
		return false, false
	}
	x, y := m.used(), o.used()
	if meet, _ := overlaps(x, y); !meet {
		return false, false
	}
	if m.Stride != o.Stride && m.Rows > 1 && o.Rows > 1 {
		return true, false
	}
	distance := int(uintptr(unsafe.Pointer(&y[0]))-uintptr(unsafe.Pointer(&x[0]))) / 4
	if distance == 0 {
		return true, m.Rows == o.Rows && m.Cols == o.Cols
	}
	// The columns of o start so far right of those of m, in some row.
	stride := max(m.Stride, o.Stride)
	shift := distance % stride
	if shift < 0 {
		shift += stride
	}
	apart := m.Stride == o.Stride && shift >= m.Cols && shift+o.Cols <= stride
	return !apart, false
}

// checkOverlay is checkOverlay for matrices.
func (m *Matrix) checkOverlay(other *Matrix, msg *messages) {
	if meet, same := m.meets(other); meet && !same {
		panic(msg.overlap)
	}
}

// checkApart is checkApart for matrices.
func (m *Matrix) checkApart(other *Matrix, msg *messages) {
	if meet, _ := m.meets(other); meet {
		panic(msg.overlap)
	}
}

// blockFloats bounds the elements of one assembly call of an element-wise
// kernel (about 20 us, also from main memory), because assembly cannot be
// preempted. It is a multiple of 64, so that sums may be cut there.
const blockFloats = 8192
