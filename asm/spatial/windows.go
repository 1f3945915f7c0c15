package main

import (
	"slices"

	"github.com/gopcn/gopcn/asm/internal/emit"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// windows is the loop over the windows and channels of a poolBlock. The slices
// in use have a pointer that goes from window to window; at and right are
// elements of the left and of the right pixel there.
type windows struct {
	*emit.Emitter
	fields    emit.Fields
	pointers  map[string]reg.GPVirtual
	at, right reg.GPVirtual
	rest      reg.GPVirtual // channels of the tail
	tail      emit.Tail
	inTail    bool
	numbers   [4]reg.VecVirtual // 0 to 3 in every lane
}

// newWindows begins the loop for the named slices.
func newWindows(e *emit.Emitter, f emit.Fields, names ...string) *windows {
	w := &windows{Emitter: e, fields: f, pointers: map[string]reg.GPVirtual{}}
	for _, name := range names {
		w.pointers[name] = e.GP64()
		e.MOVQ(f.At(name), w.pointers[name])
	}
	return w
}

// number loads the numbers of a window's pixels into registers.
func (w *windows) number() {
	w.numbers[0] = w.Vec()
	w.Zero(w.numbers[0])
	for k := 1; k < 4; k++ {
		w.numbers[k] = w.BroadcastBits(uint32(k))
	}
}

// run emits the loops around body, which is emitted for whole registers and for
// the last channels, and ends the function.
func (w *windows) run(body func()) {
	e := w.Emitter
	whole := e.GP64()
	w.at, w.right, w.rest = e.GP64(), e.GP64(), e.GP64()
	e.MOVQ(w.fields.At("channels"), whole)
	e.MOVQ(whole, w.rest)
	e.ANDQ(operand.U8(e.Lanes-1), w.rest)
	e.SUBQ(w.rest, whole)
	count := e.GP64()
	e.MOVQ(w.rest, count)
	w.tail = e.Tail(count)

	window, vector, edge, next := e.NewLabel("window"), e.NewLabel("vector"), e.NewLabel("edge"), e.NewLabel("next")
	e.Label(window)
	e.XORQ(w.at, w.at)
	e.MOVQ(w.fields.At("step"), w.right)
	e.CMPQ(w.at, whole)
	e.JE(operand.LabelRef(edge))

	e.Label(vector)
	body()
	e.ADDQ(operand.U8(e.Lanes), w.at)
	e.ADDQ(operand.U8(e.Lanes), w.right)
	e.CMPQ(w.at, whole)
	e.JB(operand.LabelRef(vector))

	e.Label(edge)
	e.TESTQ(w.rest, w.rest)
	e.JZ(operand.LabelRef(next))
	w.inTail = true
	body()
	w.inTail = false

	e.Label(next)
	w.advance()
	e.DECQ(w.fields.At("pixels")) // the block is of no use afterwards
	e.JNZ(operand.LabelRef(window))
	e.End()
}

// advance moves the pointers to the next window: by one pixel in pooled images,
// by two in others.
func (w *windows) advance() {
	step := w.GP64()
	w.MOVQ(w.fields.At("step"), step)
	for _, name := range sorted(w.pointers) {
		p := w.pointers[name]
		switch name {
		case "dst", "slope", "latent":
			w.LEAQ(operand.Mem{Base: p, Index: step, Scale: 4}, p)
		case "winners":
			w.ADDQ(step, p)
		default:
			w.LEAQ(operand.Mem{Base: p, Index: step, Scale: 8}, p)
		}
	}
}

// sorted makes the order of the emitted code the same every time.
func sorted(pointers map[string]reg.GPVirtual) []string {
	var names []string
	for name := range pointers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pooled is the place of the lanes in a pooled image.
func (w *windows) pooled(name string) operand.Mem {
	return operand.Mem{Base: w.pointers[name], Index: w.at, Scale: 4}
}

// pixel is the place of the lanes in pixel k of the window in the image whose
// two rows are nameTop and nameBottom, or top and bottom.
func (w *windows) pixel(name string, k int) operand.Mem {
	row := []string{"Top", "Bottom"}[k/2]
	if name == "" {
		row = []string{"top", "bottom"}[k/2]
	}
	return operand.Mem{Base: w.pointers[name+row], Index: []reg.GPVirtual{w.at, w.right}[k%2], Scale: 4}
}

func (w *windows) load(m operand.Mem) reg.VecVirtual {
	v := w.Vec()
	if w.inTail {
		w.LoadTail(w.tail, m, v)
	} else {
		w.VMOVUPS(m, v)
	}
	return v
}

func (w *windows) store(v reg.VecVirtual, m operand.Mem) {
	if w.inTail {
		w.StoreTail(w.tail, v, m)
	} else {
		w.VMOVUPS(v, m)
	}
}

func (w *windows) winners() operand.Mem {
	return operand.Mem{Base: w.pointers["winners"], Index: w.at, Scale: 1}
}

func (w *windows) loadWinners() reg.VecVirtual {
	if w.inTail {
		return w.LoadBytesTail(w.tail, w.rest, w.winners())
	}
	return w.LoadBytes(w.winners())
}

func (w *windows) storeWinners(v reg.VecVirtual) {
	if w.inTail {
		w.StoreBytesTail(w.tail, w.rest, v, w.winners())
	} else {
		w.StoreBytes(v, w.winners())
	}
}
