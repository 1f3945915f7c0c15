package kernels

// EpilogueKind says what becomes of a finished chain z of a product.
type EpilogueKind uint8

const (
	// Store writes C = z, times Scale.
	Store EpilogueKind = iota
	// Activate writes C = f(z) and, where Slope has data, Slope = f'(z).
	Activate
	// PredictionError takes z for the input of the activation, so that
	// u = f(z) is the prediction of the latent h. It writes the weighted error
	// C = e = Coeff (h - u) and, where ErrorSlope has data,
	// ErrorSlope = e f'(z), which is what feedback and weight gradients use.
	PredictionError
	// LatentUpdate takes z for the feedback of the level above and moves the
	// latents:
	//
	//	g = e - (Prior + z)      e: Error, or +0; Prior: earlier children, or absent
	//	v = fma(m, v, g)
	//	h = fma(-eta, d, h)      d = fma(m, v, g) with Nesterov, else v
	//
	// Without Velocity data the momentum counts as 0 and d = g. With Start data
	// the latents are at rest: h is Start and v is +0 before, whatever Latent and
	// Velocity hold. C is not written and may be empty.
	LatentUpdate
)

// An Epilogue describes both ends of the chains of a product: what they start
// from, and what is done with the results while they are in the cache. The
// zero value starts from +0 and stores. Matrices have the shape of the
// product; those without data are absent.
type Epilogue struct {
	Kind EpilogueKind

	// Accumulate starts the chains from the old values of C. Only with Store.
	Accumulate bool
	// Bias starts the chain of column j from Bias[j]. Not with Accumulate.
	Bias []float32
	// Scale multiplies the end of a chain (Store only); 0 counts as 1.
	Scale float32

	Act        Activation // Activate, PredictionError
	Slope      Matrix     // Activate: out, f'(z)
	Coeff      float32    // PredictionError: precision x node weight
	Latent     Matrix     // PredictionError: in, h. LatentUpdate: in and out, h
	ErrorSlope Matrix     // PredictionError: out, e f'(z)

	Error    Matrix  // LatentUpdate: in, the weighted error of the latents' own node
	Prior    Matrix  // LatentUpdate: in, the sum of the feedback of earlier children
	Velocity Matrix  // LatentUpdate: in and out, v
	Start    Matrix  // LatentUpdate: in, latents that have not moved, or absent
	Rate     float32 // LatentUpdate: eta
	Momentum float32 // LatentUpdate: m
	Nesterov bool    // LatentUpdate
}
