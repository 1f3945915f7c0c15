package pcn

import "github.com/gopcn/gopcn/pcn/internal/reference"

// Twin is package twin, which imports this one, so that only tests outside the
// package can put it in.
var Twin struct {
	Trainer func(*Trainer) (*reference.Trainer, error)
	Batch   func(Samples, *Network) (x, y *reference.Tensor)
}
