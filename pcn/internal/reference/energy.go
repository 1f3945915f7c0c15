package reference

import "math"

// An Energy says how a node measures the distance of its latent h from its
// prediction u, summed over units and batch.
type Energy string

const (
	// SquaredError is E = 1/2 ||h - u||^2.
	SquaredError Energy = "se"

	// CrossEntropy is E = - sum h log_softmax(u), for an output node.
	CrossEntropy Energy = "ce"
)

// value returns E(h, u).
func (e Energy) value(h, u *Tensor) float64 {
	sum := 0.0
	if e == CrossEntropy {
		logp := logSoftmax(u)
		for k := range h.Data {
			sum -= h.Data[k] * logp.Data[k]
		}
		return sum
	}
	for k := range h.Data {
		d := h.Data[k] - u.Data[k]
		sum += 0.5 * d * d
	}
	return sum
}

// error returns -dE/du: h - u for the squared error, and
// h - softmax(u) sum(h), the sum taken per sample, for the cross-entropy.
func (e Energy) error(h, u *Tensor) *Tensor {
	err := h.Clone()
	if e == SquaredError {
		err.add(-1, u)
		return err
	}
	logp := logSoftmax(u)
	classes := u.Shape[1]
	for n := range u.Shape[0] {
		row := h.Data[n*classes : (n+1)*classes]
		mass := 0.0
		for _, v := range row {
			mass += v
		}
		for c, v := range row {
			k := n*classes + c
			err.Data[k] = v - math.Exp(logp.Data[k])*mass
		}
	}
	return err
}

// logSoftmax returns u - log sum exp(u) of every row, shifted by the row's
// maximum so that no exponential overflows.
func logSoftmax(u *Tensor) *Tensor {
	r := zerosLike(u)
	classes := u.Shape[1]
	for n := range u.Shape[0] {
		row := u.Data[n*classes : (n+1)*classes]
		top := math.Inf(-1)
		for _, v := range row {
			top = max(top, v)
		}
		sum := 0.0
		for _, v := range row {
			sum += math.Exp(v - top)
		}
		for c, v := range row {
			r.Data[n*classes+c] = v - top - math.Log(sum)
		}
	}
	return r
}
