package kernels

import "fmt"

// Activation names an element-wise function f and its slope f'.
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
