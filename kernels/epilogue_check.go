package kernels

import "math"

var (
	argSlope      = messagesFor("epilogue.Slope")
	argLatent     = messagesFor("epilogue.Latent")
	argErrorSlope = messagesFor("epilogue.ErrorSlope")
	argError      = messagesFor("epilogue.Error")
	argPrior      = messagesFor("epilogue.Prior")
	argVelocity   = messagesFor("epilogue.Velocity")
	argStart      = messagesFor("epilogue.Start")
)

const (
	badKind       = "kernels: epilogue.Kind: unknown kind"
	badEpilogue   = "kernels: epilogue.Act: unknown activation"
	badAccumulate = "kernels: epilogue.Accumulate: only with Store and without Bias"
	badBias       = "kernels: epilogue.Bias: shorter than the columns"
	badScale      = "kernels: epilogue.Scale: only with Store"
	biasOverlap   = "kernels: epilogue.Bias: overlaps an output"
	noLatent      = "kernels: epilogue.Latent: no data"
)

// check panics unless e fits a product of m x n whose result is c. A matrix
// without data is absent. Outputs may not meet c; of the others, an output may
// be exactly an input.
func (e *Epilogue) check(c *Matrix, m, n int) {
	if e.Accumulate && (e.Kind != Store || e.Bias != nil) {
		panic(badAccumulate)
	}
	if e.Bias != nil && len(e.Bias) < n {
		panic(badBias)
	}
	if e.Kind != Store && math.Float32bits(e.Scale) != 0 {
		panic(badScale)
	}
	if int(e.Act) >= len(activationNames) {
		panic(badEpilogue)
	}
	switch e.Kind {
	case Store:
		e.checkBias(c)
	case Activate:
		e.checkBias(c)
		e.checkOutput(&e.Slope, c, m, n, &argSlope)
	case PredictionError:
		e.checkBias(c)
		e.checkPresent(&e.Latent, m, n, &argLatent)
		e.Latent.checkApart(c, &argLatent)
		e.checkOutput(&e.ErrorSlope, c, m, n, &argErrorSlope)
		e.ErrorSlope.checkOverlay(&e.Latent, &argErrorSlope)
	case LatentUpdate:
		e.checkPresent(&e.Latent, m, n, &argLatent)
		e.checkBias(&e.Latent)
		e.checkInput(&e.Error, m, n, &argError)
		e.checkInput(&e.Prior, m, n, &argPrior)
		e.checkInput(&e.Start, m, n, &argStart)
		e.checkVelocity(m, n)
	default:
		panic(badKind)
	}
}

// checkPresent is for the matrix that a kind cannot do without.
func (e *Epilogue) checkPresent(x *Matrix, m, n int, msg *messages) {
	if x.absent() && m > 0 && n > 0 {
		panic(noLatent)
	}
	x.checkShape(m, n, msg)
}

// checkOutput is for the optional second output beside c.
func (e *Epilogue) checkOutput(x, c *Matrix, m, n int, msg *messages) {
	if x.absent() {
		return
	}
	x.checkShape(m, n, msg)
	x.checkApart(c, msg)
	e.checkBias(x)
}

// checkInput is for the optional inputs of LatentUpdate.
func (e *Epilogue) checkInput(x *Matrix, m, n int, msg *messages) {
	if x.absent() {
		return
	}
	x.checkShape(m, n, msg)
	e.Latent.checkOverlay(x, &argLatent)
}

func (e *Epilogue) checkVelocity(m, n int) {
	v := &e.Velocity
	if v.absent() {
		return
	}
	v.checkShape(m, n, &argVelocity)
	v.checkApart(&e.Latent, &argVelocity)
	v.checkOverlay(&e.Error, &argVelocity)
	v.checkOverlay(&e.Prior, &argVelocity)
	v.checkOverlay(&e.Start, &argVelocity)
	e.checkBias(v)
}

// checkBias panics if the bias, which later blocks still read, lies in an
// output.
func (e *Epilogue) checkBias(out *Matrix) {
	if e.Bias != nil {
		if meet, _ := overlaps(e.Bias, out.used()); meet {
			panic(biasOverlap)
		}
	}
}
