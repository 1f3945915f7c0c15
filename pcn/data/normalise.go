package data

// Normalise returns the table of a channel whose pixels, scaled to [0, 1], are
// shifted by mean and divided by std: entry p is (p/255 - mean) / std, computed
// in float64 and rounded once to float32. It has no product that a compiler
// might fuse with a sum, so the entries are the same bits everywhere.
// MNIST-like sets take mean 0.5 and std 0.5, which maps 0 to -1 and 255 to 1.
func Normalise(mean, std float64) [256]float32 {
	var table [256]float32
	for p := range table {
		scaled := float64(p) / 255
		shifted := float64(scaled - mean)
		table[p] = float32(shifted / std)
	}
	return table
}
