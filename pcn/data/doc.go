// Package data holds the labelled image sets that networks are trained on, and
// decides the order and the random changes in which a run sees them.
//
// A Set keeps images as bytes in the order height, width, channels (NHWC) and
// normalises them on the way out. Glyphs makes the built-in set; OpenMNIST,
// OpenFashionMNIST, OpenCIFAR10, OpenCIFAR100 and OpenTinyImageNet read the
// published files; Empty and Add make a set of pictures of one's own. Order
// shuffles an epoch, Augment flips and crops, and a Batch is what they make of a
// few places of the order.
//
// Everything but the scaling of pictures and the decoding of JPEG files is a pure
// function of its arguments, the same bits on every machine: random numbers are
// integers drawn from a stream of their own for each (seed, epoch) or (seed, epoch,
// image), so neither the number of workers nor the order in which they ask changes
// what they get. A release that changes them says so (docs/compatibility.md in the
// repository).
//
// Any number of goroutines may read a Set, which nobody may add to meanwhile, and
// fill from a Batch. Fill, Label and Order allocate nothing; no function leaves a
// goroutine behind.
package data
