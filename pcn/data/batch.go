package data

// A Batch is some images of a set, in the order listed, each with the random
// changes of its epoch: part of an epoch's Order, for instance. Batch and Set
// both are what pcn trains and evaluates on (pcn.Samples). Filling from several
// goroutines is safe, and a batch allocates nothing.
type Batch struct {
	// Set is where the images are.
	Set *Set

	// Places numbers the images of the batch in the set.
	Places []int32

	// Augment changes images as they are filled; its zero value does not.
	Augment Augment

	// Seed and Epoch say which random changes: see Augment.Fill.
	Seed  uint64
	Epoch int
}

// Len returns the number of images in the batch.
func (b *Batch) Len() int { return len(b.Places) }

// Label returns the class of image i of the batch.
func (b *Batch) Label(i int) int { return b.Set.Label(int(b.Places[i])) }

// Fill writes the normalised values of image i of the batch to dst, which holds
// at least Set.Features() values, in the order height, width, channels.
func (b *Batch) Fill(dst []float32, i int) {
	place := int(b.Places[i])
	if b.Augment == (Augment{}) {
		b.Set.Fill(dst, place)
		return
	}
	b.Augment.Fill(dst, b.Set, b.Seed, b.Epoch, place)
}
