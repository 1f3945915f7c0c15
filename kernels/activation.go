package kernels

import "fmt"

// Activation names an element-wise function f and its slope f'.
//
// Over all float32 arguments, tanh, sigmoid and silu are within 2 units in the
// last place (silu below -87: within 1e-36), gelu and gelu_erf within 4e-7
// max(1, |x|), and all slopes within 5e-7.
//
// Corner values: NaN gives NaN, except for the slopes of relu, leaky_relu and
// hard_tanh, which are 0, 0.01 and 0 there. -0 gives -0, except for sigmoid. At
// the infinities functions and slopes have their limits, except that silu and
// the gelu functions, which would be 0 times infinity at -Inf, keep the values
// that they have reached there, less than 1e-35 from 0.
type Activation uint8

const (
	Identity  Activation = iota // x
	ReLU                        // max(x, 0), slope 0 at 0
	LeakyReLU                   // x for x >= 0, 0.01 x below; slope 1 at 0
	Tanh                        // tanh x
	Sigmoid                     // 1 / (1 + exp(-x))
	GELU                        // x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
	GELUErf                     // x/2 (1 + erf(x/sqrt 2))
	SiLU                        // x sigmoid(x)
	HardTanh                    // min(max(x, -1), 1), slope 1 at -1 and 1
)

var activationNames = [...]string{
	Identity: "identity", ReLU: "relu", LeakyReLU: "leaky_relu", Tanh: "tanh", Sigmoid: "sigmoid",
	GELU: "gelu", GELUErf: "gelu_erf", SiLU: "silu", HardTanh: "hard_tanh",
}

// Activations lists all activations.
func Activations() []Activation {
	list := make([]Activation, len(activationNames))
	for i := range list {
		list[i] = Activation(i)
	}
	return list
}

// String returns the name that [ParseActivation] understands.
func (a Activation) String() string {
	if int(a) < len(activationNames) {
		return activationNames[a]
	}
	return fmt.Sprintf("Activation(%d)", uint8(a))
}

// ParseActivation is the inverse of [Activation.String].
func ParseActivation(s string) (Activation, error) {
	for i, name := range activationNames {
		if s == name {
			return Activation(i), nil
		}
	}
	return Identity, fmt.Errorf("kernels: unknown activation %q: use one of %v", s, activationNames)
}
