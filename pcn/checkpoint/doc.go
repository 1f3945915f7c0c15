// Package checkpoint keeps trainers of package pcn in files that survive: a
// [Checkpoint] has all that a run needs to go on to the same bits, and weights
// alone go to other programs ([SaveWeights], [SaveNPZ]) and come from them
// ([LoadWeights]).
//
//	err := checkpoint.Capture(trainer, progress).Save("run/checkpoint.safetensors")
//
//	c, err := checkpoint.Load("run/checkpoint.safetensors")
//	err = c.Restore(trainer)
//	history, err := pcn.Fit(ctx, trainer, train, pcn.FitOptions{Epochs: 25, Start: c.Progress})
//
// # Files
//
// Files are in the safetensors format, which the Python package of that name
// reads. Parameters have the names and layouts that PyTorch gives them, after
// the node whose they are:
//
//	n0.weight, n0.bias            dense [out, in], convolution [out, in, height, width]
//	n0.norm.weight, n0.norm.bias  batch normalisation: gamma and beta
//	n0.norm.running_mean, n0.norm.running_var
//
// A node with several layers or norms numbers them, n0.0.weight, n0.1.weight.
// The optimiser's moments follow in a checkpoint, laid out alike:
// optimizer.exp_avg.n0.weight and optimizer.exp_avg_sq.n0.weight, or with SGD
// optimizer.momentum_buffer.n0.weight. The rest is metadata: "gopcn" says what
// the file is, "gopcn.sha256" is a checksum of all else, "gopcn.network"
// describes the network, "gopcn.state" counts steps and progress.
//
// # What can go wrong
//
// [WriteFile] puts a file in place whole or not at all, whatever interrupts it.
// A damaged file gives [ErrDamaged], one of another network or optimiser
// [ErrMismatch], and either leaves the trainer as it is.
//
// A version of this module reads the files of all earlier ones, and refuses those of
// later formats.
//
// # Goroutines
//
// [Capture] reads a trainer, which serves one goroutine at a time, and copies all it
// keeps: another goroutine may save the checkpoint while training goes on. Of two
// calls of WriteFile for one path at the same time, one's file is there in the end.
package checkpoint
