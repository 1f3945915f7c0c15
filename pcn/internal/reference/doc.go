// Package reference is a naive float64 implementation of predictive coding
// networks, written to be read next to the equations and to be believed.
//
// It exists to judge faster programs: tests and audits run the same case here
// and compare. So nothing is fused, hoisted or reused; every prediction is
// evaluated where the algorithm mentions it, every tensor is fresh, and a
// name in the code is a term of the field.
//
// # The model
//
// Node i of a [Network] holds a latent h_i. Its prediction is
//
//	u_i = f_i(sum of h_j over its sources j)
//
// where f_i is a short chain of ops, and its energy measures how far the two
// are apart:
//
//	E_i = 1/2 ||h_i - u_i||^2            squared error
//	E_i = - sum h_i log_softmax(u_i)     cross-entropy, output node only
//
// Energies are summed over units and over the batch, never averaged. A node
// has a level, which selects its row of the precision schedule, and a constant
// weight.
//
// # One batch
//
//  1. Forward initialisation: h_i = u_i; the output is clamped (forward.go,
//     nudging.go).
//  2. Relaxation: T simultaneous gradient steps of the latents on the
//     precision-weighted energy (relaxation.go, precision.go).
//  3. Weight update: the gradient of the energy with respect to the parameters
//     goes through an optimiser (update.go, optimizer.go, schedule.go), either
//     once at the end or, incrementally, after every step.
//
// Steps 2 and 3 take their derivatives from one function, in gradient.go; the
// backpropagation baseline is in backprop.go. [Trainer.TrainBatch] does all of
// it and returns a [BatchTrace] with every intermediate quantity.
//
// Images are [batch, channel, height, width], dense weights [out, in],
// convolution weights [out, in, kh, kw].
package reference
