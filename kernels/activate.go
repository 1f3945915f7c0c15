package kernels

var (
	vecDst   = vectorMessagesFor("dst")
	vecSlope = vectorMessagesFor("slope")
)

const badAct = "kernels: act: unknown activation"

// Activate computes dst = f(src) and slope = f'(src) for each element. Dst or
// slope may be nil if it is not wanted. Either may be src itself; the two must
// not overlap.
func (h *Handle) Activate(act Activation, dst, slope, src []float32) {
	if int(act) >= len(activationNames) {
		panic(badAct)
	}
	if dst != nil {
		checkLength(dst, len(src), &vecDst)
		checkOverlay(dst, src, &vecDst)
	}
	if slope != nil {
		checkLength(slope, len(src), &vecSlope)
		checkOverlay(slope, src, &vecSlope)
		checkApart(slope, dst, &vecSlope)
	}
	if dst == nil && slope == nil {
		return
	}
	for lo := 0; lo < len(src); lo += blockFloats {
		hi := min(lo+blockFloats, len(src))
		b := activationBlock{act: act, rows: 1, cols: hi - lo, src: src[lo:hi]}
		if dst != nil {
			b.dst = dst[lo:hi]
		}
		if slope != nil {
			b.slope = slope[lo:hi]
		}
		h.activate(&b)
	}
}

// Exp computes dst = exp(src) for each element, within 2 units in the last
// place, also where results are below the normal numbers. Dst may be src.
func (h *Handle) Exp(dst, src []float32) {
	checkLength(dst, len(src), &vecDst)
	checkOverlay(dst, src, &vecDst)
	for lo := 0; lo < len(src); lo += blockFloats {
		hi := min(lo+blockFloats, len(src))
		h.exp(&expBlock{rows: 1, cols: hi - lo, src: src[lo:hi], dst: dst[lo:hi]})
	}
}
