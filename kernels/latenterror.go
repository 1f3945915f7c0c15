package kernels

var (
	vecE          = vectorMessagesFor("e")
	vecErrorSlope = vectorMessagesFor("errorSlope")
	vecU          = vectorMessagesFor("u")
)

// LatentError computes the weighted error of latents against a prediction u =
// f(z) that is known, and its product with the known slope f'(z), which is what
// feedback and weight gradients use. For each element, each line one rounding:
//
//	d = latent - u
//	e = coeff d
//	errorSlope = e slope
//
// An output may be exactly an input. The epilogue PredictionError does the same
// from z.
func (h *Handle) LatentError(e, errorSlope, latent, u, slope []float32, coeff float32) {
	n := len(latent)
	checkLength(u, n, &vecU)
	checkLength(slope, n, &vecSlope)
	checkLength(e, n, &vecE)
	checkLength(errorSlope, n, &vecErrorSlope)
	checkApart(errorSlope, e, &vecErrorSlope)
	for _, in := range [...][]float32{latent, u, slope} {
		checkOverlay(e, in, &vecE)
		checkOverlay(errorSlope, in, &vecErrorSlope)
	}
	for lo := 0; lo < n; lo += blockFloats {
		hi := min(lo+blockFloats, n)
		h.latentError(&latentErrorBlock{
			n: hi - lo, e: e[lo:hi], errorSlope: errorSlope[lo:hi],
			latent: latent[lo:hi], u: u[lo:hi], slope: slope[lo:hi], coeff: coeff,
		})
	}
}

// latentErrorBlock is one call of the kernel of LatentError.
type latentErrorBlock struct {
	n             int
	e, errorSlope []float32
	latent, u     []float32
	slope         []float32
	coeff         float32
}

func (b *latentErrorBlock) fits() {
	for _, x := range [...][]float32{b.e, b.errorSlope, b.latent, b.u, b.slope} {
		fits(x, 1, 0, b.n)
	}
}

func (b *latentErrorBlock) generic() {
	for i, u := range b.u {
		e := b.coeff * float32(b.latent[i]-u)
		b.errorSlope[i] = e * b.slope[i]
		b.e[i] = e
	}
}
