package kernels

// The maximum and minimum of the vector instructions: of two equal values
// (+0 and -0 too) and where an operand is NaN the second operand results. The
// built-in max and min differ.

func maxOf(a, b float32) float32 {
	if a > b {
		return a
	}
	return b
}

func minOf(a, b float32) float32 {
	if a < b {
		return a
	}
	return b
}
