// Package pcn trains predictive coding networks in float32.
//
// # The model
//
// A [Network] is a list of nodes. Node i holds a latent h_i; its prediction is
//
//	u_i = f_i(sum of the latents of its sources)
//
// where f_i is a short chain of ops (dense layers, convolutions, activations,
// batch normalisation, pools), and its error is e_i = h_i - u_i. The
// input x is clamped and is no node; the last node is the output, clamped to
// the target while training. A node has a level, 0 to N-1, which selects its
// row of the precision schedule, and a constant weight w_i.
//
// # One batch
//
//  1. Forward initialisation: h_i = u_i in the order of the nodes.
//  2. Relaxation, T steps: every latent but the output's descends the energy
//     sum p_i(t) w_i 1/2 ||e_i||^2, all at once, along
//     g_i = p_i(t) w_i e_i - sum over children j of p_j(t) w_j J_j^T e_j, where
//     J_j is the Jacobian of f_j. Only levels the error has reached take part
//     (the wavefront).
//  3. Weight update: the gradient of the energy with respect to the weights,
//     divided by the batch size, goes through an optimiser. Incremental
//     networks do this after every step of the relaxation instead.
//
// A [Trainer] does all of it, on the kernels of package kernels and with the
// same bits for any number of workers and on every instruction tier:
//
//	net, err := models.Parse("mlp:784-128-128-10", kernels.GELU)
//	trainer, err := pcn.NewTrainer(net, pcn.DefaultConfig())
//	defer trainer.Close()
//	stats := trainer.Step(&pcn.Batch{X: x, Labels: labels})
//
// [Fit] runs whole epochs over a set of package data, and the settings are
// explained at [Config].
//
// # Goroutines
//
// A [Trainer] serves one goroutine at a time, whatever its workers do, and so
// does a [Workspace]. A [Predictor] serves any number of goroutines at the same
// time. Networks, sets of package data and handles of package kernels are only
// read and may be shared by trainers and predictors alike; what a trainer returns,
// but for its [Network], is a copy. Callbacks of [Fit] run in the goroutine that
// called it; [Samples] are asked by all workers at the same time. Workers are the
// only goroutines that this package starts: [NewTrainer] does and [Trainer.Close]
// ends them.
//
// # Memory
//
// [NewTrainer] allocates all that training takes ([Trainer.Memory] says how much),
// and [Predictor.NewWorkspace] all that predicting takes: [Trainer.Step],
// [Predictor.Predict] and [Predictor.Probabilities] allocate nothing. What returns copies ([Trainer.Parameters], [Trainer.Snapshot] and their like) allocates
// these, [Fit] a snapshot at intervals to return to if training diverges, and
// [Trainer.WatchTrace] its records, once.
//
// # Same bits
//
// What a trainer computes is a pure function of network, settings and data: the same
// bits on every machine and instruction tier and for any number of workers, within
// one version of this module. Another version may compute other bits; docs/compatibility.md
// in the repository says which releases may, and how they say so. A [Schedule] and
// [Samples] of one's own are part of the promise if they compute alike everywhere:
// with + - * /, math.Sqrt and a conversion, float32(x*y), wherever a product enters
// a sum.
//
// # Where to find what
//
// The network: network.go, node.go, op.go, shape.go, builder.go. Its
// parameters: initial.go, parameters.go, tensor.go. The settings: config.go,
// presets.go, precision.go, rate.go, optimizer.go. What is known before
// training: plan.go (which node does what at which step), factor.go and
// warnings.go (what the settings do to each level's signal), work.go. What a node
// does: stage.go, layer.go, normalise.go and deltas.go. Training:
// trainer.go and job.go for the phases of a batch, lane.go and the files it
// names for what a worker does with its rows, update.go and top.go for the
// weights, fit.go and progress.go for epochs, snapshot.go for what a trainer
// remembers, diverged.go for runs that end badly. What is measured: evaluate.go,
// confusion.go, energy.go, trace.go (each step of a relaxation, level by level),
// tracewarnings.go and gradients.go. Trained networks: predictor.go.
package pcn
